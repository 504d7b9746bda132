"""What turns, sews and computes."""

import math

from demo.drawings.pencil import (
    AMBER,
    BARK,
    CREAM,
    DEEP,
    FIR,
    GOLD,
    INK,
    MIST,
    MOSS,
    OAK,
    RUST,
    SAGE,
    SLATE,
    STEEL,
    STRAW,
    WOOD,
    mix,
)
from demo.drawings.scenery import floor_shadow


def gear(sheet, x, y, radius, colour, *, teeth=None):
    """A cog wheel with five arms."""
    teeth = teeth or max(9, round(radius / 9))
    points, start = [], sheet.chance.uniform(0, 1)
    for tooth in range(teeth):
        for part, reach in ((0.0, 0.86), (0.14, 1.0), (0.4, 1.0), (0.54, 0.86)):
            turn = (tooth + part + start) * math.tau / teeth
            points.append((x + radius * reach * math.cos(turn), y + radius * reach * math.sin(turn)))
    sheet.poly(points, colour)
    sheet.disc(x, y, radius * 0.68, mix(colour, INK, 0.22))
    for arm in range(5):
        turn = (arm + start) * math.tau / 5
        sheet.line(
            [(x, y), (x + radius * 0.72 * math.cos(turn), y + radius * 0.72 * math.sin(turn))], radius * 0.16, colour
        )
    sheet.disc(x, y, radius * 0.26, colour)
    sheet.disc(x, y, radius * 0.11, mix(colour, INK, 0.55))


def lathe(sheet, x, base):
    """A lathe, seen from the front."""
    floor_shadow(sheet, x, base + 16, 620)
    for foot in (-520, 340):
        sheet.poly(
            [(x + foot, base), (x + foot + 24, base - 170), (x + foot + 156, base - 170), (x + foot + 180, base)], DEEP
        )
    sheet.rect(x - 560, base - 230, 1120, 80, FIR, radius=12)
    sheet.rect(x - 560, base - 230, 1120, 18, MOSS, radius=9)
    sheet.rect(x - 560, base - 430, 300, 210, FIR, radius=20)
    sheet.rect(x - 530, base - 400, 120, 90, STRAW, radius=8)
    for button, colour in enumerate((RUST, GOLD, SAGE)):
        sheet.disc(x - 380 + button * 40, base - 380, 13, colour)
    for row in range(3):
        sheet.rect(x - 516, base - 384 + row * 22, 70 - row * 14, 8, FIR)
    sheet.rect(x - 262, base - 390, 60, 130, SLATE, radius=8)
    sheet.rect(x - 206, base - 366, 34, 82, STEEL)
    sheet.rect(x - 176, base - 348, 480, 46, "#b9c6c2")
    sheet.rect(x - 176, base - 348, 480, 14, CREAM)
    sheet.rect(x - 20, base - 300, 150, 74, SLATE, radius=8)
    sheet.poly([(x + 20, base - 300), (x + 50, base - 330), (x + 80, base - 300)], GOLD)
    sheet.poly([(x + 300, base - 350), (x + 340, base - 370), (x + 340, base - 280), (x + 300, base - 300)], STEEL)
    sheet.rect(x + 336, base - 400, 150, 180, FIR, radius=18)
    sheet.ring(x + 520, base - 320, 56, 14, RUST)
    sheet.line([(x + 480, base - 320), (x + 560, base - 320)], 10, RUST)


def sewing_machine(sheet, x, base):
    """A sewing machine, its needle to the right of ``x``."""
    sheet.rect(x - 280, base - 40, 420, 40, OAK, radius=8)
    sheet.blob(
        [
            (x - 270, base - 40),
            (x - 280, base - 240),
            (x - 210, base - 300),
            (x + 90, base - 290),
            (x + 140, base - 250),
            (x + 136, base - 150),
            (x + 76, base - 150),
            (x + 70, base - 210),
            (x - 130, base - 216),
            (x - 160, base - 40),
        ],
        INK,
    )
    sheet.curve([(x - 200, base - 262), (x - 90, base - 250), (x, base - 262), (x + 76, base - 252)], 8, GOLD)
    sheet.line([(x + 106, base - 150), (x + 106, base - 44)], 7, STEEL)
    sheet.rect(x + 92, base - 56, 28, 12, STEEL)
    sheet.disc(x - 290, base - 210, 66, SLATE)
    sheet.disc(x - 290, base - 210, 40, STEEL)
    sheet.disc(x - 290, base - 210, 12, INK)
    sheet.rect(x + 20, base - 352, 36, 58, RUST, radius=5)
    sheet.rect(x + 12, base - 358, 52, 10, WOOD, radius=4)
    sheet.line([(x + 40, base - 330), (x + 120, base - 300), (x + 106, base - 150)], 3, RUST)


def laptop(sheet, x, base):
    sheet.poly([(x - 190, base - 250), (x + 190, base - 250), (x + 200, base - 14), (x - 200, base - 14)], SLATE)
    sheet.rect(x - 172, base - 234, 344, 200, CREAM, radius=4)
    sheet.rect(x - 172, base - 234, 344, 34, MOSS)
    sheet.rect(x - 150, base - 180, 130, 100, MIST)
    sheet.poly(
        [(x - 150, base - 80), (x - 104, base - 150), (x - 76, base - 112), (x - 54, base - 134), (x - 20, base - 80)],
        FIR,
    )
    for line, length in enumerate((150, 120, 140, 90)):
        sheet.rect(x + 4, base - 178 + line * 26, length, 10, AMBER if line == 0 else STEEL, radius=4)
    sheet.rect(x - 240, base - 18, 480, 18, mix(SLATE, INK, 0.3), radius=8)


def crate_of(sheet, x, base, colours):
    """A crate of fruit or vegetables."""
    for row in range(2):
        for place in range(5):
            sheet.disc(x + 28 + place * 46, base - 126 + row * 34, 32, colours[(place + row) % len(colours)])
    sheet.rect(x, base - 96, 244, 96, WOOD, radius=6)
    sheet.rect(x, base - 64, 244, 9, OAK)
    sheet.rect(x, base - 32, 244, 9, OAK)
    for post in (0, 228):
        sheet.rect(x + post, base - 110, 16, 110, BARK)
