"""What moves the version: pages, and the records that pages show. Nothing else listens for that.

What is written without a signal (``QuerySet.update()``, ``bulk_create()``) is followed by :func:`fiches.publications.version.touch`
where it is written.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Site,
)
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from fiches.ecriture import rewritten
from fiches.models import Commune, Critere, Dimension, Edition, MotCle, Partenaire, Synonyme
from fiches.publications.version import touch
from fiches.recherche.page import ONLY_DRAFTS, saved
from fiches.retrait import gone

_MEDIA = (get_image_model(), get_document_model())
# Records that pages name or show. Rooms add theirs by :func:`shown_by_pages`.
SHOWN: set[type] = {Commune, Critere, Dimension, Edition, MotCle, Partenaire, Synonyme, Locale, Site, *_MEDIA}
# Of these, what is new stands on no page yet: the page that will show it moves the version.
NEW_IS_UNSEEN: set[type] = {Commune, Edition, MotCle, *_MEDIA}
RESTRICTIONS = (PageViewRestriction, CollectionViewRestriction)


def shown_by_pages(*models: type) -> None:
    """Called from ``AppConfig.ready()``: saving or deleting a record of these changes what the public may see."""
    SHOWN.update(models)


@receiver(post_save)
@receiver(post_delete)
def _record_written(
    sender: Any, instance: Any, created: bool = False, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    if raw:
        return
    if issubclass(sender, Page):
        _page_written(instance, update_fields, is_deleted="signal" in kwargs and kwargs["signal"] is post_delete)
    elif sender in RESTRICTIONS:
        touch(gone=True)
    elif sender in SHOWN and not (created and sender in NEW_IS_UNSEEN):
        touch()


def _page_written(page: Page, update_fields: Any, *, is_deleted: bool) -> None:
    """A draft concerns nobody. One that is not live may have been until now."""
    if is_deleted:
        touch(gone=True)
    elif not (update_fields and set(update_fields) <= ONLY_DRAFTS):
        touch(gone=not page.live)


@receiver([page_published, saved])
def _page_published(sender: Any, **kwargs: Any) -> None:
    touch()


@receiver([page_unpublished, post_page_move, page_slug_changed])
def _page_gone_from_its_address(sender: Any, **kwargs: Any) -> None:
    touch(gone=True)


@receiver([rewritten, gone])
def _many_rewritten_or_gone(sender: Any, **kwargs: Any) -> None:
    touch(gone=True)
