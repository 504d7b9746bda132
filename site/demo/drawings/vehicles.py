"""What goes along the road."""

import math

from demo.drawings.pencil import (
    AMBER,
    BARK,
    CREAM,
    GOLD,
    INK,
    MIST,
    OAK,
    RULE,
    RUST,
    SKINS,
    SKY,
    SLATE,
    STEEL,
    WOOD,
    mix,
)
from demo.drawings.scenery import floor_shadow, head


def wheel(sheet, x, y, radius):
    sheet.disc(x, y, radius, INK)
    sheet.disc(x, y, radius * 0.56, STEEL)
    sheet.disc(x, y, radius * 0.2, INK)


def van(sheet, x, base, size, colour):
    """A delivery van that drives to the right."""

    def at(*points):
        return [(x + dx * size, base + dy * size) for dx, dy in points]

    floor_shadow(sheet, x, base, 250 * size)
    sheet.blob(
        at((-240, -40), (-242, -250), (-225, -268), (80, -268), (104, -262), (190, -150), (236, -128), (244, -40)),
        colour,
    )
    sheet.poly(at((-240, -84), (243, -84), (243, -38), (-240, -38)), mix(colour, INK, 0.22))
    sheet.poly(at((70, -240), (100, -240), (164, -150), (70, -150)), SKY)
    sheet.poly(at((70, -240), (88, -240), (108, -150), (70, -150)), CREAM, 120)
    sheet.poly(at((52, -268), (58, -268), (58, -40), (52, -40)), mix(colour, INK, 0.3))
    sheet.poly(at((-240, -120), (52, -120), (52, -108), (-240, -108)), GOLD)
    sheet.ellipse(*at((232, -104))[0], 10 * size, 15 * size, CREAM)
    sheet.poly(at((-246, -44), (248, -44), (248, -28), (-246, -28)), SLATE)
    for dx in (-150, 150):
        wheel(sheet, *at((dx, -34))[0], 44 * size)


def coach(sheet, x, base, size, colour):
    """A coach that drives to the right."""
    floor_shadow(sheet, x, base, 480 * size)
    sheet.rect(x - 460 * size, base - 330 * size, 920 * size, 290 * size, CREAM, radius=44 * size)
    sheet.rect(x - 460 * size, base - 150 * size, 920 * size, 112 * size, colour, radius=24 * size)
    sheet.rect(x - 460 * size, base - 170 * size, 920 * size, 20 * size, GOLD)
    for window in range(6):
        left = x + (-430 + window * 122) * size
        sheet.rect(left, base - 298 * size, 108 * size, 112 * size, SLATE, radius=10 * size)
        sheet.rect(left + 6 * size, base - 292 * size, 96 * size, 100 * size, SKY, radius=8 * size)
        if window % 2 == 0:
            skin = sheet.pick(*SKINS)
            sheet.rect(
                left + 24 * size,
                base - 226 * size,
                56 * size,
                38 * size,
                sheet.pick(RUST, GOLD, SLATE),
                radius=16 * size,
            )
            head(sheet, left + 52 * size, base - 244 * size, 22 * size, skin, sheet.pick(INK, BARK))
    sheet.rect(x + 316 * size, base - 300 * size, 130 * size, 150 * size, SKY, radius=24 * size)
    sheet.rect(x + 310 * size, base - 300 * size, 12 * size, 250 * size, mix(colour, INK, 0.3))
    sheet.rect(x - 300 * size, base - 352 * size, 380 * size, 24 * size, RULE, radius=10 * size)
    sheet.ellipse(x + 440 * size, base - 96 * size, 16 * size, 20 * size, CREAM)
    for dx in (-290, 270):
        wheel(sheet, x + dx * size, base - 42 * size, 56 * size)


def bicycle(sheet, x, base, size, *, basket=False):
    """A cyclist, who delivers when there is a ``basket``."""

    def at(dx, dy):
        return (x + dx * size, base + dy * size)

    floor_shadow(sheet, x, base, 260 * size)
    for dx in (-165, 165):
        sheet.ring(*at(dx, -100), 100 * size, 13 * size, INK)
        for spoke in range(8):
            turn = spoke * math.pi / 8
            reach = (92 * math.cos(turn), 92 * math.sin(turn))
            sheet.line([at(dx - reach[0], -100 - reach[1]), at(dx + reach[0], -100 + reach[1])], 2.5 * size, STEEL)
        sheet.disc(*at(dx, -100), 12 * size, INK)
    frame = sheet.pick(RUST, GOLD)
    for stroke in (
        ((-165, -100), (-70, -235), (90, -235), (-20, -90), (-165, -100)),
        ((-20, -90), (-82, -262)),
        ((165, -100), (84, -275), (130, -290)),
    ):
        sheet.line([at(*point) for point in stroke], 14 * size, frame)
    sheet.line([at(-118, -270), at(-50, -270)], 18 * size, INK)
    sheet.ring(*at(-20, -90), 26 * size, 8 * size, INK)
    if basket:
        crate(sheet, *at(185, -255), size)
        crate(sheet, *at(-205, -225), size)
    rider(sheet, at, size)


def rider(sheet, at, size):
    skin, clothes, trousers = sheet.pick(*SKINS), sheet.pick("#3f7a61", AMBER, RUST), "#2f4a52"
    sheet.line([at(-82, -285), at(20, -205), at(-2, -62)], 40 * size, mix(trousers, INK, 0.25))
    sheet.line([at(-2, -62), at(34, -58)], 22 * size, INK)
    sheet.line([at(-70, -300), at(60, -420)], 74 * size, clothes)
    sheet.line([at(-82, -285), at(42, -245), at(-30, -120)], 42 * size, trousers)
    sheet.line([at(-38, -116), at(6, -112)], 22 * size, INK)
    sheet.line([at(60, -420), at(90, -345), at(134, -296)], 30 * size, mix(clothes, INK, 0.18))
    sheet.disc(*at(134, -296), 16 * size, skin)
    sheet.line([at(66, -440), at(80, -462)], 28 * size, skin)
    sheet.ellipse(*at(94, -492), 40 * size, 46 * size, skin)
    box = [*at(48, -556), *at(142, -464)]
    sheet.pen.pieslice([value * sheet.scale for value in box], 170, 360, GOLD)
    sheet.line([at(50, -506), at(140, -506)], 9 * size, AMBER)


def crate(sheet, x, base, size):
    for item, colour in enumerate((MIST, RUST, GOLD)):
        sheet.disc(x + (item - 1) * 32 * size, base - 74 * size, 24 * size, colour)
    sheet.rect(x - 62 * size, base - 70 * size, 124 * size, 70 * size, WOOD, radius=6 * size)
    sheet.rect(x - 62 * size, base - 46 * size, 124 * size, 8 * size, OAK)
    sheet.rect(x - 62 * size, base - 24 * size, 124 * size, 8 * size, OAK)
