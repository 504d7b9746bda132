"""Paging of the lists that are not made of a FicheFilter."""

from django.db.models import Q
from django.utils.translation import gettext as _

from fiches.diffusion.api import listes
from fiches.diffusion.api.problemes import QueryError
from fiches.diffusion.contenu import instant
from fiches.publications import ledger
from fiches.query import parametres

SKIPPED = ("curseur", "page")
READERS = {
    "langue": parametres.one_language,
    "depuis": parametres.depuis,
    "par_page": parametres.par_page,
    "page": parametres.page,
}


def read_paging(request, *, by_cursor=False):
    """``{parameter: value}`` of a list that isn't the fiches', the cursor as ``(text, key)``.

    :raises QueryError: names each parameter that can't be read, and why.
    """
    known = {**READERS, "curseur": _key} if by_cursor else READERS
    found = {"langue": "", "depuis": None, "par_page": parametres.PAR_PAGE, "curseur": None, "page": 1}
    return found | listes.read_query(request, known)


def _key(text):
    moment, _separator, key = text.rpartition("~")
    if not key.isdecimal() or len(key) > 18:
        raise ValueError(_("This is not the address of a page: take it from “next”."))
    return parametres.depuis(moment), int(key)


def paged(request, rows, asked, *, keys, items):
    """A page of ``rows``, a queryset in the order of ``keys`` (an instant, a number), found by key and not by offset."""
    first, second = keys
    count, size = rows.count(), asked["par_page"]
    start = 0 if asked["curseur"] else (asked["page"] - 1) * size
    if start and start >= count:
        raise QueryError({"page": _("There is no page %(page)s.") % {"page": asked["page"]}})
    if asked["curseur"]:
        moment, key = asked["curseur"]
        rows = rows.filter(Q(**{f"{first}__gt": moment}) | Q(**{first: moment, f"{second}__gt": key}))
    found = list(rows[start : start + size + 1])
    last = found[size - 1] if len(found) > size else None
    following = last and f"{instant(getattr(last, first))}~{getattr(last, second)}"
    following = following and (listes.CURSOR_NAME, following)
    return listes.answer(
        request, count=count, items=items(found[:size]), parameters=_kept(request), following=following
    )


def of_pages(request, nature, pages, asked, choice):
    """A page of the contents of ``pages``, a queryset in its own order: a short road rather than thousands of fiches."""
    if asked["depuis"]:
        pages = pages.filter(pk__in=ledger.changed_since(asked["depuis"]))
    keys, size, number = list(pages.values_list("pk", flat=True)), asked["par_page"], asked["page"]
    start = (number - 1) * size
    if start and start >= len(keys):
        raise QueryError({"page": _("There is no page %(page)s.") % {"page": number}})
    contents = ledger.contents(nature, keys[start : start + size])
    return listes.answer(
        request,
        count=len(keys),
        items=contents.values(),
        parameters=_kept(request),
        following=("page", number + 1) if start + size < len(keys) else None,
        preceding=("page", number - 1) if start else None,
        choice=choice,
    )


def _kept(request):
    return [(name, value) for name, values in request.GET.lists() for value in values if name not in SKIPPED]
