"""Copies dates, place and registration settings to an étape's translations when the original is published."""

from typing import Any

from wagtail.signals import page_published

from etapes.models import EtapePage
from fiches import content_language

WHEN = ("date", "debut", "fin", "moment", "statut", "ancienne_date", "commence_le", "termine_le")
PLACE = ("adresse", "code_postal", "commune", "departement", "point", "sans_localisation", "precision")
DESK = ("inscriptions", "inscriptions_jusqu_au", "capacite", "conservation", "participants")
FACTS = (*WHEN, *PLACE, "latitude", "longitude", *DESK)


def connect() -> None:
    page_published.connect(_published, sender=EtapePage, dispatch_uid="etapes_translations_follow")


def _published(sender: type, instance: EtapePage, **kwargs: Any) -> None:
    if (
        instance.live  # Wagtail also sends this signal when a publication is scheduled
        and content_language.is_multilingual()
        and content_language.language_of(instance) == content_language.default_language()
    ):
        for copy in EtapePage.objects.filter(translation_key=instance.translation_key).exclude(pk=instance.pk):
            copy_facts(copy, instance)


def translation_in(code: str, etape: EtapePage) -> EtapePage:
    """The étape's visible translation in the language ``code``, or ``etape`` itself if there is none."""
    if not content_language.is_multilingual() or content_language.language_of(etape) == code:
        return etape
    pages = EtapePage.objects.visible().in_language(code).with_places().select_related("commune")
    return pages.filter(translation_key=etape.translation_key).first() or etape


def copy_facts(copy: EtapePage, original: EtapePage) -> bool:
    """Copies the original's ``FACTS`` to a translation: to the page, and to its latest revision, so that publishing a
    draft does not restore the old values.

    :returns: whether something changed.
    """
    changed = {name for name in FACTS if getattr(copy, name) != getattr(original, name)}
    if not changed:
        return False
    # The place's name may be translated: it is only copied when the étape moves to another address.
    names = [*FACTS, "lieu"] if changed & set(PLACE) else [*FACTS]
    for name in names:
        setattr(copy, name, getattr(original, name))
    copy.last_published_at = original.last_published_at  # iCalendar's SEQUENCE depends on it
    copy.save(update_fields=[*names, "last_published_at"], clean=False)
    revision = copy.latest_revision
    if revision:
        data = copy.serializable_data()
        revision.content = {**revision.content, **{name: data[name] for name in names}}
        revision.save(update_fields=["content"])
    return True
