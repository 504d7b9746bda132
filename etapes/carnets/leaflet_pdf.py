"""The leaflet: a road book as a four-page A4 PDF, tagged (PDF/UA), in the site's language, cached by its contents."""

from collections.abc import Iterator
from itertools import accumulate, combinations
from typing import Any

import orjson
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

from etapes.carnets.carnet_contents import contents
from etapes.carnets.models import CarnetPage
from fiches.diffusion.paper import paper_views, pdf
from fiches.models.routes import add_route
from fiches.publications.responses import versioned

PAGES = 4
TEMPLATE = "carnets/papier/carnet.html"
STYLES = ("carnets/carnet-pdf.css",)
# Font sizes to try, in tenths of a point, the largest first.
SCALES = (150, 140, 128, 118, 110, 102, 94, 86, 78, 70)
# Parts get a page each only if the text is larger than this; below, it flows from page to page.
MIN_SCALE_FOR_PARTS = 100
# Room that blocks take, in letters: by type, and per page or prize that a block selects.
WEIGHTS = {"titre": 120, "image": 900, "galerie": 1400, "chiffres_cles": 350, "document": 80}
EACH = {"fiches": 900, "etapes": 190, "prix": 330}
# Room that the masthead takes on the first page and the foot on the last, in letters.
COVER, BACK = 700, 500


def leaflet_pdf(carnet: CarnetPage) -> bytes:
    """Returns the leaflet (bytes), exactly :data:`PAGES` pages; cached by its contents and style sheet."""
    with override(settings.LANGUAGE_CODE):
        content = contents(carnet)
    name = f"carnet-{carnet.pk}"
    with open(str(finders.find(STYLES[0])), encoding="utf-8") as file:
        cache_key_parts = [file.read(), orjson.dumps(content, default=str).decode()]

    return pdf.stored_file(name, cache_key_parts, lambda: pdf.write_pdf(four_pages(content)))


def draft_pdf(carnet: CarnetPage) -> bytes:
    """Returns the leaflet of a draft (bytes), generated anew and never cached, since a draft is not public."""
    with override(settings.LANGUAGE_CODE), pdf.hold_paper_lock():
        return pdf.write_pdf(four_pages(contents(carnet)))


def four_pages(content: dict[str, Any]) -> Any:
    """Lays out a WeasyPrint document of :data:`PAGES` pages.

    With at least as many parts as pages, and if the text stays large enough, parts are spread over the pages. Otherwise the
    text flows, in the largest size that fits, and pages for notes fill up the rest. Blocks that do not fit are left out,
    with a mention of the site.
    """
    blocks = [laid for block in content["blocs"] for laid in _on_paper(block)]
    parts = in_parts(blocks)
    if len(parts) >= PAGES:
        groups = spread(parts)
        _attempt, document = first_that_fits(
            [{"groups": groups, "scale": scale} for scale in SCALES if scale > MIN_SCALE_FOR_PARTS], content
        )
        if len(document.pages) == PAGES:
            return document
    return _flowing(content, blocks)


def first_that_fits(attempts: Any, content: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """Returns ``(attempt, document)`` for the first of ``attempts`` that takes at most :data:`PAGES` pages, or the last.

    Binary search: each attempt must take less room than the one before. Laying one out takes about a second.
    """
    low, high, tried = 0, len(attempts) - 1, {}

    def laid_out(number: int) -> Any:
        if number not in tried:
            tried[number] = _document(content, **attempts[number])
        return tried[number]

    while low < high:
        middle = (low + high) // 2
        if len(laid_out(middle).pages) <= PAGES:
            high = middle
        else:
            low = middle + 1
    return attempts[low], laid_out(low)


def _flowing(content: dict[str, Any], blocks: list[Any]) -> Any:
    attempts = [{"groups": [blocks], "scale": scale} for scale in SCALES]
    attempts += [
        {"groups": [blocks[:number]], "scale": SCALES[-1], "abrege": True} for number in range(len(blocks) - 1, -1, -1)
    ]
    attempt, document = first_that_fits(attempts, content)
    blank = PAGES - len(document.pages)
    return _document(content, **attempt, notes=range(blank)) if blank else document


def _document(content: dict[str, Any], groups: Any, scale: int, **more: Any) -> Any:
    context = {
        **content,
        "groupes": groups,
        "taille": scale,
        "qr": pdf.qr(content["url"]) if content["url"] else "",
        **more,
    }
    return pdf.render_document(TEMPLATE, context, styles=STYLES)


def in_parts(blocks: list[Any]) -> list[Any]:
    """Groups the blocks into parts. A heading, or a block of selected pages with a title of its own, begins a part."""
    parts: list[list[Any]] = []
    for block in blocks:
        begins = block["type"] == "titre" or (block["type"] in EACH and block["titre"])
        follows_heading = parts and parts[-1][-1]["type"] == "titre"
        if not parts or (begins and not follows_heading):
            parts.append([])
        parts[-1].append(block)
    return parts


def spread(parts: Any) -> Any:
    """Distributes the parts, in order, over :data:`PAGES` pages as evenly as possible. Returns a list of blocks per page."""
    weights = [sum(map(weight, part)) for part in parts]
    sums = [0, *accumulate(weights)]

    def unevenness(cuts: tuple[int, ...]) -> int:
        edges = [0, *cuts, len(parts)]
        pages = [sums[end] - sums[start] for start, end in zip(edges, edges[1:], strict=False)]
        return sum(page**2 for page in (pages[0] + COVER, *pages[1:-1], pages[-1] + BACK))

    best = min(combinations(range(1, len(parts)), PAGES - 1), key=unevenness)
    edges = [0, *best, len(parts)]
    return [[block for part in parts[a:b] for block in part] for a, b in zip(edges, edges[1:], strict=False)]


def weight(block: dict[str, Any]) -> int:
    """The estimated room of a block, in letters."""
    kind = block["type"]
    if kind in EACH:
        return EACH[kind] * len(block[kind])
    return WEIGHTS.get(kind) or len(block.get("texte", "")) + 60


def _on_paper(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields the block as the template needs it: text split into paragraphs, pictures as ``data:`` URLs."""
    kind = block["type"]
    if "html" in block:
        markup = BeautifulSoup(block["html"], "html.parser")
        for picture in markup.find_all("img"):
            picture.decompose()
        for element in markup.children:
            if str(element).strip():
                text = getattr(element, "get_text", str)()
                yield {"type": "texte", "html": str(element), "texte": text}
    elif kind == "image":
        yield _pictured(block)
    elif kind == "galerie":
        yield {**block, "images": [_pictured(each) for each in block["images"]]}
    elif kind == "fiches":
        yield {**block, "fiches": [{**fiche, "vue": _embedded(fiche["image"])} for fiche in block["fiches"]]}
    else:
        yield block


def _pictured(captioned: Any) -> Any:
    return {**captioned, "vue": _embedded(captioned["image"]["image"])}


def _embedded(image: Model | None) -> str:
    return pdf.data_url(image, pdf.PICTURE) if image else ""


def serve_leaflet(carnet: CarnetPage, request: HttpRequest) -> HttpResponse:
    return paper_views.pdf_response(request, f"{carnet.slug}.pdf", lambda: leaflet_pdf(carnet))


def register_routes() -> None:
    if pdf.is_installed():
        add_route(CarnetPage, "carnet.pdf", versioned(serve_leaflet), name="pdf")
