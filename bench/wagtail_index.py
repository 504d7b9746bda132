"""Adds generated fiches to Wagtail's search index in bulk.

Wagtail's database backends read an object's search fields three times or more, so they are given objects with precomputed
texts. Other backends are given the fiches themselves.
"""

from collections import defaultdict

from wagtail.search import index
from wagtail.search.backends import get_search_backends

from fiches.models import FicheCritere, FicheMotCle, FichePage

_COLUMNS = """
pk title chapo organisation activite corps commune__nom partenaire_id partenaire__nom partenaire__sigle
"""
COLUMNS = _COLUMNS.split()

IN_A_DATABASE = "modelsearch.backends.database."


def add(pks):
    """Adds the visible ones of these fiches to Wagtail's index."""
    visible = FichePage.objects.filter(pk__in=pks).visible()
    for backend in get_search_backends(with_auto_update=True):
        if _is_in_a_database(backend):
            criteria, keywords = _names(FicheCritere, pks), _names(FicheMotCle, pks)
            fiches = visible.values_list(*COLUMNS, named=True)
            backend.add_bulk(FichePage, [_Entry(each, criteria[each.pk], keywords[each.pk]) for each in fiches])
        else:
            backend.add_bulk(FichePage, list(visible))


def _names(links, pks):
    names_by_fiche = defaultdict(list)
    rows = links.objects.filter(content_object__in=pks).order_by("pk")
    for fiche, name in rows.values_list("content_object", "tag__name"):
        names_by_fiche[fiche].append(name)
    return names_by_fiche


def _is_in_a_database(backend):
    """Whether the backend is, or inherits from, one of the database backends."""
    return any(kind.__module__.startswith(IN_A_DATABASE) for kind in type(backend).__mro__)


class _Entry:
    """A fiche with precomputed texts, with the interface that database backends use."""

    def __init__(self, fiche, criteria, keywords):
        body = fiche.corps.stream_block.get_searchable_content(fiche.corps)
        self.pk = fiche.pk
        self.texts = {
            **{name: getattr(fiche, name) for name in ("title", "chapo", "organisation", "activite")},
            "corps": ", ".join(body),
            "commune": fiche.commune__nom or "",
            "criteres": " ".join(criteria),
            "mots_cles": " ".join(keywords),
            "partenaire": f"{fiche.partenaire__nom} {fiche.partenaire__sigle}" if fiche.partenaire_id else "",
        }

    @staticmethod
    def get_search_fields():
        return FIELDS


class _PrecomputedField:
    """Mixin for search fields: reads the precomputed text of an ``_Entry``."""

    field_name: str

    def get_value(self, entry):
        return entry.texts[self.field_name]


class _SearchField(_PrecomputedField, index.SearchField):
    pass


class _AutocompleteField(_PrecomputedField, index.AutocompleteField):
    pass


def _precomputed(field):
    if isinstance(field, index.AutocompleteField):
        return _AutocompleteField(field.field_name)
    return _SearchField(field.field_name, boost=getattr(field, "boost", None))


FIELDS = [_precomputed(field) for field in FichePage.get_search_fields() if not isinstance(field, index.FilterField)]
