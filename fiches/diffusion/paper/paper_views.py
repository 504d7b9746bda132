"""The addresses of what is printed: ``fiche.pdf`` below a fiche, ``livret.pdf`` below their list."""

import contextlib
import logging
import time

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_tasks import task

from fiches.diffusion.api import listes, problemes
from fiches.diffusion.paper import pdf
from fiches.forms.throttle import HOUR, UNAVAILABLE, count
from fiches.media.turns import Busy
from fiches.models import FichePage
from fiches.publications import ledger

logger = logging.getLogger(__name__)
MOST_IN_A_BOOKLET = 40
PDF = "application/pdf"
# Seconds after which a reader who found the machine busy asks again.
COMES_BACK = 5
# What one source may have made: one takes the machine half a minute.
BOOKLETS_AN_HOUR = 60
# Seconds for which a reader is told that a booklet is ready in a moment; after that, that it could not be made.
PATIENCE = 120
# Seconds after which a booklet that was never made is asked for anew.
FORGOTTEN = 600


def fiche_pdf(fiche, request):
    if not ledger.contents("fiche", [fiche.pk]):
        raise Http404
    return printed(request, f"{fiche.slug}.pdf", lambda: pdf.fiche_pdf(fiche))


def booklet_pdf(index_page, request):
    """The fiches of a query, in its order; refused, with the reason, when there are too many for one booklet or none.

    A booklet that is on no shelf takes the machine half a minute: a task makes it, never this request, and the reader is told
    to come back.
    """
    try:
        found, _cursor = listes.asked(request)
        if found.count > MOST_IN_A_BOOKLET:
            raise problemes.QueryError(
                {
                    "livret": _("%(count)s fiches: a booklet holds %(most)s at most. Narrow the list.")
                    % {"count": found.count, "most": MOST_IN_A_BOOKLET}
                }
            )
        if not found.count:
            raise problemes.QueryError({"livret": _("No fiche answers: there is nothing to print.")})
    except problemes.QueryError as error:
        if _is_a_person(request):
            return _no_booklet(index_page, request, error.parameters.values(), status=400)
        return problemes.refused_in_language_of(request, error)
    asked = [index_page.title, found.sentence(), list(found.ids), found.langue]
    booklet = _booklet(*asked)
    if booklet.is_made():
        return printed(request, "livret.pdf", booklet.read)
    since = _first_asked(booklet.digest)
    if since is None:
        if count(request, "livret") > BOOKLETS_AN_HOUR:
            return _too_many(index_page, request)
        return _begun(request, booklet, asked)
    return wait_for_turn(request) if since < PATIENCE else _not_made(index_page, request)


def _begun(request, booklet, asked):
    try:
        pdf.load()
    except pdf.PaperUnavailable as error:
        return unavailable(request, error)
    make_booklet.enqueue(*asked)
    return printed(request, "livret.pdf", booklet.read) if booklet.is_made() else wait_for_turn(request)


@task()
def make_booklet(title: str, subtitle: str, pks: list[int], langue: str) -> None:
    """Puts a booklet on its shelf. When the machine makes another file, nothing is made: the reader asks again."""
    with contextlib.suppress(Busy):
        _booklet(title, subtitle, pks, langue).read()


def _booklet(title, subtitle, pks, langue):
    to_read = FichePage.objects.visible().select_related("photo", "logo").prefetch_related("fiche_criteres")
    fiches = to_read.in_bulk(pks)
    return pdf.booklet(title, subtitle, [fiches[pk] for pk in pks if pk in fiches], langue)


def _first_asked(digest):
    """Seconds since somebody asked for this booklet and a task was begun; None when nobody did."""
    try:
        if cache.add(f"livret:{digest}", time.time(), FORGOTTEN):
            return None
        return time.time() - cache.get(f"livret:{digest}", time.time())
    except UNAVAILABLE:  # nobody can say: a task more finds it made
        return None


def _is_a_person(request):
    return "text/html" in request.headers.get("Accept", "")


def _no_booklet(index_page, request, reasons, *, status):
    context = {"raisons": list(reasons), "liste": f"{index_page.get_url(request)}?{request.GET.urlencode()}"}
    return render(request, "diffusion/livret_refuse.html", context, status=status)


def _not_made(index_page, request):
    logger.error("booklet_not_made")
    reason = _("This booklet could not be made. Ask again in ten minutes.")
    refused = _no_booklet(index_page, request, [reason], status=503)
    refused["Retry-After"] = str(FORGOTTEN)
    refused["Cache-Control"] = "no-store"
    return refused


def _too_many(index_page, request):
    if _is_a_person(request):
        reason = _("You have asked for many booklets. Ask again in an hour.")
        refused = _no_booklet(index_page, request, [reason], status=429)
    else:
        with problemes.in_language_of(request):
            refused = problemes.too_many(HOUR)
    refused["Retry-After"] = str(HOUR)
    return refused


def forget_printed(pks):
    """Deletes what was printed of these fiches: nothing of a withdrawn one stays on a shelf."""
    for pk in pks:
        pdf.clear(f"fiche-{pk}")
        pdf.clear(f"carte-{pk}")
    pdf.clear("livret")


def printed(request, name, make):
    try:
        data = make()
    except pdf.PaperUnavailable as error:
        return unavailable(request, error)
    except Busy:
        return wait_for_turn(request)
    response = HttpResponse(data, content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def unavailable(request, error):
    logger.error("pdf_unavailable", extra={"reason": str(error)[:200]})
    response = render(request, "diffusion/papier_indisponible.html", status=503)
    response["Retry-After"] = "3600"
    return response


def wait_for_turn(request):
    """A light page that asks again by itself, without a script, while this file or others are being made."""
    response = render(request, "diffusion/papier_bientot.html", status=503)
    response["Retry-After"] = response["Refresh"] = str(COMES_BACK)
    response["Cache-Control"] = "no-store"
    return response
