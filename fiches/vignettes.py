"""The cards of a list, each drawn once for a version of what the public may find: a question asked anew shows old cards."""

from collections import OrderedDict
from contextlib import suppress
from uuid import uuid4

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Site

from fiches.models import FichePage
from fiches.version import kept

MOST = 1_000
"""Cards kept in each language: some two megabytes."""
QUESTION = uuid4().hex
"""Stands in a kept card for the question that its link carries along; no text can hold it."""


def cards(pks, request, suite="") -> list[SafeString]:
    """The cards of the visible fiches with these keys, in order, with ``suite`` in their links. Those that are not kept
    cost a constant number of queries."""
    site = Site.find_for_request(request)
    drawn = kept(("cards", site and site.pk, get_language()), OrderedDict)
    found = {pk: drawn[pk] for pk in pks if pk in drawn}
    if missing := [pk for pk in pks if pk not in found]:
        found |= _draw(missing, request)
    for pk in found:
        drawn[pk] = found[pk]
        drawn.move_to_end(pk)
    while len(drawn) > MOST:
        with suppress(KeyError):  # another thread let it go
            drawn.popitem(last=False)
    question = f"?{escape(suite)}" if suite else ""
    return [mark_safe(found[pk].replace(f"?{QUESTION}", question)) for pk in pks if pk in found]  # noqa: S308 - templates made each


def _draw(pks, request):
    template = get_template("fiches/_card.html")
    fiches = FichePage.objects.visible().for_cards().in_bulk(pks)
    return {pk: template.render({"fiche": fiche, "suite": QUESTION}, request) for pk, fiche in fiches.items()}
