"""Querysets that answer in the domain's words."""

from django.apps import apps
from django.db import transaction
from django.db.models import BooleanField, Func, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from wagtail.models import Page, PageManager, PageQuerySet, PageViewRestriction

from fiches import langues
from fiches.models.publications import kind_of


class Restricted(Func):
    """A condition: the page at tree path ``path``, or one above it, has a view restriction.

    Part of the query that uses it, where Wagtail's ``public()`` costs one more; as SQL, since the ORM takes longer to write
    this subquery than the database to answer it. The restricted page's path is looked up for each restriction: given a join,
    SQLite's planner may rather read all the pages for each row (after an ``ANALYZE``). A path holds digits and capitals only.
    """

    template = (
        "EXISTS(SELECT 1 FROM wagtailcore_pageviewrestriction WHERE %(expressions)s LIKE "
        "(SELECT path FROM wagtailcore_page AS top WHERE top.id = wagtailcore_pageviewrestriction.page_id) || '%%%%')"
    )
    arity = 1
    output_field = BooleanField()

    def __init__(self, path="path"):
        super().__init__(path)


def joined(model, children, *joins):
    """Reads the child rows with what they point to: one query where two names would cost two."""
    child = model._meta.get_field(children).related_model
    return Prefetch(children, queryset=child._default_manager.select_related(*joins))


class VisibleQuerySet(PageQuerySet):
    """Pages, as the public may see them."""

    def served(self):
        """With the answer to "is it restricted?", so that serving a page doesn't ask again."""
        return self.annotate(is_restricted=Restricted())

    def visible(self, now=None):
        """Live, not expired even if the scheduler is late, and under no privacy restriction."""
        not_expired = Q(expire_at__isnull=True) | Q(expire_at__gt=now or timezone.now())
        return self.live().filter(not_expired, ~Restricted())

    def registered(self):
        """Those that the register of what is public holds, so that the database starts from its few rows of this type: from a
        path of the tree it would read every page of the site. Beside :meth:`visible`, which it doesn't stand for."""
        rows = apps.get_model("fiches", "Publication").objects.filter(kind=kind_of(self.model), withdrawn_at=None)
        return self.filter(pk__in=rows.values("object_id"))

    def in_language(self, code=None):
        """One language's: that which is being read, unless ``code`` names one. A page and its translations are several
        pages: what lists, counts or finds by an address name says which."""
        return self.filter(locale=langues.locale_of(code or langues.current())) if langues.several() else self


class FicheQuerySet(VisibleQuerySet):
    def delete(self):
        """After whoever is deciding on one of them (see `fiches.models.querysets.hold`)."""
        with transaction.atomic():
            rows = self.model.tree_model().objects.filter(pk__in=self.order_by().values("pk"))
            list(rows.order_by("pk").select_for_update().values_list("pk"))
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def located(self):
        """With a position, exact or the commune's centre."""
        return self.filter(latitude__isnull=False)

    def unlocated(self):
        return self.filter(latitude__isnull=True)

    def examples(self):
        return self.filter(exemple=True)

    def with_keys(self, *names):
        """With ``ses_criteres`` or ``ses_mots_cles``: keys, such as "3 17", of a fiche that the public may see, else ``None``."""
        row = apps.get_model("fiches", "Publication").objects.filter(kind="fiche", object_id=OuterRef("pk"))
        return self.annotate(**{f"ses_{name}": Subquery(row.values(name)) for name in names})

    def for_page(self):
        """With what a fiche's own page shows."""
        return self.served().with_keys("criteres", "mots_cles").select_related("commune", "photo", "logo")

    def for_cards(self):
        """With what a list shows of each: a constant number of queries whatever their number."""
        return (
            self.with_keys("criteres")
            .select_related("commune", "photo")
            .prefetch_related("photo__renditions")
            .defer("corps")
        )


VisibleManager = PageManager.from_queryset(VisibleQuerySet)
FicheManager = PageManager.from_queryset(FicheQuerySet)


class KnownRestriction:
    """A page that :meth:`VisibleQuerySet.served` read: without a restriction there is none to look up."""

    def get_view_restrictions(self):
        if getattr(self, "is_restricted", True):
            return super().get_view_restrictions()
        return PageViewRestriction.objects.none()


def hold(pk):
    """Take the page's row, after whoever has it; the caller is in a transaction.

    :returns: whether the page is still there.
    """
    rows = Page.objects.order_by().filter(pk=pk).select_for_update(no_key=True)
    return bool(rows.values_list("pk"))
