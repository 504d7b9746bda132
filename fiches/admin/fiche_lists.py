"""What the admin's lists of fiches share: prefetching, search, the words of an empty list."""

from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import QueryDict

from fiches.models import FichePage
from fiches.query.fiche_filter import FicheFilter
from fiches.territoire.gazetteer import fold

NEWEST = "-latest_revision_created_at"
MOST_WORDS = 10
RESULTS = "fiches/admin/liste_resultats.html"


def contains(text: str) -> Q:
    """The condition on fiches, drafts included, that contain all words of ``text`` in their title, organisation, introduction or
    commune."""
    condition = Q()
    for word in text.split()[:MOST_WORDS]:
        condition &= (
            Q(draft_title__icontains=word)
            | Q(title__icontains=word)
            | Q(organisation__icontains=word)
            | Q(chapo__icontains=word)
            | Q(commune__nom_normalise__contains=fold(word) or word)
        )
    return condition


def matches(text: str) -> Any:
    """The condition of the admin's search: :func:`contains`, or a result of the public search, which knows plurals, accents and
    synonyms.

    Wagtail's own search isn't used: it can't filter and sort by most of our columns, and is too slow on SQLite with thousands of
    fiches.
    """
    public = FicheFilter.parse(QueryDict(urlencode({"q": text})))
    return contains(text) | Q(pk__in=public.rows().values("object_id") if public.q else [])


def with_translations(view: Any, pages: Any) -> QuerySet:
    """Annotates pages with what their « Translate » button reads, which Wagtail would query page by page when i18n is off."""
    return pages if view.i18n_enabled else pages.annotate_has_untranslated_locale()


class FoldedSearch:
    """Mixin of a list view with some hundred rows at most: searches ``search_fields`` without regard to case and accents, which SQLite
    can't."""

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        words = fold(self.search_query).split()
        rows = queryset.values_list("pk", *self.search_fields)
        texts = {pk: fold(" ".join(filter(None, row))) for pk, *row in rows}
        return queryset.filter(pk__in=[pk for pk, text in texts.items() if all(word in text for word in words)])


class FicheList:
    """Mixin of a list of fiches with a constant number of queries."""

    results_template_name = RESULTS

    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        pages = with_translations(self, super().annotate_queryset(pages))
        if not issubclass(pages.model, FichePage):
            return pages
        beside = ["content_type", "commune", "edition", "partenaire"]
        if apps.is_installed("fiches.candidatures"):
            beside.append("dossier")  # read by FichePermissionTester.can_delete
        return pages.select_related(*beside, for_specific_subqueries=True)

    def search_queryset(self, queryset: Any) -> QuerySet:
        return queryset.filter(matches(self.search_query)) if self.is_searching else queryset

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.is_searching and not self.is_explicitly_ordered:
            return queryset.order_by(NEWEST, "-pk")
        return super().order_queryset(queryset)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["model_opts"] = FichePage._meta  # decides which bulk actions are offered
        return context
