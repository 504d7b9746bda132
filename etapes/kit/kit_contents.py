"""Contents of an étape's PDF kit. It contains names, so it is generated on request and never stored."""

from hashlib import blake2s
from typing import TYPE_CHECKING, Any

import orjson
from django.core.cache import cache

from etapes.inscriptions.date_and_place import when, where
from etapes.kit.poster_layout import layout
from fiches.diffusion.paper import pdf
from fiches.formats import hour
from fiches.models import FichePage
from fiches.publications import ledger

if TYPE_CHECKING:
    from etapes.models import EtapePage, Inscription


STYLES = ("etapes/kit/kit.css",)
TEMPLATE = "etapes/pdf/kit.html"
BADGES_A_PAGE, BADGES_A_ROW = 8, 2
# Lines of the sign-in sheet for people who come without having registered.
BLANK_LINES = 12

POSTER, PROGRAMME, SHEET, BADGES, FICHES = PARTS = ("affiche", "programme", "emargement", "badges", "fiches")


def kit_pdf(etape: "EtapePage", *, parts: tuple[str, ...] = PARTS) -> bytes:
    """Returns a PDF file (bytes) with the given ``parts`` of the kit; an empty part has no page.

    :raises fiches.diffusion.paper.pdf.PaperUnavailable: the PDF library is not installed.
    :raises fiches.media.machine_lock.Busy: too many PDF files are being generated.
    """
    with pdf.hold_paper_lock():
        return pdf.render_pdf(TEMPLATE, contents(etape, parts), styles=STYLES)


def contents(etape: "EtapePage", parts: tuple[str, ...]) -> Any:
    """The template's context."""
    people = list(etape.inscrits.confirmed().order_by("nom", "pk"))
    url = etape.full_url or ""
    when_and_where = {"quand": when(etape), "ou": where(etape)}
    return {
        "etape": etape,
        "parties": parts,
        "title": etape.title,
        **when_and_where,
        "affiche": layout(etape, **when_and_where),
        "adresse": url.removeprefix("https://").removeprefix("http://").rstrip("/"),
        "url": url,
        "qr": pdf.qr(url) if url else "",
        "photo": pdf.data_url(etape.photo, pdf.PICTURE),
        "organisateurs": [
            {"nom": link.partenaire.nom, "logo": pdf.data_url(link.partenaire.logo, pdf.LOGO)}
            for link in etape.organisations.select_related("partenaire__logo")
        ],
        "programme": [_moment(child) for child in etape.programme],
        "presentees": _presented(etape),
        "inscrits": people,
        "lignes_vides": range(BLANK_LINES),
        "pages_de_badges": [_batches(page, BADGES_A_ROW) for page in _batches(people, BADGES_A_PAGE)],
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


def _batches(things: "list[Inscription]", size: int) -> list[Any]:
    return [things[start : start + size] for start in range(0, len(things), size)]


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
    sheet = pdf.sheet_context(orjson.loads(text), grid, fiche)
    digest = blake2s(f"{text}{grid}".encode(), digest_size=16).hexdigest()
    fitted: Any = cache.get_or_set(f"etapes-kit-forme-{digest}", lambda: _fit(sheet), 24 * 3600)
    shape, number = fitted
    abridged = number < len(sheet["blocs"])
    return {**sheet, "blocs": sheet["blocs"][:number], "abrege": abridged, "forme": shape}


def _fit(sheet: dict[str, Any]) -> Any:
    cut, shape, _document = pdf.fit_to_page(sheet)
    return shape, len(cut["blocs"])
