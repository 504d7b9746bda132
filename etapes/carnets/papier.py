"""The leaflet: an issue on four A4 pages, like the n° 1. Tagged (PDF/UA), in French, made once for what it says."""

from itertools import accumulate, combinations

import orjson
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import override

from etapes.carnets.contenu import contents
from etapes.carnets.models import CarnetPage
from fiches.diffusion.paper import paper_views, pdf
from fiches.models.routes import add_route
from fiches.publications.conditional import versioned

PAGES = 4
TEMPLATE = "carnets/papier/carnet.html"
STYLES = ("carnets/carnet-pdf.css",)
# Sizes of the text, in tenths of a point, the largest first.
SCALES = (150, 140, 128, 118, 110, 102, 94, 86, 78, 70)
# Smaller than that, text that flows from page to page reads better than a part on each page.
WITH_EASE = 100
WEIGHTS = {"titre": 120, "image": 900, "galerie": 1400, "chiffres_cles": 350, "document": 80}
EACH = {"fiches": 900, "etapes": 190, "prix": 330}
# What the masthead and the foot of the last page take of theirs.
COVER, BACK = 700, 500


def leaflet_pdf(carnet):
    """The bytes of the leaflet, of exactly :data:`PAGES` pages."""
    with override(settings.LANGUAGE_CODE):
        said = contents(carnet)
    name = f"carnet-{carnet.pk}"
    with open(finders.find(STYLES[0]), encoding="utf-8") as file:
        shown = [file.read(), orjson.dumps(said, default=str).decode()]

    def make():
        pdf.clear(name)
        return pdf.written(four_pages(said))

    return pdf.kept(name, shown, make)


def draft_pdf(carnet):
    """The same of what is being written: made anew, kept nowhere, so that nobody else comes upon it."""
    with override(settings.LANGUAGE_CODE), pdf.in_turn():
        return pdf.written(four_pages(contents(carnet)))


def four_pages(said):
    """The document: each part on a page of its own where they are as many and its text stays large; else the text flows, as
    large as fits, and blank pages for notes make up the four. What four pages can't hold is left to the site, and said so."""
    blocks = [laid for block in said["blocs"] for laid in _on_paper(block)]
    parts = in_parts(blocks)
    if len(parts) >= PAGES:
        groups = spread(parts)
        _attempt, document = first_that_fits(
            [{"groups": groups, "scale": scale} for scale in SCALES if scale > WITH_EASE], said
        )
        if len(document.pages) == PAGES:
            return document
    return _flowing(said, blocks)


def first_that_fits(attempts, said):
    """``(attempt, document)``: the first of the ``attempts`` that takes :data:`PAGES` pages at most, or the last. Each takes
    less room than the one before, and few are laid out: one takes a second."""
    low, high, tried = 0, len(attempts) - 1, {}

    def laid_out(number):
        if number not in tried:
            tried[number] = _document(said, **attempts[number])
        return tried[number]

    while low < high:
        middle = (low + high) // 2
        if len(laid_out(middle).pages) <= PAGES:
            high = middle
        else:
            low = middle + 1
    return attempts[low], laid_out(low)


def _flowing(said, blocks):
    attempts = [{"groups": [blocks], "scale": scale} for scale in SCALES]
    attempts += [
        {"groups": [blocks[:number]], "scale": SCALES[-1], "abrege": True} for number in range(len(blocks) - 1, -1, -1)
    ]
    attempt, document = first_that_fits(attempts, said)
    blank = PAGES - len(document.pages)
    return _document(said, **attempt, notes=range(blank)) if blank else document


def _document(said, groups, scale, **more):
    context = {**said, "groupes": groups, "taille": scale, "qr": pdf.qr(said["url"]) if said["url"] else "", **more}
    return pdf.rendered(TEMPLATE, context, styles=STYLES)


def in_parts(blocks):
    """The blocks by part: a heading, or what is pulled in under its own title, begins one."""
    parts = []
    for block in blocks:
        begins = block["type"] == "titre" or (block["type"] in EACH and block["titre"])
        follows_heading = parts and parts[-1][-1]["type"] == "titre"
        if not parts or (begins and not follows_heading):
            parts.append([])
        parts[-1].append(block)
    return parts


def spread(parts):
    """The parts, in order, over the pages, as evenly as can be."""
    weights = [sum(map(weight, part)) for part in parts]
    sums = [0, *accumulate(weights)]

    def unevenness(cuts):
        edges = [0, *cuts, len(parts)]
        pages = [sums[end] - sums[start] for start, end in zip(edges, edges[1:], strict=False)]
        return sum(page**2 for page in (pages[0] + COVER, *pages[1:-1], pages[-1] + BACK))

    best = min(combinations(range(1, len(parts)), PAGES - 1), key=unevenness)
    edges = [0, *best, len(parts)]
    return [[block for part in parts[a:b] for block in part] for a, b in zip(edges, edges[1:], strict=False)]


def weight(block):
    """About how much room a block takes, in letters."""
    kind = block["type"]
    if kind in EACH:
        return EACH[kind] * len(block[kind])
    return WEIGHTS.get(kind) or len(block.get("texte", "")) + 60


def _on_paper(block):
    """The block as the template lays it out: running text by paragraph, pictures as ``data:`` addresses."""
    kind = block["type"]
    if kind == "texte":
        for element in BeautifulSoup(block["html"], "html.parser").children:
            if str(element).strip():
                text = getattr(element, "get_text", str)()
                yield {"type": kind, "html": str(element), "texte": text}
    elif kind == "image":
        yield _pictured(block)
    elif kind == "galerie":
        yield {**block, "images": [_pictured(each) for each in block["images"]]}
    elif kind == "fiches":
        yield {**block, "fiches": [{**fiche, "vue": _embedded(fiche["image"])} for fiche in block["fiches"]]}
    else:
        yield block


def _pictured(captioned):
    return {**captioned, "vue": _embedded(captioned["image"]["image"])}


def _embedded(image):
    return pdf.embedded(image, pdf.PICTURE) if image else ""


def answer(carnet, request):
    return paper_views.printed(request, f"{carnet.slug}.pdf", lambda: leaflet_pdf(carnet))


def register_routes():
    add_route(CarnetPage, "carnet.pdf", versioned(answer), name="pdf")
