"""Makes the text fonts of site/static/fonts/: Atkinson Hyperlegible with a zero without a stroke, for dates and numbers.

    .venv/bin/python tools/plain_zero.py

Its zero has a stroke, and no OpenType feature takes it away. The new one has the outer line of that zero, and the same line drawn smaller
as its inner one. Needs ``npm ci``, fontTools and Brotli (which the extra ``pdf`` brings). The results are committed, under the licence of the
font (OFL) and a name of their own.
"""

from pathlib import Path
from typing import Any

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.reverseContourPen import ReverseContourPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "node_modules/@fontsource/atkinson-hyperlegible/files"
TARGET = ROOT / "site/static/fonts"
STYLES = ("400-normal", "400-italic", "700-normal")
NAME = "Rallynov Text"
# Identifiers of the name table: family, unique identifier, full name, PostScript name, preferred family.
NAMES = {1: NAME, 3: NAME, 4: NAME, 6: NAME.replace(" ", ""), 16: NAME}


def contours(font: TTFont) -> list[list[tuple[str, Any]]]:
    """The drawing commands of each contour of the font's zero, the outer one first."""
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs["zero"].draw(pen)
    drawn: list[list[tuple[str, Any]]] = []
    for command in pen.value:
        if command[0] == "moveTo":
            drawn.append([])
        drawn[-1].append(command)
    return sorted(drawn, key=lambda contour: -width(contour))


def points(contour: list[tuple[str, Any]]) -> list[tuple[float, float]]:
    return [point for _command, arguments in contour for point in arguments if point]


def box(*drawn: list[tuple[str, Any]]) -> tuple[float, float, float, float]:
    """Left, bottom, right, top."""
    xs, ys = zip(*(point for contour in drawn for point in points(contour)), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def width(contour: list[tuple[str, Any]]) -> float:
    left, _bottom, right, _top = box(contour)
    return right - left


def zero(font: TTFont) -> Any:
    """The glyph: the outer contour, and inside it the same one fitted in the box of the two counters, turned the other way."""
    outer, *counters = contours(font)
    left, bottom, right, top = box(outer)
    inner_left, inner_bottom, inner_right, inner_top = box(*counters)
    x, y = (inner_right - inner_left) / (right - left), (inner_top - inner_bottom) / (top - bottom)
    pen = TTGlyphPen(None)
    smaller = TransformPen(ReverseContourPen(pen), (x, 0, 0, y, inner_left - left * x, inner_bottom - bottom * y))
    for target in (pen, smaller):
        for command, arguments in outer:
            getattr(target, command)(*arguments)
    return pen.glyph()


def build(style: str) -> None:
    font = TTFont(SOURCE / f"atkinson-hyperlegible-latin-{style}.woff2")
    font["glyf"]["zero"] = zero(font)
    for record in font["name"].names:
        if record.nameID in NAMES:
            record.string = f"{NAMES[record.nameID]} {style}" if record.nameID in (3, 4) else NAMES[record.nameID]
    font.save(TARGET / f"text-{style}.woff2")


if __name__ == "__main__":
    for each in STYLES:
        build(each)
