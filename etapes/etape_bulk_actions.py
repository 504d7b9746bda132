"""Bulk actions of the étapes' list in the admin: those of `fiches.admin.bulk_actions`, with the filters of this list."""

from etapes.etape_filterset import EtapeFilterSet, text_condition
from etapes.models import EtapePage
from fiches.admin.bulk_actions import Delete, FilteredSelection, GiveEdition, Publish, Submit


class OfTheRoad(FilteredSelection):
    models = [EtapePage]
    filterset_class = EtapeFilterSet
    matches = staticmethod(text_condition)


ACTIONS = [type(action.__name__, (OfTheRoad, action), {}) for action in (GiveEdition, Submit, Delete, Publish)]
