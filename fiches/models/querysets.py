"""Querysets of pages: visible to the public, in one language, located; and the lock of a page's row."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import transaction
from django.db.models import BooleanField, Func, Model, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from wagtail.models import Page, PageManager, PageQuerySet

from fiches import content_language, content_site
from fiches.models.publications import kind_of


class Restricted(Func):
    """A condition: the page at tree path ``path``, or an ancestor of it, has a view restriction.

    It is part of the query that uses it, where Wagtail's ``public()`` costs another query. It is written as SQL because the ORM
    takes longer to compile this subquery than the database to run it. The restricted page's path is a subquery and not a join:
    with a join, SQLite's planner may read all pages for each row (after an ``ANALYZE``). A path has digits and capitals only,
    so LIKE needs no escape.
    """

    template = (
        "EXISTS(SELECT 1 FROM wagtailcore_pageviewrestriction WHERE %(expressions)s LIKE "
        "(SELECT path FROM wagtailcore_page AS top WHERE top.id = wagtailcore_pageviewrestriction.page_id) || '%%%%')"
    )
    arity = 1
    output_field = BooleanField()


def prefetch_joined(model: type[Model], children: str, *joins: str) -> Prefetch:
    """A ``Prefetch`` of the relation ``children`` of ``model`` that loads the related records ``joins`` in the same query."""
    child = model._meta.get_field(children).related_model
    return Prefetch(children, queryset=child._default_manager.select_related(*joins))


def visible_condition(page: str = "", *, now: datetime | None = None) -> Q:
    """The condition that a page is live, not expired (even if the scheduler is late), and under no view restriction.

    :param page: the lookup that leads to the page, such as ``page__``; by default, the rows are pages.
    """
    ends = f"{page}expire_at"
    not_expired = Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": now or timezone.now()})
    return Q(**{f"{page}live": True}) & not_expired & ~Q(Restricted(f"{page}path"))


class VisibleQuerySet(PageQuerySet):
    """Pages that the public may see."""

    def visible(self, now: datetime | None = None) -> Self:
        """Pages that are live, not expired (even if the scheduler is late), and under no view restriction."""
        return self.filter(visible_condition(now=now))

    def registered(self) -> Self:
        """Pages that have a row in the register of public pages. An optimisation to combine with :meth:`visible`: the database
        starts from the few rows of this type, where a condition on the tree path would read every page of the site."""
        rows = apps.get_model("rallynov_fiches", "Publication").objects.filter(
            kind=kind_of(self.model), withdrawn_at=None
        )
        return self.filter(pk__in=rows.values("object_id"))

    def in_language(self, code: str | None = None) -> Self:
        """Pages in one language: by default, the active language of contents. Lists, counts and look-ups by slug must use it,
        since each translation is a page of its own."""
        return (
            self.filter(locale=content_language.locale_of(code or content_language.active_language()))
            if content_language.is_multilingual()
            else self
        )

    def here(self, code: str | None = None) -> Self:
        """Pages in one language (:meth:`in_language`), of the site that the request is for, where there are several."""
        return content_site.narrow(self.in_language(code))


# The columns of a fiche that its card shows, or that its address is made of.
SHOWN_BY_CARDS = (
    *("title", "slug", "path", "depth", "url_path", "content_type", "locale", "translation_key", "exemple"),
    *("organisation", "chapo", "photo", "commune", "departement"),
)


class FicheQuerySet(VisibleQuerySet):
    def delete(self) -> Any:
        """Deletes after the rows are locked (:meth:`lock`)."""
        with transaction.atomic():
            self.lock()
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def lock(self) -> None:
        """Locks the rows until the end of the transaction, which the caller must have begun, so that a decision in progress on one of
        them ends first (see :func:`lock_row`)."""
        rows = self.model.tree_model().objects.filter(pk__in=self.order_by().values("pk"))
        list(rows.order_by("pk").select_for_update().values_list("pk"))

    lock.queryset_only = True

    def with_keys(self, *names: str) -> Self:
        """Adds ``ses_criteres`` or ``ses_mots_cles``: the keys of a public fiche's criteria or keywords as a text such as "3 17";
        None if it isn't public."""
        row = apps.get_model("rallynov_fiches", "Publication").objects.filter(kind="fiche", object_id=OuterRef("pk"))
        return self.annotate(**{f"ses_{name}": Subquery(row.values(name)) for name in names})

    def for_cards(self) -> Self:
        """Loads what the cards of a list show, in a constant number of queries."""
        return (
            self.with_keys("criteres")
            .select_related("commune", "photo")
            .prefetch_related("photo__renditions")
            .only(*SHOWN_BY_CARDS)
        )


VisibleManager = PageManager.from_queryset(VisibleQuerySet)
FicheManager = PageManager.from_queryset(FicheQuerySet)


def lock_row(pk: int | str) -> bool:
    """Locks the row of a page until the end of the transaction, which the caller must have begun.

    :param pk: the key of the page.
    :returns: whether the page still exists.
    """
    return bool(lock_rows([pk]))


def lock_rows(pks: Iterable[int | str]) -> list[int]:
    """Locks the rows of several pages, in the order of their keys, until the end of the transaction, which the caller must have begun
    and which has written nothing yet: see the order of locks in `fiches.publications.ledger`.

    :returns: the keys of the pages that still exist.
    """
    rows = Page.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True)
    return list(rows.values_list("pk", flat=True))
