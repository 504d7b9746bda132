"""The site's own marks: favicon, icons, and the card that social networks show.

They are files of ``site/static/brand/``, drawn once and committed. To draw them anew, from the folder ``site``:
``python -m demo.drawings.brand``, after ``npm ci`` (the card is set in Barlow Condensed).
"""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from demo.drawings.pencil import DEEP, FIR, GOLD, INK, PAPER, STRAW, Sheet
from demo.drawings.scenery import firs, landscape, milestone, road

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "site/static/brand"
FONT = ROOT / "node_modules/@fontsource/barlow-condensed/files/barlow-condensed-latin-600-normal.woff2"

# The mark of templates/components/logo.html, in a square of 48.
CREST = [
    (-2, 33),
    (0.6, 29),
    (11, 11),
    (17, 20),
    (22, 12),
    (31, 26),
    (35, 20),
    (46.7, 29),
    (50, 32),
    (50, 50),
    (-2, 50),
]
BENDS = [((15, 43), (16, 35), (33, 37), (33, 30)), ((33, 30), (33, 24), (21, 26), (21, 20))]
FAVICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="24" fill="#e3aa2d"/>\
<path fill="#17493a" d="M.6 29 11 11l6 9 5-8 9 14 4-6 11.700 9A24 24 0 0 1 .6 29Z"/><g fill="none">\
<path stroke="#211e17" stroke-width="7" stroke-linecap="round" d="M15 43c1-8 18-6 18-13 0-6-12-4-12-10"/>\
<path stroke="#f8f2e4" stroke-width="1.500" stroke-dasharray="3.500 3" d="M15 43c1-8 18-6 18-13 0-6-12-4-12-10"/></g></svg>
"""


def write_brand(folder=FOLDER):
    """Writes every file of the brand in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "favicon.svg").write_text(FAVICON)
    for name, side in (
        ("favicon-32.png", 32),
        ("apple-touch-icon.png", 180),
        ("icon-192.png", 192),
        ("icon-512.png", 512),
    ):
        icon(side, round_=side == 32).save(folder / name, optimize=True)
    social_card().quantize(160, dither=Image.Dither.NONE).save(folder / "social-card.png", optimize=True)


def icon(side, *, round_=False):
    """The mark to the edges of a square, which systems round as they like; or in a disc, for browsers' tabs."""
    scale = max(8, 4 * side / 48)
    image = Image.new("RGBA", (round(48 * scale),) * 2, GOLD)
    pen = ImageDraw.Draw(image)
    shrink = 1 if round_ else 0.8

    def at(points):
        return [((24 + (x - 24) * shrink) * scale, (24 + (y - 24) * shrink) * scale) for x, y in points]

    pen.polygon(at([(x * 3 - 48 if x in (-2, 50) else x, 80 if y == 50 else y) for x, y in CREST]), FIR)
    way = [_bezier(*bend, step / 60) for bend in BENDS for step in range(61)]
    for x, y in at(way):
        radius = 3.5 * scale * shrink
        pen.ellipse([x - radius, y - radius, x + radius, y + radius], INK)
    for start in range(0, 121, 22):
        pen.line(at(way[start : start + 12]), PAPER, round(1.5 * scale * shrink), joint="curve")
    if round_:
        mask = Image.new("L", image.size, 0)
        ImageDraw.Draw(mask).ellipse([0, 0, image.width - 1, image.height - 1], 255)
        image.putalpha(mask)
    small = image.resize((side, side), Image.Resampling.LANCZOS)
    return small.quantize(64) if round_ else small.convert("RGB").quantize(64)


def _bezier(start, first, second, end, t):
    u = 1 - t
    return tuple(
        u**3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t**3 * d
        for a, b, c, d in zip(start, first, second, end, strict=True)
    )


def social_card():
    """1200 × 630: the road, and the name."""
    sheet = Sheet("road-32", scale=1.5)
    landscape(sheet, "dawn", horizon=520)
    road(sheet, [(640, 900), (1010, 770), (830, 690), (1060, 640), (1010, 600)], 420, 16, verge=STRAW)
    firs(sheet, [(1330, 800, 420), (1450, 820, 540), (1560, 790, 400), (90, 820, 260), (200, 800, 180)])
    milestone(sheet, 420, 800, 170, GOLD)
    card = sheet.image.crop((0, 0, 2400, 1260)).resize((1200, 630), Image.Resampling.BOX)
    pen = ImageDraw.Draw(card)
    pen.text((80, 40), "Rally’nov", DEEP, ImageFont.truetype(FONT, 168))
    pen.text((86, 236), "L’innovation sociale en Franche-Comté", DEEP, ImageFont.truetype(FONT, 54))
    return card


if __name__ == "__main__":
    write_brand()
