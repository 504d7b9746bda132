"""PDF files to print for an étape: programme, sign-in sheet, the fiches presented. They contain names, so they are generated on request
and never stored."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from etapes.inscriptions.date_and_place import when, where
from etapes.inscriptions.organiser_access import organiser_required
from fiches.diffusion.paper import pdf
from fiches.diffusion.paper.paper_views import pdf_response
from fiches.formats import hour
from fiches.models import FichePage
from fiches.publications import ledger

if TYPE_CHECKING:
    from etapes.models import EtapePage


STYLES = ("etapes/kit/kit.css",)
TEMPLATE = "etapes/pdf/kit.html"
# Lines of the sign-in sheet for people who come without having registered.
BLANK_LINES = 12

PROGRAMME, SHEET, FICHES = PARTS = ("programme", "emargement", "fiches")


def kit_pdf(etape: "EtapePage", *, parts: tuple[str, ...] = PARTS) -> bytes:
    """Returns a PDF file (bytes) with the given ``parts`` of the kit; an empty part has no page.

    :raises fiches.diffusion.paper.pdf.PaperUnavailable: the PDF library is not installed.
    :raises fiches.upkeep.machine_lock.Busy: too many PDF files are being generated.
    """
    with pdf.hold_paper_lock():
        return pdf.render_pdf(TEMPLATE, contents(etape, parts), styles=STYLES)


def contents(etape: "EtapePage", parts: tuple[str, ...]) -> Any:
    """The template's context."""
    people = list(etape.inscrits.confirmed().order_by("nom", "pk"))
    return {
        "etape": etape,
        "parties": parts,
        "title": etape.title,
        "quand": when(etape),
        "ou": where(etape),
        "programme": [_moment(child) for child in etape.programme],
        "presentees": _presented(etape),
        "inscrits": people,
        "lignes_vides": range(BLANK_LINES),
        "feuilles": fiche_sheets(etape) if FICHES in parts else [],
    }


def _presented(etape: "EtapePage") -> list[Any]:
    """The visible fiches presented, in order, as ``{"fiche", "heure"}``."""
    links = list(etape.presentations.all())
    visible = FichePage.objects.visible().defer("corps").in_bulk([link.fiche_id for link in links])
    return [
        {"fiche": visible[link.fiche_id], "heure": hour(link.heure) if link.heure else ""}
        for link in links
        if link.fiche_id in visible
    ]


def _moment(child: Any) -> dict[str, Any]:
    value = child.value
    hours = " – ".join(hour(each) for each in (value["debut"], value["fin"]) if each)
    return {
        "heures": hours,
        "genre": child.block.label,
        **{name: value[name] for name in ("titre", "intervenants", "texte")},
    }


def fiche_sheets(etape: "EtapePage") -> list[Any]:
    """The context of one page per visible fiche presented, in order, in the largest layout that fits."""
    keys = list(etape.presentations.values_list("fiche_id", flat=True))
    fiches = (
        FichePage.objects.visible().select_related("photo", "logo").prefetch_related("fiche_criteres").in_bulk(keys)
    )
    texts = ledger.contents("fiche", list(fiches))
    return [_sheet(fiches[key], texts[key]) for key in keys if key in texts]


def _sheet(fiche: FichePage, text: str) -> dict[str, Any]:
    grid = pdf.grid_for(link.tag_id for link in fiche.fiche_criteres.all())
    sheet, shape, _document = pdf.fit_to_page(pdf.sheet_context(orjson.loads(text), grid, fiche))
    return {**sheet, "forme": shape}


def printed(name: str, *parts: str) -> Callable[..., Any]:
    """Builds a view that serves the given parts of the kit as ``<name>-<étape's slug>.pdf``."""

    @require_safe
    @organiser_required
    def view(request: HttpRequest, etape: "EtapePage") -> HttpResponse:
        return pdf_response(request, f"{name}-{etape.slug}.pdf", lambda: kit_pdf(etape, parts=parts))

    return view


whole = printed("kit", *PARTS)
sign_in_sheet = printed("emargement", SHEET)
