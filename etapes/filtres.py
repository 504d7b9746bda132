"""How the list of the étapes is filtered and searched."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.pages.listing import PageFilterSet

from etapes import lacunes
from etapes.models import EtapePage
from etapes.taches import WHEN, at
from fiches.admin.filters import OneFilter
from fiches.admin.lists import MOST_WORDS
from fiches.territoire.gazetteer import fold


class EtapeFilterSet(PageFilterSet):
    quand = OneFilter(label=_("When"), choices=WHEN, condition=at)
    manque = OneFilter(label=_("To mend"), choices=lacunes.CHOICES, condition=lacunes.having)

    class Meta:
        model = EtapePage
        fields = ["edition", "departement", "statut", "inscriptions", "live", "exemple"]


def said(text):
    """The condition under which an étape, a draft too, holds all these words in its title, its introduction, its place or
    its commune. Wagtail's search finds no draft's words, and refuses to sort by most of our columns."""
    found = Q()
    for word in text.split()[:MOST_WORDS]:
        found &= (
            Q(draft_title__icontains=word)
            | Q(title__icontains=word)
            | Q(chapo__icontains=word)
            | Q(lieu__icontains=word)
            | Q(commune__nom_normalise__contains=fold(word) or word)
        )
    return found
