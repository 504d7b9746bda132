"""Views of the PDF files: ``fiche.pdf`` below a fiche, ``livret.pdf`` below the list of fiches."""

import contextlib
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from fiches.diffusion.api import list_responses, problems
from fiches.diffusion.paper import pdf
from fiches.forms.throttle import HOUR, UNAVAILABLE, count
from fiches.media.machine_lock import Busy
from fiches.models import FichePage, Publication
from fiches.publications import ledger

if TYPE_CHECKING:
    from fiches.diffusion.paper.pdf import PaperUnavailable, StoredFile
    from fiches.models import FicheIndexPage


logger = logging.getLogger(__name__)
MOST_IN_A_BOOKLET = 40
PDF = "application/pdf"
# Seconds after which the waiting page reloads itself.
RELOAD_AFTER = 5
# Booklets that one client may have made in an hour: each takes about 30 seconds of processor time.
BOOKLETS_AN_HOUR = 60
# Seconds after a request during which the waiting page is shown; after that, an error.
PATIENCE = 120
# Seconds after which a booklet that could not be made may be requested again.
RETRY_AFTER = 600
# How far back the daily deletion looks for changed fiches whose files were not deleted.
LOOK_BACK = timedelta(days=2)


def fiche_pdf(fiche: FichePage, request: HttpRequest) -> HttpResponse:
    text = ledger.contents("fiche", [fiche.pk]).get(fiche.pk)
    if not text:
        raise Http404
    return pdf_response(request, f"{fiche.slug}.pdf", lambda: pdf.fiche_pdf(fiche, text))


def booklet_pdf(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponse:
    """Returns the booklet of the fiches that match a query; an error with the reason when there are none, or too many.

    Making a booklet takes about 30 seconds: a task does it, never the request, and meanwhile the reader gets a waiting page.
    """
    try:
        fiche_filter, _cursor = list_responses.read_filter(request)
        if fiche_filter.count > MOST_IN_A_BOOKLET:
            raise problems.QueryError(
                {
                    "livret": _("%(count)s fiches: a booklet holds %(most)s at most. Narrow the list.")
                    % {"count": fiche_filter.count, "most": MOST_IN_A_BOOKLET}
                }
            )
        if not fiche_filter.count:
            raise problems.QueryError({"livret": _("No fiche answers: there is nothing to print.")})
    except problems.QueryError as error:
        if _accepts_html(request):
            return _refuse(index_page, request, error.parameters.values(), status=400)
        return problems.refused_in_language_of(request, error)
    arguments = [index_page.title, fiche_filter.sentence(), list(fiche_filter.ids), fiche_filter.langue]
    booklet = _booklet(*arguments)
    if booklet.exists():
        return pdf_response(request, "livret.pdf", booklet.read)
    waiting = _seconds_since_request(booklet.digest)
    if waiting is None:
        if count(request, "livret") > BOOKLETS_AN_HOUR:
            return _too_many(index_page, request)
        return _begin(request, booklet, arguments)
    return wait_for_file(request) if waiting < PATIENCE else _not_made(index_page, request)


def _begin(request: HttpRequest, booklet: "StoredFile", arguments: Any) -> HttpResponse:
    try:
        pdf.load()
    except pdf.PaperUnavailable as error:
        return pdf_unavailable(request, error)
    make_booklet.enqueue(*arguments)
    return pdf_response(request, "livret.pdf", booklet.read) if booklet.exists() else wait_for_file(request)


@task()
def make_booklet(title: str, subtitle: str, pks: list[int], langue: str) -> None:
    """Task: makes and stores a booklet. Does nothing when another file is being made: the reader's page asks again."""
    with contextlib.suppress(Busy):
        _booklet(title, subtitle, pks, langue).read()


def _booklet(title: str, subtitle: str, pks: list[int], langue: str) -> "StoredFile":
    visible = FichePage.objects.visible().select_related("photo", "logo").prefetch_related("fiche_criteres")
    fiches = visible.in_bulk(pks)
    return pdf.booklet(title, subtitle, [fiches[pk] for pk in pks if pk in fiches], langue)


def _seconds_since_request(digest: str) -> float | None:
    """Returns the seconds since the booklet was first requested; None for the first request, which is noted in the cache."""
    try:
        if cache.add(f"livret:{digest}", time.time(), RETRY_AFTER):
            return None
        return time.time() - cache.get(f"livret:{digest}", time.time())
    except UNAVAILABLE:  # without the cache, enqueue again: the task finds an existing booklet
        return None


def _accepts_html(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")


def _refuse(index_page: "FicheIndexPage", request: HttpRequest, reasons: Any, *, status: int) -> HttpResponse:
    context = {"raisons": list(reasons), "liste": f"{index_page.get_url(request)}?{request.GET.urlencode()}"}
    return render(request, "diffusion/livret_refuse.html", context, status=status)


def _not_made(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponse:
    logger.error("booklet_not_made")
    reason = _("This booklet could not be made. Ask again in ten minutes.")
    refused = _refuse(index_page, request, [reason], status=503)
    refused["Retry-After"] = str(RETRY_AFTER)
    refused["Cache-Control"] = "no-store"
    return refused


def _too_many(index_page: "FicheIndexPage", request: HttpRequest) -> HttpResponse:
    if _accepts_html(request):
        reason = _("You have asked for many booklets. Ask again in an hour.")
        refused = _refuse(index_page, request, [reason], status=429)
    else:
        with problems.in_language_of(request):
            refused = problems.too_many(HOUR)
    refused["Retry-After"] = str(HOUR)
    return refused


def delete_printed_files(pks: Any) -> None:
    """Deletes the stored PDFs and social cards of these fiches and all booklets, so that nothing of a withdrawn fiche stays."""
    for pk in pks:
        pdf.clear(f"fiche-{pk}")
        pdf.clear(f"carte-{pk}")
    pdf.clear("livret")


def delete_missed_files() -> int:
    """Periodic work: deletes the files that a failing storage, or a killed process, left of withdrawn and recently changed fiches;
    returns the number of these fiches."""
    stored, changed = pdf.stored_names(), Q(changed_at__gte=timezone.now() - LOOK_BACK)
    fiches = Publication.objects.filter(changed | Q(withdrawn_at__isnull=False), kind=ledger.FICHE)
    left = [pk for pk in fiches.values_list("object_id", flat=True) if stored & {f"fiche-{pk}", f"carte-{pk}"}]
    delete_printed_files(left)
    return len(left)


def pdf_response(request: HttpRequest, name: str, make: Callable[..., Any]) -> HttpResponse:
    """Returns the PDF that ``make()`` gives (bytes), shown inline under the file name ``name``.

    Answers 503 with a page for the reader when PDF libraries are missing or the machine is busy.
    """
    try:
        data = make()
    except pdf.PaperUnavailable as error:
        return pdf_unavailable(request, error)
    except Busy:
        return wait_for_file(request)
    response = HttpResponse(data, content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def pdf_unavailable(request: HttpRequest, error: "PaperUnavailable") -> HttpResponse:
    logger.error("pdf_unavailable", extra={"reason": str(error)[:200]})
    response = render(request, "diffusion/papier_indisponible.html", status=503)
    response["Retry-After"] = "3600"
    return response


def wait_for_file(request: HttpRequest) -> HttpResponse:
    """Returns a waiting page (503) that reloads itself without a script, while this file or another is being made."""
    response = render(request, "diffusion/papier_bientot.html", status=503)
    response["Retry-After"] = response["Refresh"] = str(RELOAD_AFTER)
    response["Cache-Control"] = "no-store"
    return response
