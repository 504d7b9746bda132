"""Wagtail's own index, in bulk: fed with what was read for ours.

Its database backends ask an object for its search fields, and walk through them three times or more. A fiche is given to
them as the texts that those fields would find; another engine is given the fiche itself.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import router
from wagtail.models import Page
from wagtail.search import index
from wagtail.search.backends import get_search_backends
from wagtail.search.models import IndexEntry

from fiches.models import FichePage

IN_A_DATABASE = "modelsearch.backends.database."


def add(told):
    """Puts these fiches, as :func:`fiches.recherche.indexation.read` gives them, in Wagtail's index."""
    for backend in get_search_backends(with_auto_update=True):
        if _is_in_a_database(backend):
            backend.add_bulk(FichePage, [_Entry(one) for one in told])
        else:
            backend.add_bulk(FichePage, list(FichePage.objects.filter(pk__in=[one.fiche.pk for one in told])))


def remove(pks):
    """Takes fiches that are about to be deleted out of Wagtail's index."""
    kinds = [one.pk for one in ContentType.objects.get_for_models(Page, FichePage).values()]
    for backend in get_search_backends(with_auto_update=True):
        if _is_in_a_database(backend):
            entries = IndexEntry.objects.filter(content_type__in=kinds, object_id__in=list(map(str, pks)))
            entries._raw_delete(using=router.db_for_write(IndexEntry))
        else:
            for fiche in FichePage.objects.filter(pk__in=pks):
                backend.delete(fiche)


def _is_in_a_database(backend):
    """Whether it is one of the database's backends, or made from one."""
    return any(kind.__module__.startswith(IN_A_DATABASE) for kind in type(backend).__mro__)


class _Entry:
    """A fiche as a database backend reads it."""

    def __init__(self, told):
        fiche = told.fiche
        self.pk = fiche.pk
        self.texts = {
            **{name: getattr(fiche, name) for name in ("title", "chapo", "organisation", "activite")},
            "corps": ", ".join(told.body),
            "commune": fiche.commune__nom or "",
            "criteres": " ".join(name for _pk, name in told.criteria),
            "mots_cles": " ".join(name for _pk, name in told.keywords),
            "partenaire": f"{fiche.partenaire__nom} {fiche.partenaire__sigle}" if fiche.partenaire_id else "",
        }

    @staticmethod
    def get_search_fields():
        return FIELDS


class _Found:
    field_name: str

    def get_value(self, entry):
        return entry.texts[self.field_name]


class _Searched(_Found, index.SearchField):
    pass


class _Completed(_Found, index.AutocompleteField):
    pass


def _found(field):
    if isinstance(field, index.AutocompleteField):
        return _Completed(field.field_name)
    return _Searched(field.field_name, boost=getattr(field, "boost", None))


FIELDS = [_found(field) for field in FichePage.get_search_fields() if not isinstance(field, index.FilterField)]
