"""Copies of a fiche: what a translation takes over, and which fiches were copied from another."""

from django.db.models import Q, QuerySet
from wagtail.models import Page, Revision, get_default_page_content_type
from wagtail.signals import copy_for_translation_done

from fiches.models import FichePage


def connect() -> None:
    """Connects the receiver. Called once, when Django starts."""
    copy_for_translation_done.connect(complete_translation, dispatch_uid="rallynov_complete_translation")


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
    """The other fiches with the same content: translations, aliases, and copies (of copies too) of the same organisation.

    Wagtail doesn't store which page a copy was made from: two fiches count as copies if a revision of each has the same
    introduction.
    """
    same = Q(translation_key=page.translation_key) | Q(alias_of=page.pk) | Q(pk__in=_sharing_an_introduction(page))
    keys = FichePage.objects.filter(same).order_by().values("translation_key")
    return FichePage.objects.filter(Q(translation_key__in=keys) | same).exclude(pk=page.pk).order_by("pk")


def _sharing_an_introduction(page: FichePage) -> set[int]:
    """The keys of the fiches of the same organisation that had, in some revision, an introduction of ``page``, or of another
    fiche in the result."""
    chapos: dict[int, set[str]] = {}
    for pk, chapo in FichePage.objects.filter(organisation=page.organisation).values_list("pk", "chapo"):
        chapos[pk] = {chapo}
    revisions = Revision.objects.filter(
        base_content_type=get_default_page_content_type(), object_id__in=[str(pk) for pk in chapos]
    )
    for pk, chapo in revisions.values_list("object_id", "content__chapo"):
        chapos[int(pk)].add(chapo or "")
    known = {page.chapo} | chapos.pop(page.pk, set())
    copies: set[int] = set()
    while more := {pk for pk, texts in chapos.items() if pk not in copies and (texts & known) - {""}}:
        copies |= more
        known |= {chapo for pk in more for chapo in chapos[pk]}
    return copies
