"""Pages deleted for good, many at once.

A fiche that nothing refers to, as those of `bench.generation`, leaves with its rows: Wagtail asks some forty queries for each
page, to withdraw it and to look for what hangs on it. Any other page leaves as Wagtail deletes it.
"""

from collections import Counter

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import router, transaction
from django.db.models import F, ForeignObjectRel
from django.dispatch import Signal
from wagtail.models import Page, ReferenceIndex
from wagtail.search.backends import get_search_backends
from wagtail.search.models import IndexEntry

from fiches.models import FicheCritere, FicheMotCle, FichePage
from fiches.publications import ledger

AT_ONCE = 500
IN_A_DATABASE = "modelsearch.backends.database."
OWN_ROWS = (FicheCritere, FicheMotCle)
"""What leaves with a fiche here; whatever else refers to it is a tie."""

gone = Signal()
"""Sent with ``pks`` once fiches were deleted by their rows: nothing else was sent."""


@transaction.atomic
def delete_pages(pages):
    """Deletes all of a page queryset for good, a few at a time, and returns how many there were."""
    pks = list(pages.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        some = set(pks[start : start + AT_ONCE])
        if pages.model is FichePage:
            list(Page.objects.filter(pk__in=some).order_by("pk").select_for_update().values_list("pk"))
            alone = some - tied(some)
            _delete_rows(alone)
            some -= alone
            ledger.forget("fiche", some)  # all at once; each one's own signal then finds nothing left to do
        pages.model.objects.filter(pk__in=some).delete()
    return len(pks)


def tied(pks):
    """Those of these fiches on which something hangs: a revision, a prize, a dossier, a comment, a page below, a translation…"""
    found = set(Page.objects.filter(pk__in=pks, numchild__gt=0).values_list("pk", flat=True))
    keys = dict(Page.objects.filter(pk__in=pks).values_list("translation_key", "pk"))
    others = Page.objects.filter(translation_key__in=keys).exclude(pk__in=pks)
    found.update(keys[key] for key in others.values_list("translation_key", flat=True))
    for relation in FichePage._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if isinstance(relation, ForeignObjectRel) and model and model not in OWN_ROWS:
            name = relation.field.name
            rows = model._base_manager.filter(**{f"{name}__in": pks})
            found.update(rows.values_list(name, flat=True))
    for relation in FichePage._meta.private_fields:
        if isinstance(relation, GenericRelation) and relation.name != "index_entries":
            named, place = relation.related_model._base_manager, relation.object_id_field_name
            found.update(_named(named, place, relation.content_type_field_name, pks))
    return found | _named(ReferenceIndex.objects, "to_object_id", "to_content_type", pks)


def _named(rows, place, kind, pks):
    """Those that rows name by a content type and a key."""
    kinds = ContentType.objects.get_for_models(Page, FichePage).values()
    rows = rows.filter(**{f"{kind}__in": [one.pk for one in kinds], f"{place}__in": list(map(str, pks))})
    return set(map(int, rows.values_list(place, flat=True)))


def _delete_rows(pks):
    """The rows of fiches to which nothing else is tied."""
    if not pks:
        return
    ledger.forget("fiche", pks)
    _unindex(pks)
    parents = Counter(path[: -Page.steplen] for path in Page.objects.filter(pk__in=pks).values_list("path", flat=True))
    kinds = [one.pk for one in ContentType.objects.get_for_models(Page, FichePage).values()]
    for rows in (
        ReferenceIndex.objects.filter(content_type__in=kinds, object_id__in=list(map(str, pks))),
        FicheCritere.objects.filter(content_object__in=pks),
        FicheMotCle.objects.filter(content_object__in=pks),
        FichePage._base_manager.filter(pk__in=pks),
        Page._base_manager.filter(pk__in=pks),
    ):
        rows._raw_delete(using=router.db_for_write(rows.model))
    for path, lost in parents.items():
        Page.objects.filter(path=path).update(numchild=F("numchild") - lost)
    gone.send(sender=FichePage, pks=sorted(pks))


def _unindex(pks):
    """Takes fiches that are about to be deleted out of Wagtail's index, whose database backends know them as two types."""
    kinds = ContentType.objects.get_for_models(Page, FichePage).values()
    for backend in get_search_backends(with_auto_update=True):
        if any(kind.__module__.startswith(IN_A_DATABASE) for kind in type(backend).__mro__):
            entries = IndexEntry.objects.filter(content_type__in=kinds, object_id__in=list(map(str, pks)))
            entries._raw_delete(using=router.db_for_write(IndexEntry))
        else:
            for fiche in FichePage.objects.filter(pk__in=pks):
                backend.delete(fiche)
