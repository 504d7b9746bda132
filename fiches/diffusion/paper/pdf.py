"""Paper: the one-page fiche as the carnet printed it, and the booklet of a query. Tagged (PDF/UA), in the language of the fiche.

A file is made once and kept until what it shows changes. Nothing is fetched from the network while it is made.
"""

import base64
import re
from collections.abc import Callable
from functools import cache
from hashlib import blake2s
from io import BytesIO

import orjson
import segno
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.template.loader import render_to_string
from django.utils import translation

from fiches import langues
from fiches.couleurs import as_properties, colour, colours
from fiches.diffusion.images import read_pictures
from fiches.media.turns import turn
from fiches.models import Critere
from fiches.models.characterisation import characterise
from fiches.publications import ledger
from fiches.publications.release import release

FOLDER = "diffusion"
# Seconds that a reader waits for a file to be begun; then it is told to come back.
WAIT = 1.0
# Sizes of the text, in tenths of a point, the largest first: a short text fills its page, a long one fits on it.
SCALES = (136, 126, 118, 110, 104, 98, 92, 86, 80, 74, 68)
# Room for who to call and who paid: a taller foot where theirs doesn't fit, which the text gives up.
FEET = ("", " foot-high", " foot-higher")
IN_A_BOOKLET = 80
# Files on one shelf: whoever asks for booklet upon booklet doesn't fill the disk.
MOST_KEPT = 50
PICTURE = "max-1200x900|format-jpeg"
LOGO = "max-600x300|format-png"
STYLES = "diffusion/fiche-pdf.css"
FONTS = (
    "vendor/fonts/atkinson-hyperlegible-latin-400-normal.woff2",
    "vendor/fonts/atkinson-hyperlegible-latin-400-italic.woff2",
    "vendor/fonts/atkinson-hyperlegible-latin-700-normal.woff2",
    "vendor/fonts/barlow-condensed-latin-600-normal.woff2",
)
PROPERTY = re.compile(r"var\(--([\w-]+)\)")
ON_PAPER = ("texte", "titre", "citation", "chiffres_cles", "mise_en_oeuvre")


class PaperUnavailable(Exception):  # noqa: N818 - a state of the machine, not a fault of the caller
    """The machine lacks what makes PDF files (see the operator's documentation: pango)."""


def load():
    """WeasyPrint, if the machine has what it needs.

    :raises PaperUnavailable: when the package or its libraries are missing.
    """
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise PaperUnavailable(str(error)) from error
    return weasyprint


def fiche_pdf(fiche):
    """The bytes of a fiche's page."""
    text = ledger.contents("fiche", [fiche.pk])[fiche.pk]
    grid = grid_for(fiche.fiche_criteres.values_list("tag_id", flat=True))
    asked = [langues.language_of(fiche), text, *(f"{line['dimension'].nom} {line['criteres']}" for line in grid)]
    return kept(f"fiche-{fiche.pk}", asked, lambda: _written(fitted(paper(orjson.loads(text), grid, fiche))[2]))


def fitted(sheet):
    """``(sheet, shape, document)``: the fiche as large as fits its page, and the classes that lay it out so; past the
    smallest size, the end of the text is left to the site. The foot is never cut: a tall one takes from the text."""
    for foot in FEET:
        fit = _fitted_above(sheet, foot)
        if len(fit[2].pages) == 1:
            break
    return fit


def _fitted_above(sheet, foot):
    blocks = sheet["blocs"]
    attempts = [(scale, len(blocks)) for scale in SCALES]
    attempts += [(SCALES[-1], number) for number in range(len(blocks) - 1, -1, -1)]

    @cache  # what was tried is not laid out again to be written
    def laid_out(attempt):
        scale, number = attempts[attempt]
        cut = {**sheet, "blocs": blocks[:number], "abrege": number < len(blocks)}
        shape = f"scale-{scale}{foot}"
        return cut, shape, _laid_out([cut], f"fiche {shape}", langue=sheet["langue"])

    def fits(attempt):
        return len(laid_out(attempt)[2].pages) == 1

    last = len(attempts) - 1
    low, high = 0, last
    while low < high:  # each attempt takes less room than the one before: half of them are ruled out each time
        middle = (low + high) // 2
        if fits(middle):
            high = middle
        elif middle >= len(SCALES) - 1 and not fits(last):
            low = last  # with no text at all, the foot itself doesn't fit
        else:
            low = middle + 1
    return laid_out(low)


def booklet(title, subtitle, fiches, langue):
    """A booklet: a cover with its contents, then the fiches, each on a page of its own.

    :param fiches: FichePage, in order, in the language ``langue``.
    :returns: :class:`Sheet`.
    """
    texts = ledger.contents("fiche", [fiche.pk for fiche in fiches])
    met = _criteria_of(fiches)
    shown = [fiche for fiche in fiches if fiche.pk in texts]
    asked = [langue, title, subtitle, *texts.values(), orjson.dumps(_grid_words()).decode()]

    def make():
        sheets = [paper(orjson.loads(texts[fiche.pk]), grid_for(met[fiche.pk]), fiche) for fiche in shown]
        shape = f"livret scale-{IN_A_BOOKLET}"
        return _written(_laid_out(sheets, shape, langue=langue, title=title, subtitle=subtitle))

    return Sheet("livret", asked, make)


def _criteria_of(fiches):
    met = {fiche.pk: set() for fiche in fiches}
    for fiche in fiches:
        met[fiche.pk] = {link.tag_id for link in fiche.fiche_criteres.all()}
    return met


def _grid_words():
    return list(Critere.objects.values_list("pk", "name", "dimension__nom"))


def grid_for(met):
    return characterise(met=set(met))


def paper(contents, grid, fiche):
    """What the template lays out of a fiche."""
    logos = [contents["partenaire"]] if contents["partenaire"] else []
    return {
        "fiche": contents,
        "langue": langues.language_of(fiche),
        "grille": grid,
        "blocs": list(_blocks(contents["corps"])),
        "qr": qr(contents["url"]),
        "image": embedded(fiche.photo, PICTURE),
        "logo": embedded(fiche.logo, LOGO),
        "partenaires": logos,
        "abrege": False,
    }


def _blocks(body):
    """The blocks that stand on paper, running text cut between its paragraphs."""
    for block in body:
        if block["type"] == "texte":
            for element in BeautifulSoup(block["html"], "html.parser").children:
                if str(element).strip():
                    yield {"type": "texte", "html": str(element)}
        elif block["type"] in ON_PAPER:
            yield block


def qr(url):
    """A QR code of ``url``, as the address of its drawing."""
    drawing = BytesIO()
    segno.make(url, error="m").save(drawing, kind="svg", border=0, xmldecl=False, svgns=True, dark=colour("fir-deep"))
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.getvalue()).decode()}"


def embedded(image, spec):
    """A picture's bytes as an address, ``""`` without one or when its file is lost."""
    if image is None:
        return ""
    picture = read_pictures({image.pk}).get(image.pk)
    try:
        rendition = picture.get_rendition(spec)
        with rendition.file.open("rb") as file:
            data = base64.b64encode(file.read()).decode()
    except OSError:
        return ""
    kind = "png" if spec.endswith("png") else "jpeg"
    return f"data:image/{kind};base64,{data}"


def printed(template, context, *, styles=()):
    """The bytes of a tagged PDF, in the site's language: ``template`` under the fiche's styles, then ``styles`` (names of
    static files). Pictures are ``data:`` addresses; ``{{ site }}`` is the site's name.

    :raises PaperUnavailable: see :func:`load`.
    """
    return _written(_rendered(template, context, styles))


def rendered(template, context, *, styles=()):
    """The document that :func:`printed` writes, whose ``pages`` can be counted before :func:`written` makes its bytes."""
    return _rendered(template, context, styles)


def written(document):
    return _written(document)


def _laid_out(sheets, shape, *, langue, **context):
    """In the words of the language of the fiches, whoever asks first."""
    shown = {"feuilles": sheets, "forme": shape, "langue": langue, **context}
    return _rendered("diffusion/papier.html", shown, langue=langue)


def _rendered(template, context, styles=(), *, langue=settings.LANGUAGE_CODE):
    weasyprint = load()
    with translation.override(langue):
        markup = render_to_string(template, {"site": settings.WAGTAIL_SITE_NAME, **context})
    fetcher, fonts = _fetcher(weasyprint), weasyprint.text.fonts.FontConfiguration()
    sheets = [
        weasyprint.CSS(string=text, url_fetcher=fetcher, font_config=fonts) for text in map(_styles, (STYLES, *styles))
    ]
    page = weasyprint.HTML(string=markup, base_url="paper:", url_fetcher=fetcher)
    return page.render(font_config=fonts, stylesheets=sheets)


def _written(document):
    return document.write_pdf(pdf_variant="pdf/ua-1", custom_metadata=True)


def styles():
    """The fiche's style sheet, for who shows the sheet on a screen; its fonts are ``paper:`` addresses."""
    return _styles(STYLES)


def _styles(name):
    """A style sheet after the colours that it names. WeasyPrint reads no custom property in ``@page``: their values stand there."""
    with open(finders.find(name), encoding="utf-8") as file:
        text = file.read()
    return PROPERTY.sub(lambda match: colours().get(match[1], match[0]), text)


def _fetcher(weasyprint):
    """Gives our fonts and what stands in the page itself; refuses everything else, network and disk alike."""

    class OurFiles(weasyprint.urls.URLFetcher):
        def fetch(self, url, headers=None):
            if url.startswith("data:"):
                return super().fetch(url, headers)
            name = url.removeprefix("paper:")
            found = finders.find(name) if name in FONTS else None
            if not found:
                raise ValueError(f"Not one of our files: {url[:80]}")
            return weasyprint.urls.URLFetcherResponse(url, _decoded_font(found), {"Content-Type": "font/ttf"})

    return OurFiles(allowed_protocols=("data", "paper"))


@cache  # WeasyPrint would decode each font again for each layout: a third of a second
def _decoded_font(path):
    """The bytes of a WOFF2 file as a TrueType font."""
    from fontTools.ttLib.woff2 import decompress

    decoded = BytesIO()
    with open(path, "rb") as file:
        decompress(file, decoded)
    return decoded.getvalue()


# --- What is kept -----------------------------------------------------------------------------------------------------


def _storage():
    return storages["private" if "private" in settings.STORAGES else "default"]


def in_turn():
    """Holds the machine's turn to make a file, for what is made anew and kept nowhere (a draft, a kit).

    :raises fiches.media.turns.Busy: when others are being made and this one's turn did not come in ``WAIT`` seconds.
    """
    return turn("paper", wait=WAIT)


def kept(name: str, shown: list[str], make: Callable[[], bytes], extension: str = "pdf") -> bytes:
    """The file made from what is ``shown``: see :meth:`Sheet.read`."""
    return Sheet(name, shown, make, extension).read()


class Sheet:
    """A file made from what is ``shown``, in the colours of now, by this release of the code, and kept on the shelf
    ``name`` under its ``digest``."""

    def __init__(self, name: str, shown: list[str], make: Callable[[], bytes], extension: str = "pdf") -> None:
        said = " ".join([release(), as_properties(), *map(str, shown)])
        self.name, self.make = name, make
        self.digest = blake2s(said.encode(), digest_size=16).hexdigest()
        self.shelf = f"{FOLDER}/{name}"
        self.path = f"{self.shelf}/{self.digest}.{extension}"

    def is_made(self) -> bool:
        return _storage().exists(self.path)

    def read(self) -> bytes:
        """Its bytes, from its shelf when it was made already; older ones of its name go. One at a time is made on the
        machine.

        :raises fiches.media.turns.Busy: when others are being made and this one's turn did not come in ``WAIT`` seconds.
        """
        storage = _storage()
        if storage.exists(self.path):
            return _read(storage, self.path)
        with in_turn():
            if storage.exists(self.path):  # made while this one waited
                return _read(storage, self.path)
            data = self.make()
            if self.name.startswith(("fiche-", "carte-")) or _is_full(storage, self.shelf):
                clear(self.name)
            storage.save(self.path, ContentFile(data))
        return data


def _is_full(storage, shelf):
    return storage.exists(shelf) and len(storage.listdir(shelf)[1]) >= MOST_KEPT


def _read(storage, path):
    with storage.open(path) as file:
        return file.read()


def clear_all():
    """Takes every file off its shelf: each is made again when next asked for."""
    storage = _storage()
    if storage.exists(FOLDER):
        for name in storage.listdir(FOLDER)[0]:
            clear(name)


def clear(name):
    """Takes the files of this name off their shelf."""
    shelf, storage = f"{FOLDER}/{name}", _storage()
    if storage.exists(shelf):
        for file in storage.listdir(shelf)[1]:
            storage.delete(f"{shelf}/{file}")
