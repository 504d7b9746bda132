"""The translations and aliases of a fiche, and what a translation takes over."""

from django.db.models import Q, QuerySet
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import copy_for_translation_done

from fiches.models import FichePage


@receiver(copy_for_translation_done)
def complete_translation(sender: object, source_obj: Page, target_obj: Page, **kwargs: object) -> None:
    """Receiver: gives a translation what ``kept_in_translations`` of its class names, which other copies don't get."""
    source, target = source_obj.specific, target_obj.specific
    names = getattr(source, "kept_in_translations", ())
    if not names or target.alias_of_id:
        return
    if not source.live:
        source = source.get_latest_revision_as_object()
    for page in (target_obj, target):
        for name in names:
            setattr(page, name, getattr(source, name))
    target.save(clean=False)
    target.save_revision(changed=False, clean=False)


def copies_of(page: FichePage) -> QuerySet:
    """The translations and aliases of a fiche, and the aliases of its translations."""
    same = FichePage.objects.filter(translation_key=page.translation_key)
    return FichePage.objects.filter(Q(pk__in=same) | Q(alias_of__in=same)).exclude(pk=page.pk).order_by("pk")
