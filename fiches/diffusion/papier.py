"""The addresses of what is printed: ``fiche.pdf`` below a fiche, ``livret.pdf`` below their list."""

import logging

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fiches.diffusion import pdf
from fiches.diffusion.api import listes, problemes
from fiches.limites import HOUR, count
from fiches.models import FichePage
from fiches.publications import ledger
from fiches.turns import Busy

logger = logging.getLogger(__name__)
MOST_IN_A_BOOKLET = 40
PDF = "application/pdf"
COMES_BACK = 5
"""Seconds after which a reader who found the machine busy asks again."""
BOOKLETS_AN_HOUR = 60
"""What one source may ask for: one takes the machine some ten seconds."""


def fiche_pdf(fiche, request):
    if not ledger.contents("fiche", [fiche.pk]):
        raise Http404
    return printed(request, f"{fiche.slug}.pdf", lambda: pdf.fiche_pdf(fiche))


def booklet_pdf(index_page, request):
    """The fiches of a query, in its order; refused, with the reason, when there are too many for one booklet or none."""
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
        return problemes.refused_in_language_of(request, error)
    if count(request, "livret") > BOOKLETS_AN_HOUR:
        with problemes.in_language_of(request):
            refused = problemes.too_many(HOUR)
        refused["Retry-After"] = str(HOUR)
        return refused
    return printed(request, "livret.pdf", lambda: _booklet(index_page, found))


def _booklet(index_page, found):
    to_read = FichePage.objects.visible().select_related("photo", "logo").prefetch_related("fiche_criteres")
    fiches = to_read.in_bulk(found.ids)
    in_order = [fiches[pk] for pk in found.ids if pk in fiches]
    return pdf.booklet_pdf(index_page.title, found.sentence(), in_order, found.langue)


def connect():
    """Called once, when Django starts."""
    ledger.recorded.connect(_forget_what_was_printed, dispatch_uid="paper")


def _forget_what_was_printed(sender, kind, pks, is_direct, **kwargs):
    """Nothing of a withdrawn fiche stays on a shelf."""
    if kind == "fiche" and is_direct:
        for pk in pks:
            pdf.clear(f"fiche-{pk}")
            pdf.clear(f"carte-{pk}")
        pdf.clear("livret")


def printed(request, name, make):
    try:
        data = make()
    except pdf.PaperUnavailable as error:
        logger.error("pdf_unavailable", extra={"reason": str(error)[:200]})
        response = render(request, "diffusion/papier_indisponible.html", status=503)
        response["Retry-After"] = "3600"
        return response
    except Busy:
        return wait_for_turn(request)
    response = HttpResponse(data, content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def wait_for_turn(request):
    """A light page that asks again by itself, without a script, while other files are being made."""
    response = render(request, "diffusion/papier_bientot.html", status=503)
    response["Retry-After"] = response["Refresh"] = str(COMES_BACK)
    response["Cache-Control"] = "no-store"
    return response
