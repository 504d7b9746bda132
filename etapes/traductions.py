"""An étape and its translations are one meeting: when the original is published, they follow it in all that isn't words."""

from wagtail.signals import page_published

from etapes.models import EtapePage
from fiches import langues

WHEN = ("date", "debut", "fin", "moment", "statut", "ancienne_date", "commence_le", "termine_le")
PLACE = ("adresse", "code_postal", "commune", "departement", "point", "sans_localisation", "precision")
DESK = ("inscriptions", "inscriptions_jusqu_au", "capacite", "conservation", "participants")
FACTS = (*WHEN, *PLACE, "latitude", "longitude", *DESK)


def connect():
    page_published.connect(_published, sender=EtapePage, dispatch_uid="etapes_translations_follow")


def _published(sender, instance, **kwargs):
    if langues.is_multilingual() and langues.language_of(instance) == langues.default_language():
        for copy in EtapePage.objects.filter(translation_key=instance.translation_key).exclude(pk=instance.pk):
            follow(copy, instance)


def told_in(code, etape):
    """The étape's page in this language where the public may read it, else ``etape`` itself."""
    if not langues.is_multilingual() or langues.language_of(etape) == code:
        return etape
    pages = EtapePage.objects.visible().in_language(code).with_places().select_related("commune")
    return pages.filter(translation_key=etape.translation_key).first() or etape


def follow(copy, original):
    """Writes the original's facts on a translation: on the page, and in its latest revision, so that a draft doesn't
    bring the old ones back.

    :returns: whether something changed.
    """
    changed = {name for name in FACTS if getattr(copy, name) != getattr(original, name)}
    if not changed:
        return False
    # The hall's name may be translated: it follows where the étape goes to another address.
    names = [*FACTS, "lieu"] if changed & set(PLACE) else [*FACTS]
    for name in names:
        setattr(copy, name, getattr(original, name))
    copy.last_published_at = original.last_published_at  # calendars take a change from a number that grows with it
    copy.save(update_fields=[*names, "last_published_at"], clean=False)
    revision = copy.latest_revision
    if revision:
        told = copy.serializable_data()
        revision.content = {**revision.content, **{name: told[name] for name in names}}
        revision.save(update_fields=["content"])
    return True
