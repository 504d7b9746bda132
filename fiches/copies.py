"""What a copy of a fiche takes from it, and which fiches were made from another."""

from django.db.models import Q, QuerySet
from wagtail.models import Page
from wagtail.signals import copy_for_translation_done

from fiches.models import FichePage


def connect() -> None:
    """Called once, when Django starts."""
    copy_for_translation_done.connect(complete_translation, dispatch_uid="rallynov_complete_translation")


def complete_translation(sender, source_obj: Page, target_obj: Page, **kwargs) -> None:
    """Receiver: a translation is the same fiche, and has the contact and the pictures of its original."""
    source, target = source_obj.specific, target_obj.specific
    if not isinstance(source, FichePage) or target.alias_of_id:
        return
    if not source.live:
        source = source.get_latest_revision_as_object()
    for page in (target_obj, target):
        for name in FichePage.exclude_fields_in_copy:
            setattr(page, name, getattr(source, name))
    target.save(clean=False)
    target.save_revision(changed=False, clean=False)


def made_from(page: FichePage) -> QuerySet:
    """The other fiches that tell the same: its translations, its aliases, and the copies that kept its organisation and its
    introduction. Wagtail doesn't note which page a copy was made from."""
    same = Q(translation_key=page.translation_key) | Q(alias_of=page.pk)
    if page.chapo:
        same |= Q(organisation=page.organisation, chapo=page.chapo)
    keys = FichePage.objects.filter(same).order_by().values("translation_key")
    return FichePage.objects.filter(Q(translation_key__in=keys) | same).exclude(pk=page.pk).order_by("pk")
