"""Logos for the organisations that the demonstration made up."""

import unicodedata
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from demo.drawings.machines import gear
from demo.drawings.pencil import AMBER, BRICK, CREAM, DEEP, FIR, GOLD, HEIGHT, MOSS, RUST, SKY, STRAW, WIDTH, Sheet, mix
from demo.drawings.scenery import fir, ridge

SIDE = 480
GRAVE, ACUTE = "\u0300", "\u0301"
ACCENTS = {GRAVE, ACUTE}
SCHEMES = (  # ground, emblem, letters
    (FIR, MOSS, CREAM),
    (RUST, BRICK, STRAW),
    (GOLD, AMBER, DEEP),
    ("#24494f", "#3d6a70", CREAM),
    (STRAW, GOLD, FIR),
    (SKY, "#9bbdb8", DEEP),
)


def logo(initials, seed):
    """A square PNG, transparent around its shape: ``initials`` over an emblem that the seed chooses."""
    sheet = Sheet(f"logo-{initials}-{seed}", scale=2 * SIDE / HEIGHT)
    ground, emblem, letters = sheet.pick(*SCHEMES)
    sheet.rect(0, 0, WIDTH, HEIGHT, ground)
    sheet.pick(_hills, _firs, _gear, _sun, _river)(sheet, emblem, mix(ground, emblem, 0.5))
    image = sheet.image.crop((0, 0, 2 * SIDE, 2 * SIDE))
    _write(image, initials, letters)
    image.putalpha(_outline(sheet.pick("disc", "square", "hexagon", "shield")))
    output = BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.BOX).quantize(64).save(output, "PNG", optimize=True)
    return output.getvalue()


def _write(image, initials, colour):
    """Letters in Pillow's own font, the same on every machine. It has no accents: they are drawn on."""
    font = ImageFont.load_default(430 if len(initials) < 3 else 300)
    letters = "".join(letter for letter in unicodedata.normalize("NFD", initials) if not unicodedata.combining(letter))
    pen, base = ImageDraw.Draw(image), SIDE * 0.84
    pen.text((SIDE, base), letters, colour, font, anchor="mm", stroke_width=9, stroke_fill=colour)
    left, top, _right, _bottom = pen.textbbox((SIDE, base), letters, font, anchor="mm")
    for index, letter in enumerate(initials):
        accents = ACCENTS.intersection(unicodedata.normalize("NFD", letter)[1:])
        middle = left + font.getlength(letters[:index]) + font.getlength(letters[index]) / 2
        for accent in accents:
            lean = -34 if accent == GRAVE else 34
            pen.line([(middle - lean, top - 34), (middle + lean, top - 86)], colour, 46)


def _outline(shape):
    mask = Image.new("L", (2 * SIDE, 2 * SIDE), 0)
    pen, end = ImageDraw.Draw(mask), 2 * SIDE - 1
    if shape == "disc":
        pen.ellipse([0, 0, end, end], 255)
    elif shape == "square":
        pen.rounded_rectangle([0, 0, end, end], 150, 255)
    elif shape == "hexagon":
        pen.polygon(
            [
                (x * end, y * end)
                for x, y in ((0.5, 0), (0.95, 0.25), (0.95, 0.75), (0.5, 1), (0.05, 0.75), (0.05, 0.25))
            ],
            255,
        )
    else:
        pen.rounded_rectangle([30, 0, end - 30, end * 0.6], 80, 255)
        pen.pieslice([30, end * 0.02, end - 30, end], 0, 180, 255)
        pen.rectangle([30, end * 0.3, end - 30, end * 0.52], 255)
    return mask


def _hills(sheet, colour, soft):
    ridge(sheet, 720, 40, soft)
    ridge(sheet, 820, 40, colour)


def _firs(sheet, colour, soft):
    ridge(sheet, 850, 14, soft)
    for x, height in ((190, 210), (340, 290), (533, 340), (726, 290), (876, 220)):
        fir(sheet, x, 980, height, colour, mix(colour, soft, 0.4))


def _gear(sheet, colour, soft):
    gear(sheet, 533, 533, 500, soft, teeth=22)
    sheet.disc(533, 533, 360, mix(colour, soft, 0.3))


def _sun(sheet, colour, soft):
    box = [(533 + side * 900) * sheet.scale for side in (-1, -1, 1, 1)]
    for ray in range(0, 360, 24):
        sheet.pen.pieslice(box, ray, ray + 12, soft)
    sheet.disc(533, 533, 330, colour)


def _river(sheet, colour, soft):
    for wave in range(4):
        y = 700 + wave * 100
        sheet.curve(
            [(x, y + (26 if x // 120 % 2 else -26)) for x in range(-120, 1300, 120)], 36, colour if wave % 2 else soft
        )
