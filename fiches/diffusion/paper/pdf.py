"""PDF files by WeasyPrint, tagged (PDF/UA): the one-page fiche in the carnet's layout.

A file is stored until its contents change. WeasyPrint may read our fonts and ``data:`` URLs, and nothing from the network or disk.
"""

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from hashlib import blake2s
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

import orjson
import segno
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from fiches import content_language
from fiches.diffusion.renditions import pictures_by_key
from fiches.models.grille import characterise
from fiches.pages.colours import as_properties, colour, colours
from fiches.publications.version import release
from fiches.upkeep.machine_lock import hold_machine_lock

if TYPE_CHECKING:
    from fiches.models import FichePage


FOLDER = "diffusion"
# Text sizes to try, in tenths of a point, the largest first.
SCALES = (136, 118, 104, 92, 80, 68)
# CSS classes for the height of the footer (contact, funders), the lowest first.
FOOTERS = ("", " foot-high", " foot-higher")
PICTURE = "max-1200x900|format-jpeg"
LOGO = "max-600x300|format-png"
STYLES = "diffusion/fiche-pdf.css"
FONTS = (
    "fonts/text-400-normal.woff2",
    "fonts/text-400-italic.woff2",
    "fonts/text-700-normal.woff2",
    "vendor/fonts/barlow-condensed-latin-600-normal.woff2",
)
PROPERTY = re.compile(r"var\(--([\w-]+)\)")
# Block types that a PDF shows, beside those with HTML.
PRINTED_BLOCKS = ("titre", "citation", "chiffres_cles", "mise_en_oeuvre")


class PaperUnavailable(Exception):  # noqa: N818 - a state of the machine, not a fault of the caller
    """WeasyPrint or its libraries (pango) are not installed; see the operator's documentation."""


@cache
def is_installed() -> bool:
    """Whether the package has its extra ``pdf``. Without it, no page links to a PDF."""
    return find_spec("weasyprint") is not None


def load() -> Any:
    """Imports and returns ``weasyprint``.

    :raises PaperUnavailable: when the package or its libraries are missing.
    """
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise PaperUnavailable(str(error)) from error
    return weasyprint


def fiche_pdf(fiche: "FichePage", text: str) -> bytes:
    """Returns the PDF of a public fiche (bytes); ``text`` is its API contents, as JSON."""
    grid = grid_for(fiche.fiche_criteres.values_list("tag_id", flat=True))
    inputs = [
        content_language.language_of(fiche),
        text,
        *(f"{line['dimension'].nom} {line['criteres']}" for line in grid),
    ]

    def make() -> Any:
        _sheet, _shape, document = fit_to_page(sheet_context(orjson.loads(text), grid, fiche))
        return write_pdf(document)

    return stored_file(f"fiche-{fiche.pk}", inputs, make)


def fit_to_page(sheet: dict[str, Any]) -> tuple[dict[str, Any], str, Any]:
    """Lays a fiche out on one page, with the largest text that fits.

    At the smallest size, the last blocks are left out (the reader finds them on the site). The footer is never cut: a taller one
    leaves less room for the text.

    :param sheet: as :func:`sheet_context` gives it.
    :returns: ``(sheet, shape, document)``: the sheet as printed, its CSS classes, WeasyPrint's document.
    """
    for footer in FOOTERS:
        fit = _fit_with_footer(sheet, footer)
        if len(fit[2].pages) == 1:
            break
    return fit


def _fit_with_footer(sheet: dict[str, Any], footer: str) -> tuple[dict[str, Any], str, Any]:
    blocks = sheet["blocs"]
    attempts = [(scale, len(blocks)) for scale in SCALES]
    attempts += [(SCALES[-1], number) for number in range(len(blocks) - 1, -1, -1)]

    @cache  # the result of the search is not laid out twice
    def laid_out(attempt: int) -> tuple[dict[str, Any], str, Any]:
        scale, number = attempts[attempt]
        cut = {**sheet, "blocs": blocks[:number], "abrege": number < len(blocks)}
        shape = f"scale-{scale}{footer}"
        return cut, shape, _lay_out(cut, f"fiche {shape}", langue=sheet["langue"])

    def fits(attempt: int) -> bool:
        return len(laid_out(attempt)[2].pages) == 1

    last = len(attempts) - 1
    low, high = 0, last
    while low < high:  # binary search: each attempt takes less room than the one before
        middle = (low + high) // 2
        if fits(middle):
            high = middle
        elif middle >= len(SCALES) - 1 and not fits(last):
            low = last  # even without text, the footer doesn't fit
        else:
            low = middle + 1
    return laid_out(low)


def grid_for(criteria: Iterator[Any] | QuerySet | set[int]) -> list[Any]:
    """Returns the whole grid, with the criteria of these primary keys marked as met."""
    return characterise(met=set(criteria))


def sheet_context(contents: dict[str, Any], grid: list[Any], fiche: "FichePage") -> dict[str, Any]:
    """Returns the template context of a fiche's page.

    :param contents: the fiche's API contents (see `fiches.diffusion.contents`).
    :param grid: as :func:`grid_for` gives it.
    """
    logos = [contents["partenaire"]] if contents["partenaire"] else []
    return {
        "fiche": contents,
        "langue": content_language.language_of(fiche),
        "grille": grid,
        "blocs": list(_blocks(contents["corps"])),
        "qr": qr(contents["url"]),
        "image": data_url(fiche.photo, PICTURE),
        "logo": data_url(fiche.logo, LOGO),
        "partenaires": logos,
        "abrege": False,
    }


def _blocks(body: list[Any]) -> Iterator[dict[str, str]]:
    """Yields the blocks that a PDF shows; one that has its HTML (a text, a block of another app) is split into one block per
    element, without pictures, which a PDF can't fetch."""
    for block in body:
        if "html" in block:
            markup = BeautifulSoup(block["html"], "html.parser")
            for picture in markup.find_all("img"):
                picture.decompose()
            for element in markup.children:
                if str(element).strip():
                    yield {"type": "texte", "html": str(element)}
        elif block["type"] in PRINTED_BLOCKS:
            yield block


def qr(url: str) -> str:
    """Returns a QR code of ``url`` as a ``data:`` URL (SVG)."""
    drawing = BytesIO()
    segno.make(url, error="m").save(drawing, kind="svg", border=0, xmldecl=False, svgns=True, dark=colour("fir-deep"))
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.getvalue()).decode()}"


def data_url(image: Model | None, spec: Any) -> str:
    """Returns a rendition of ``image`` as a ``data:`` URL; ``""`` without an image, or when its file is lost."""
    if image is None:
        return ""
    picture = pictures_by_key({image.pk}).get(image.pk)
    try:
        rendition = picture.get_rendition(spec)
        with rendition.file.open("rb") as file:
            data = base64.b64encode(file.read()).decode()
    except OSError:
        return ""
    kind = "png" if spec.endswith("png") else "jpeg"
    return f"data:image/{kind};base64,{data}"


def render_pdf(template: str, context: dict[str, Any], *, styles: tuple[str, ...] = ()) -> bytes:
    """Renders a template to a tagged PDF: see :func:`render_document`."""
    return write_pdf(render_document(template, context, styles=styles))


def _lay_out(sheet: dict[str, Any], shape: str, *, langue: str) -> Any:
    """Renders the page of a fiche in its own language, not in that of the request."""
    context = {"feuille": sheet, "forme": shape, "langue": langue}
    return render_document("diffusion/papier.html", context, langue=langue)


def render_document(
    template: str, context: dict[str, Any], *, styles: tuple[str, ...] = (), langue: str = settings.LANGUAGE_CODE
) -> Any:
    """Renders a template to WeasyPrint's document, whose ``pages`` can be counted before :func:`write_pdf`.

    :param context: its pictures are ``data:`` URLs; ``site``, the site's name, is added.
    :param styles: names of static files, after the fiche's style sheet.
    :raises PaperUnavailable: see :func:`load`.
    """
    weasyprint = load()
    with translation.override(langue):
        markup = render_to_string(template, {"site": settings.WAGTAIL_SITE_NAME, **context})
    fetcher, fonts = _fetcher(weasyprint), weasyprint.text.fonts.FontConfiguration()
    sheets = [
        weasyprint.CSS(string=text, url_fetcher=fetcher, font_config=fonts) for text in map(_styles, (STYLES, *styles))
    ]
    page = weasyprint.HTML(string=markup, base_url="paper:", url_fetcher=fetcher)
    return page.render(font_config=fonts, stylesheets=sheets)


def write_pdf(document: Any) -> bytes:
    """Returns the bytes of a document as PDF/UA."""
    return document.write_pdf(pdf_variant="pdf/ua-1", custom_metadata=True)


def styles() -> str:
    """Returns the fiche's style sheet, for its preview on screen; its fonts have ``paper:`` URLs."""
    return _styles(STYLES)


def _styles(name: Any) -> str:
    """Returns a style sheet with the colours in place of ``var(--…)``, since WeasyPrint reads no custom property in ``@page``."""
    with open(finders.find(name), encoding="utf-8") as file:
        text = file.read()
    return PROPERTY.sub(lambda match: colours().get(match[1], match[0]), text)


def _fetcher(weasyprint: Any) -> Any:
    """Returns a URL fetcher that allows our fonts and ``data:`` URLs, and refuses everything else on network and disk."""

    class FontFetcher(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            name = url.removeprefix("paper:")
            path = finders.find(name) if name in FONTS else None
            if not path:
                raise ValueError(f"Not one of our files: {url[:80]}")
            return weasyprint.urls.URLFetcherResponse(url, _decoded_font(path), {"Content-Type": "font/ttf"})

    return FontFetcher(allowed_protocols=("data", "paper"))


@cache  # otherwise WeasyPrint decodes each font again for each layout: a third of a second
def _decoded_font(path: str) -> bytes:
    """Converts a WOFF2 file to the bytes of a TrueType font."""
    from fontTools.ttLib.woff2 import decompress

    decoded = BytesIO()
    with open(path, "rb") as file:
        decompress(file, decoded)
    return decoded.getvalue()


# --- Stored files -----------------------------------------------------------------------------------------------------


def _storage() -> Any:
    return storages["private" if "private" in settings.STORAGES else "default"]


def hold_paper_lock() -> AbstractContextManager[None]:
    """Context manager: holds the machine-wide lock for making files; for those that aren't stored (a draft, a kit).

    :raises fiches.upkeep.machine_lock.Busy: when another file is being made: a reader then waits on a page that asks again, and holds no worker.
    """
    return hold_machine_lock("paper", wait=0)


def stored_file(name: str, inputs: list[str], make: Callable[[], bytes]) -> bytes:
    """Returns the bytes of a generated file of the private storage, at ``diffusion/<name>/<digest>.pdf``; makes and stores it if it
    doesn't exist, and deletes older versions.

    :param inputs: the texts that the file shows. The digest depends on them, on the colours and on the release of the code.
    :raises fiches.upkeep.machine_lock.Busy: see :func:`hold_paper_lock`.
    """
    text = " ".join([release(), as_properties(), *map(str, inputs)])
    path = f"{FOLDER}/{name}/{blake2s(text.encode(), digest_size=16).hexdigest()}.pdf"
    storage = _storage()
    if storage.exists(path):
        return _read(storage, path)
    with hold_paper_lock():
        if storage.exists(path):  # made while waiting for the lock
            return _read(storage, path)
        data = make()
        clear(name)
        storage.save(path, ContentFile(data))
    return data


def _listed(storage: Any, folder: str) -> tuple[list[str], list[str]]:
    """Returns the names of the folders and of the files in a folder; two empty lists if it doesn't exist. ``exists`` is not asked: S3
    answers False for every folder."""
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _read(storage: Any, path: str) -> bytes:
    with storage.open(path) as file:
        return file.read()


def clear_all() -> None:
    """Deletes all stored files; each is made again at the next request."""
    for name in stored_names():
        clear(name)


def stored_names() -> set[str]:
    """Returns the names under which files are stored, or were."""
    return set(_listed(_storage(), FOLDER)[0])


def clear(name: str) -> None:
    """Deletes the stored files of this name (``fiche-<pk>``, ``carte-<pk>``…)."""
    folder, storage = f"{FOLDER}/{name}", _storage()
    for file in _listed(storage, folder)[1]:
        storage.delete(f"{folder}/{file}")
