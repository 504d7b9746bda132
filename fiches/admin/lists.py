"""What the lists of the fiches share: their cost, their search, their saved views."""

from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from fiches.admin.saved_views import SavedViews
from fiches.models import FichePage
from fiches.query.filtre import FicheFilter
from fiches.territoire.gazetteer import fold

NEWEST = "-latest_revision_created_at"
MOST_WORDS = 10


def said(text):
    """The condition under which a fiche, a draft too, holds all these words in its name, its organisation, its
    introduction or its commune."""
    found = Q()
    for word in text.split()[:MOST_WORDS]:
        found &= (
            Q(draft_title__icontains=word)
            | Q(title__icontains=word)
            | Q(organisation__icontains=word)
            | Q(chapo__icontains=word)
            | Q(commune__nom_normalise__contains=fold(word) or word)
        )
    return found


def answering(text):
    """Beside these, what the public's search finds, which knows plurals, accents and synonyms.

    Neither is Wagtail's: its search refuses to filter and sort by most of our columns, and on SQLite doesn't answer once
    there are thousands of fiches.
    """
    found = FicheFilter.parse(QueryDict(urlencode({"q": text})))
    return said(text) | Q(pk__in=found.rows().values("object_id") if found.q else [])


def with_translations(view, pages):
    """Each with what its « Translate » button asks for, which Wagtail looks up page by page where languages are off."""
    return pages if view.i18n_enabled else pages.annotate_has_untranslated_locale()


class FicheList(SavedViews):
    """A list of fiches, at a number of queries that doesn't grow with them."""

    list_name = "fiches"

    def annotate_queryset(self, pages):
        pages = with_translations(self, super().annotate_queryset(pages))
        if not issubclass(pages.model, FichePage):
            return pages
        # Not select_related, which Wagtail's specific() forgets.
        return pages.prefetch_related("bilan", "commune", "edition", "partenaire", "photo__renditions")

    def search_queryset(self, queryset):
        return queryset.filter(answering(self.search_query)) if self.is_searching else queryset

    def order_queryset(self, queryset):
        if self.is_searching and not self.is_explicitly_ordered:
            return queryset.order_by(NEWEST, "-pk")
        return super().order_queryset(queryset)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["model_opts"] = FichePage._meta  # whose bulk actions are offered
        return context
