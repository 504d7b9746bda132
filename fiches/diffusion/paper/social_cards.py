"""The social card of a fiche (``carte.png`` below it): a PNG of 1200 × 630 pixels, for social networks and chats.

A card is stored until its contents change, and deleted when the fiche is withdrawn.
"""

from io import BytesIO
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from fiches import content_language
from fiches.colours import colour
from fiches.diffusion.paper import pdf
from fiches.diffusion.renditions import absolute
from fiches.media.machine_lock import Busy
from fiches.publications import ledger

if TYPE_CHECKING:
    from fiches.models import FichePage


WIDTH, HEIGHT = 1200, 630
# Horizontal position where the text ends and the picture begins.
EDGE = 664
MARGIN = 64
HILLS = ("hill-1", "hill-2", "hill-3", "hill-4")
DISPLAY = "vendor/fonts/barlow-condensed-latin-600-normal.woff2"
TEXT = "fonts/text-400-normal.woff2"
TITLE_SIZES = (84, 76, 68, 60, 54, 48, 42)
MOST_LINES = 5
PICTURE = f"fill-{WIDTH - EDGE}x{HEIGHT}|format-jpeg"


def fiche_png(fiche: "FichePage", request: HttpRequest) -> HttpResponse:
    """View: the card of a public fiche; 404 for any other."""
    text = ledger.contents("fiche", [fiche.pk]).get(fiche.pk)
    if not text:
        raise Http404
    try:
        data = card(fiche, orjson.loads(text))
    except Busy:
        return HttpResponse(status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})
    response = HttpResponse(data, content_type="image/png")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def metadata(fiche: "FichePage") -> dict[str, Any]:
    """Returns ``{"url", "largeur", "hauteur", "alt"}`` of a fiche's card, for the page's ``<meta>`` elements."""
    place = [fiche.commune.nom] if fiche.commune else []
    alt = ", ".join([_("“%(title)s”") % {"title": fiche.title}, fiche.organisation, *place])
    return {"url": f"{absolute(fiche.full_url or '')}carte.png", "largeur": WIDTH, "hauteur": HEIGHT, "alt": alt}


def card(fiche: "FichePage", contents: dict[str, Any]) -> bytes:
    """Returns a fiche's card (PNG bytes); ``contents`` are its API contents."""
    photo = contents["photo"]["tailles"]["vignette"]["url"] if contents["photo"] else ""
    texts = [contents[name] for name in ("titre", "organisation", "commune", "departement_nom", "exemple")]
    inputs = [content_language.language_of(fiche), settings.WAGTAIL_SITE_NAME, photo, *texts]
    with content_language.in_language_of(fiche):  # the stored card is the same for every visitor
        return pdf.stored_file(f"carte-{fiche.pk}", inputs, lambda: draw(contents, _photo(fiche)), extension="png")


def _photo(fiche: "FichePage") -> Image.Image | None:
    """Returns the fiche's photo, cropped; None without one, or when its file is lost."""
    if fiche.photo is None:
        return None
    try:
        with fiche.photo.get_rendition(PICTURE).file.open("rb") as file:
            return Image.open(file).convert("RGB")
    except OSError:
        return None


def draw(contents: dict[str, Any], photo: Image.Image | None) -> bytes:
    """Draws a card (PNG bytes).

    :param photo: a Pillow image; a landscape is drawn in its place when it is None.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), colour("paper"))
    image.paste(photo or landscape(WIDTH - EDGE, HEIGHT), (EDGE, 0))
    pen = ImageDraw.Draw(image)
    _road_edge(pen)
    _words(pen, contents)
    _brand(image, pen)
    if contents["exemple"]:
        _badge(pen, _("example"))
    file = BytesIO()
    image.quantize(256).save(file, "PNG", optimize=True)
    return file.getvalue()


def _words(pen: Any, contents: dict[str, Any]) -> None:
    room = EDGE - 2 * MARGIN
    small, soft = font(DISPLAY, 34), font(TEXT, 28)
    pen.text((MARGIN, 56), _lines(contents["organisation"], small, room)[0], fill=colour("gold-ink"), font=small)
    title = _("“%(title)s”") % {"title": contents["titre"]}
    face, lines = _fitted(title, room)
    top = 108
    for line in lines:
        pen.text((MARGIN, top), line, fill=colour("ink"), font=face)
        top += round(face.size * 1.08)
    if contents["commune"]:
        place = f"{contents['commune']} ({contents['departement_nom']})"
        pen.text((MARGIN, top + 20), _lines(place, soft, room)[0], fill=colour("ink-soft"), font=soft)


def _fitted(title: str, room: int) -> tuple[Any, list[str]]:
    """Returns ``(font, lines)``: the largest font in which the title fits, and its lines, cut with « … » if it is too long."""
    for size in TITLE_SIZES:
        face = font(DISPLAY, size)
        lines = _lines(title, face, room)
        if len(lines) <= MOST_LINES and len(lines) * size <= 330:
            return face, lines
    first = lines[:MOST_LINES]
    while face.getlength(f"{first[-1]}…") > room:
        first[-1] = first[-1][:-1]
    return face, [*first[:-1], f"{first[-1].rstrip()}…"]


def _lines(text: str, face: Any, room: int | None) -> list[str]:
    """Splits ``text`` into lines of at most ``room`` pixels; a longer word is cut at the end of the line."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if face.getlength(longer) <= room:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if face.getlength(lines[-1] + letter) > room:
                lines.append("")
            lines[-1] += letter
    return lines


def font(name: str, size: int) -> Any:
    """Returns a font of the site; Pillow's default font where the host doesn't have the file."""
    path = finders.find(name)
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


def _road_edge(pen: Any) -> None:
    pen.rectangle((EDGE - 12, 0, EDGE + 12, HEIGHT), fill=colour("ink"))
    for top in range(12, HEIGHT, 48):
        pen.rectangle((EDGE - 2, top, EDGE + 2, top + 24), fill=colour("gold"))


def _brand(image: Image.Image, pen: Any) -> None:
    mark = 64
    image.paste(_mark(mark), (MARGIN, HEIGHT - MARGIN - mark + 12), _disc(mark))
    place = (MARGIN + mark + 20, HEIGHT - MARGIN - mark // 2 + 12)
    pen.text(place, settings.WAGTAIL_SITE_NAME, fill=colour("fir-deep"), font=font(DISPLAY, 44), anchor="lm")


def _mark(size: int) -> Image.Image:
    """Draws the site's logo in its circle: sun, hill, road."""
    big = 4 * size
    image = Image.new("RGB", (big, big), colour("gold"))
    pen = ImageDraw.Draw(image)
    scale = big / 48
    hill = [(0, 29), (11, 11), (17, 20), (22, 12), (31, 26), (35, 20), (48, 29), (48, 48), (0, 48)]
    pen.polygon([(x * scale, y * scale) for x, y in hill], fill=colour("fir"))
    road = [(15, 44), (20, 38), (30, 34), (33, 30), (28, 26), (21, 20)]
    pen.line([(x * scale, y * scale) for x, y in road], fill=colour("ink"), width=round(6 * scale), joint="curve")
    pen.line([(x * scale, y * scale) for x, y in road], fill=colour("paper"), width=round(1.4 * scale), joint="curve")
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _disc(size: int) -> Image.Image:
    mask = Image.new("L", (4 * size, 4 * size), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, 4 * size - 1, 4 * size - 1), fill=255)
    return mask.resize((size, size), Image.Resampling.LANCZOS)


def _badge(pen: Any, text: Any) -> None:
    face = font(DISPLAY, 30)
    left, top, right, bottom = pen.textbbox((EDGE + 44, 40), text, font=face)
    pen.rounded_rectangle(
        (left - 16, top - 10, right + 16, bottom + 10), 6, fill=colour("gold-pale"), outline=colour("ink"), width=2
    )
    pen.text((EDGE + 44, 40), text, fill=colour("ink"), font=face)


def landscape(width: int, height: int) -> Image.Image:
    """Draws the landscape of a card without photo: hills, sun, road."""
    big = 2
    image = Image.new("RGB", (width * big, height * big), colour("gold-pale"))
    pen = ImageDraw.Draw(image)

    def at(*points: tuple[float, float]) -> Any:
        return [(x * width * big, y * height * big) for x, y in points]

    pen.ellipse([*at((0.56, 0.1))[0], *at((0.86, 0.36))[0]], fill=colour("gold"))
    for number, hill in enumerate(HILLS):
        base = 0.42 + 0.14 * number
        ridge = [(step / 8, base + 0.07 * ((step * (number + 3) * 5) % 7 - 3) / 6) for step in range(9)]
        pen.polygon(at((0, 1), *_smooth(ridge), (1, 1)), fill=colour(hill))
    road = _smooth([(0.1, 1.05), (0.5, 0.93), (0.72, 0.86), (0.42, 0.8), (0.3, 0.76), (0.52, 0.72)])
    pen.line(at(*road), fill=colour("ink"), width=26 * big, joint="curve")
    for start in range(0, len(road) - 3, 6):
        pen.line(at(*road[start : start + 4]), fill=colour("gold"), width=3 * big)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _smooth(points: Any) -> Any:
    """Returns the points of a Catmull-Rom curve through ``points``."""
    ends = [points[0], *points, points[-1]]
    curve = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(12):
            t = step / 12
            curve.append(tuple(_spline(*axis, t) for axis in zip(before, start, end, after, strict=True)))
    return [*curve, points[-1]]


def _spline(before: float, start: float, end: float, after: float, t: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
