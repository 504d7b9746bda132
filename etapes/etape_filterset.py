"""Filters and text search of the étapes' list in the admin."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.pages.listing import PageFilterSet

from etapes import etape_gaps
from etapes.etape_dashboard import WHEN, period_condition
from etapes.models import EtapePage
from fiches.admin.fiche_lists import MOST_WORDS
from fiches.admin.filters import OneFilter
from fiches.territoire.gazetteer import fold


class EtapeFilterSet(PageFilterSet):
    quand = OneFilter(label=_("When"), choices=WHEN, condition=period_condition)
    manque = OneFilter(label=_("To mend"), choices=etape_gaps.CHOICES, condition=etape_gaps.gap_condition)

    class Meta:
        model = EtapePage
        fields = ["edition", "departement", "statut", "inscriptions", "live", "exemple"]


def text_condition(text: str) -> Any:
    """A ``Q`` for étapes, drafts included, that have all words of ``text`` in their title, introduction, place or commune.

    Replaces Wagtail's search here: it does not index draft titles, and can't sort by most of the list's columns.
    """
    condition = Q()
    for word in text.split()[:MOST_WORDS]:
        condition &= (
            Q(draft_title__icontains=word)
            | Q(title__icontains=word)
            | Q(chapo__icontains=word)
            | Q(lieu__icontains=word)
            | Q(commune__nom_normalise__contains=fold(word) or word)
        )
    return condition
