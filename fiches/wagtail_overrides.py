"""Methods of Wagtail's classes that this product replaces, because no hook, signal, setting or subclass can.

All other changes use Wagtail's extension points. `tests/test_wagtail_overrides.py` fails when a name of a library is replaced
elsewhere, or when Wagtail changes a method that is replaced here: then read the new source, adapt, and write the new digest.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import COMMENTS_RELATION_NAME, Collection, Comment, Page, Revision

from fiches.models.querysets import lock_row
from fiches.models.revisions import stored_form
from fiches.moderation.decision import obstacles
from fiches.moderation.inverse_acts import note_withdrawn_revision
from fiches.publications import receivers

logger = logging.getLogger(__name__)

# The log action of publications made by the scheduler.
SCHEDULED = "wagtail.publish.scheduled"


class Override(NamedTuple):
    """A method of Wagtail's to replace.

    :param make: takes the original and returns the replacement.
    :param digest: the first 12 hexadecimal digits of the SHA-256 of the original's source for which the replacement was written.
    :param reason: why no extension point of Wagtail's can be used.
    :param promise: path and name of the test of the new behaviour.
    """

    holder: type
    name: str
    make: Callable[[Any], Any]
    digest: str
    reason: str
    promise: str

    def __str__(self) -> str:
        return f"{self.holder.__name__}.{self.name}"


def publish_as_stored(execute: Callable) -> Callable:
    """Publishes in one transaction, with the page's row locked (`fiches.models.querysets.lock_row`) so that other writers
    wait, and with the revision as the database holds it. A scheduled publication to which there are obstacles
    (`fiches.moderation.decision.obstacles`) is cancelled.

    :raises Revision.DoesNotExist: the page was deleted meanwhile.
    """

    @transaction.atomic
    @wraps(execute)
    def execute_in_turn(self: Any, *args: Any, **kwargs: Any) -> Any:
        lock_row(self.object.pk)
        read = self.revision.content
        self.revision.refresh_from_db(fields=["content"])
        now = _stored(self.object.pk)
        if stored_form(read) != self.revision.content or now is None or not _is_as_read(self.object, now):
            self.object = self.revision.as_object()
        if self.log_action == SCHEDULED and obstacles(self.object):
            Revision.objects.filter(pk=self.revision.pk).update(approved_go_live_at=None)
            logger.warning("scheduled_publication_refused", extra={"page": self.object.pk})
            return None
        return execute(self, *args, **kwargs)

    return execute_in_turn


# Columns of a page that ``Revision.as_object`` takes from the database, not from the revision's content.
_OF_THE_PAGE = """
path depth numchild draft_title live has_unpublished_changes owner_id locked locked_by_id locked_at latest_revision_id
latest_revision_created_at translation_key locale_id alias_of_id
"""
OF_THE_PAGE = _OF_THE_PAGE.split()


def _stored(pk: int) -> dict[str, Any] | None:
    """The columns ``OF_THE_PAGE`` as the database holds them, and ``is_commented``: whether a comment is unresolved."""
    comments = Comment.objects.filter(page=OuterRef("pk"), resolved_at=None)
    pages = Page.objects.order_by().filter(pk=pk).annotate(is_commented=Exists(comments))
    return pages.values(*OF_THE_PAGE, "slug", "url_path", "live_revision_id", "is_commented").first()


def _is_as_read(page: Page, stored: dict[str, Any]) -> bool:
    """Whether ``page``, made of a revision before the row was locked, still agrees with the database."""
    if stored["is_commented"] or getattr(page, COMMENTS_RELATION_NAME).all():
        return False
    same_parent = page.url_path.removesuffix(f"{page.slug}/") == stored["url_path"].removesuffix(f"{stored['slug']}/")
    return same_parent and all(getattr(page, name) == stored[name] for name in OF_THE_PAGE)


def unpublish_as_stored(execute: Callable) -> Callable:
    """Unpublishes in one transaction, with the page's row locked and the page reloaded in its specific class: Wagtail's bulk
    action passes a plain ``Page``, for which the receivers of the specific class would not be called. A page that is being
    deleted (``commit`` is false) is not reloaded. The log says which revision was online, so that it can be put back
    (`fiches.moderation.inverse_acts`). Does nothing for a page that was deleted meanwhile."""

    @transaction.atomic
    @wraps(execute)
    def execute_on_specific(self: Any, *args: Any, **kwargs: Any) -> Any:
        given = self.object
        if not lock_row(given.pk):
            return None
        self.object = Page.objects.get(pk=given.pk).specific if self.commit else given.specific
        is_decided = self.log_action is True  # neither expired nor asked by its company, which name the action
        online = self.object.live_revision_id if self.object.live and is_decided else None
        result = execute(self, *args, **kwargs)
        if online:
            note_withdrawn_revision(self.object, online)
        given.live, given.has_unpublished_changes = self.object.live, self.object.has_unpublished_changes
        return result

    return execute_on_specific


def index_moved_collection(move: Callable) -> Callable:
    """Moves a collection, and indexes the documents that pages link to again: its new place may be restricted."""

    @transaction.atomic
    @wraps(move)
    def move_and_index(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = move(self, *args, **kwargs)
        receivers.collection_moved()
        return result

    return move_and_index


OVERRIDES = [
    Override(
        PublishPageRevisionAction,
        "execute",
        publish_as_stored,
        digest="cd87b11b1916",
        reason="Wagtail writes the page, its log and its signals one by one, from what its caller had read. The edit form and "
        "the admin's API make this action themselves: neither Page.publish nor action_registry is asked.",
        promise="tests/fiches/test_publication.py::test_a_fiche_that_could_not_be_published_stays_a_draft",
    ),
    Override(
        UnpublishPageAction,
        "execute",
        unpublish_as_stored,
        digest="fb18f284468c",
        reason="As above; and the scheduler and the bulk action make this action of plain pages.",
        promise="tests/fiches/test_publication.py::test_a_fiche_that_could_not_be_taken_offline_is_online_and_found",
    ),
    Override(
        Collection,
        "move",
        index_moved_collection,
        digest="3808f525d201",
        reason="The edit view moves a collection after it is saved, and the tree sends no signal.",
        promise="tests/fiches/test_recherche_pieces.py"
        "::test_documents_moved_below_a_restricted_collection_are_found_no_more",
    ),
]

ORIGINALS: dict[str, Any] = {}


def install() -> None:
    """Installs the overrides. Called once, when Django starts."""
    for override in OVERRIDES:
        ORIGINALS[str(override)] = original = getattr(override.holder, override.name)
        setattr(override.holder, override.name, override.make(original))
