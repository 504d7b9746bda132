"""An étape and its translations are one meeting: when the original is published, they follow it in all that isn't words."""

from wagtail.signals import page_published

from etapes.models import EtapePage
from fiches import langues

WHEN = ("date", "debut", "fin", "moment", "statut", "ancienne_date", "commence_le", "termine_le")
DESK = ("inscriptions", "inscriptions_jusqu_au", "capacite", "conservation", "participants")
FACTS = (*WHEN, *DESK)


def connect():
    page_published.connect(_published, sender=EtapePage, dispatch_uid="etapes_translations_follow")


def _published(sender, instance, **kwargs):
    if langues.several() and langues.language_of(instance) == langues.own():
        for copy in EtapePage.objects.filter(translation_key=instance.translation_key).exclude(pk=instance.pk):
            follow(copy, instance)


def follow(copy, original):
    """Writes the original's facts on a translation: on the page, and in its latest revision, so that a draft doesn't
    bring the old ones back.

    :returns: whether something changed.
    """
    if all(getattr(copy, name) == getattr(original, name) for name in FACTS):
        return False
    for name in FACTS:
        setattr(copy, name, getattr(original, name))
    copy.save(update_fields=FACTS, clean=False)
    revision = copy.latest_revision
    if revision:
        told = copy.serializable_data()
        revision.content = {**revision.content, **{name: told[name] for name in FACTS}}
        revision.save(update_fields=["content"])
    return True
