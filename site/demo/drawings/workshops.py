"""Drawings of what is made and mended."""

import math

from demo.drawings.machines import gear, lathe, sewing_machine
from demo.drawings.pencil import (
    AMBER,
    BARK,
    BRICK,
    CLAY,
    CREAM,
    DEEP,
    FIR,
    GOLD,
    HEIGHT,
    INK,
    MIST,
    MOSS,
    NIGHT,
    OAK,
    RUST,
    SAND,
    SKY,
    SLATE,
    STEEL,
    STRAW,
    WIDTH,
    WOOD,
    mix,
)
from demo.drawings.scenery import lamp, person, room, shelf, table


def atelier(sheet):
    """Tools on the wall, a bench, and someone at work."""
    room(sheet, wall=sheet.pick(STRAW, "#f2d3b3", MIST), window=(1010, 130, 460, 350))
    sheet.rect(150, 120, 720, 380, OAK, radius=10)
    sheet.rect(166, 136, 688, 348, WOOD, radius=6)
    tools(sheet, 210, 190)
    person(sheet, 660, 805, 500, clothes=sheet.pick(MOSS, RUST, AMBER), apron=DEEP, arms=[(520, 755), (765, 745)])
    table(sheet, 120, 800, 1360)
    sheet.rect(420, 760, 470, 40, "#d9ad73", radius=4)
    sheet.rect(420, 760, 470, 9, STRAW, radius=4)
    plane(sheet, 760, 760)
    for curl in range(5):
        sheet.arc(930 + curl * 44, 782 - (curl % 2) * 6, 16, 0, 290, 5, STRAW)
    sheet.rect(1160, 690, 200, 110, RUST, radius=10)
    sheet.rect(1160, 724, 200, 14, BRICK)
    sheet.rect(1220, 664, 80, 14, INK, radius=7)


def tools(sheet, x, y):
    """A saw, a hammer, a spanner, a square, screwdrivers."""
    sheet.poly([(x, y + 130), (x + 170, y + 20), (x + 180, y + 60), (x + 20, y + 160)], STEEL)
    sheet.rect(x - 6, y + 120, 56, 76, RUST, radius=22)
    sheet.rect(x + 250, y + 30, 18, 220, BARK, radius=8)
    sheet.rect(x + 214, y + 10, 92, 40, SLATE, radius=8)
    sheet.ring(x + 380, y + 40, 40, 20, SLATE)
    sheet.rect(x + 366, y + 74, 28, 170, SLATE)
    sheet.poly([(x + 356, y - 12), (x + 404, y - 12), (x + 392, y + 30), (x + 368, y + 30)], WOOD)
    sheet.rect(x + 450, y, 24, 180, AMBER)
    sheet.rect(x + 450, y + 156, 120, 24, STEEL)
    for place, colour in enumerate((RUST, GOLD, FIR)):
        left = x + 490 + place * 40
        sheet.rect(left, y + 4, 22, 62, colour, radius=9)
        sheet.rect(left + 7, y + 64, 8, 66, SLATE)


def plane(sheet, x, base):
    sheet.rect(x - 80, base - 44, 160, 44, OAK, radius=8)
    sheet.poly([(x - 10, base - 44), (x + 14, base - 96), (x + 34, base - 90), (x + 20, base - 44)], STEEL)
    sheet.blob([(x + 40, base - 40), (x + 48, base - 92), (x + 74, base - 88), (x + 72, base - 40)], BARK)
    sheet.disc(x - 54, base - 56, 20, BARK)


def machine(sheet):
    """A lathe, its gears, and the two who run it."""
    room(sheet, wall=sheet.pick(MIST, "#e6ddc6", STRAW), floor="#8d8472", window=None)
    for x, y, radius, colour in (
        (300, 300, 150, GOLD),
        (505, 222, 92, RUST),
        (1290, 290, 165, MOSS),
        (1078, 232, 82, SLATE),
    ):
        gear(sheet, x, y, radius, colour)
    person(sheet, 480, 775, 480, clothes=sheet.pick(RUST, AMBER), arms=[(370, 690), (610, 690)])
    person(sheet, 1130, 775, 480, clothes=MOSS, arms=[(1000, 690), (1240, 690)])
    lathe(sheet, 800, 960)
    lamp(sheet, 800, 170, shade=RUST)


def scierie(sheet):
    """A saw, a log, planks."""
    room(sheet, wall="#d9b27c", floor="#8a6a45", window=(120, 130, 520, 360))
    for beam in (0, 760, 1520):
        sheet.rect(beam, 0, 56, 800, OAK)
    sheet.rect(0, 40, WIDTH, 44, OAK)
    sheet.disc(1010, 700, 250, STEEL)
    for tooth in range(28):
        turn, wide = tooth * math.tau / 28, 0.08
        sheet.poly(
            [
                (1010 + reach * math.cos(turn + lean), 700 + reach * math.sin(turn + lean))
                for reach, lean in ((244, -wide), (284, wide), (244, wide))
            ],
            SLATE,
        )
    sheet.disc(1010, 700, 236, "#b9c6c2")
    sheet.disc(1010, 700, 80, SLATE)
    sheet.disc(1010, 700, 30, GOLD)
    sheet.rect(180, 640, 820, 150, BARK, radius=70)
    sheet.rect(180, 640, 820, 46, mix(BARK, WOOD, 0.4), radius=40)
    for ring, colour in ((74, WOOD), (56, STRAW), (38, WOOD), (20, OAK)):
        sheet.ellipse(216, 715, ring * 0.72, ring, colour)
    sheet.rect(60, 790, 1480, 70, FIR, radius=8)
    sheet.rect(60, 790, 1480, 16, MOSS, radius=8)
    for leg in (140, 760, 1380):
        sheet.rect(leg, 860, 70, 206, DEEP)
    for plank in range(6):
        sheet.rect(1230 + (plank % 2) * 18, 764 - plank * 30, 300, 26, (WOOD, STRAW, "#d9ad73")[plank % 3], radius=3)
    for _chip in range(60):
        x, y = sheet.chance.randint(760, 1220), sheet.chance.randint(900, 1050)
        sheet.rect(x, y, sheet.chance.randint(8, 26), 7, STRAW, radius=3)


def garage(sheet):
    """A car up on its lift, and those who learn to mend it."""
    room(sheet, wall=sheet.pick(MIST, "#e6ddc6"), floor="#7c7a70", window=(90, 120, 380, 300))
    for tyre in range(3):
        for level in range(2):
            sheet.ring(1330 + tyre * 100 - level * 0, 240 - level * 104, 50, 24, INK)
    sheet.rect(1260, 292, 320, 16, OAK)
    for post in (330, 1190):
        sheet.rect(post, 330, 50, 620, GOLD)
        sheet.rect(post - 30, 930, 110, 34, AMBER, radius=6)
        sheet.rect(min(post, post + 10), 560, 150 if post < 800 else 50, 24, AMBER)
    sheet.rect(1050, 560, 150, 24, AMBER)
    saloon(sheet, 785, 570, sheet.pick(RUST, MOSS, "#3d6a70"))
    person(sheet, 640, 1080, 480, clothes=FIR, arms=[(700, 640)])
    person(sheet, 960, 1090, 460, clothes=AMBER, arms=[(880, 800)])
    sheet.rect(1330, 800, 200, 240, RUST, radius=10)
    for drawer in range(4):
        sheet.rect(1346, 818 + drawer * 54, 168, 42, BRICK, radius=4)
        sheet.rect(1400, 834 + drawer * 54, 60, 9, STRAW, radius=4)


def saloon(sheet, x, base, colour):
    """A small car, seen from its left."""
    sheet.blob(
        [
            (x - 380, base - 40),
            (x - 390, base - 140),
            (x - 250, base - 170),
            (x - 130, base - 280),
            (x + 110, base - 286),
            (x + 240, base - 176),
            (x + 370, base - 150),
            (x + 392, base - 40),
        ],
        colour,
    )
    sheet.poly([(x - 210, base - 172), (x - 112, base - 258), (x - 10, base - 262), (x - 10, base - 172)], SKY)
    sheet.poly([(x + 16, base - 172), (x + 16, base - 262), (x + 96, base - 260), (x + 184, base - 172)], SKY)
    sheet.rect(x - 392, base - 76, 784, 36, mix(colour, INK, 0.25), radius=14)
    sheet.rect(x - 60, base - 150, 50, 10, CREAM, radius=5)
    sheet.ellipse(x - 372, base - 118, 16, 22, STRAW)
    sheet.rect(x + 372, base - 132, 16, 34, GOLD, radius=4)
    for wheel in (-230, 230):
        sheet.disc(x + wheel, base - 20, 78, INK)
        sheet.disc(x + wheel, base - 20, 44, STEEL)
        sheet.disc(x + wheel, base - 20, 14, INK)


def couture(sheet):
    """Sewing, and all the threads."""
    room(sheet, wall=sheet.pick("#f2d3b3", STRAW, MIST), window=(1080, 130, 400, 360))
    for row in range(2):
        sheet.rect(150, 250 + row * 170, 640, 18, OAK, radius=4)
        for spool in range(9):
            x, y = 178 + spool * 68, 250 + row * 170
            colour = (RUST, GOLD, MOSS, CLAY, FIR, SAND, AMBER, SKY, BRICK)[(spool + row * 4) % 9]
            sheet.rect(x, y - 92, 46, 92, colour, radius=6)
            sheet.rect(x - 6, y - 100, 58, 14, WOOD, radius=4)
            sheet.rect(x - 6, y - 12, 58, 12, WOOD, radius=4)
    person(sheet, 900, 805, 520, clothes=sheet.pick(RUST, MOSS), arms=[(700, 780), (1040, 770)])
    table(sheet, 120, 800, 1360)
    sewing_machine(sheet, 560, 800)
    sheet.blob(
        [
            (640, 800),
            (700, 770),
            (900, 764),
            (1080, 776),
            (1180, 800),
            (1190, 930),
            (1110, 1010),
            (1050, 930),
            (930, 800),
        ],
        GOLD,
    )
    for dot in range(14):
        sheet.disc(760 + (dot % 7) * 62, 782 + (dot // 7) * 24, 5, CREAM)
    sheet.ring(1290, 770, 30, 9, SLATE)
    sheet.ring(1350, 770, 30, 9, SLATE)
    sheet.line([(1306, 746), (1390, 640)], 9, STEEL)
    sheet.line([(1334, 746), (1250, 640)], 9, STEEL)


def horlogerie(sheet):
    """The clock and its works."""
    sheet.rect(0, 0, WIDTH, HEIGHT, sheet.pick(NIGHT, FIR, "#24494f"))
    for x, y, radius, colour in (
        (180, 220, 190, MOSS),
        (1440, 860, 230, MOSS),
        (330, 880, 250, "#2c6650"),
        (1330, 190, 200, "#2c6650"),
    ):
        gear(sheet, x, y, radius, colour)
    gear(sheet, 800, 533, 486, AMBER, teeth=40)
    sheet.disc(800, 533, 408, DEEP)
    sheet.disc(800, 533, 392, CREAM)
    for minute in range(60):
        turn = minute * math.tau / 60
        inner = 330 if minute % 5 == 0 else 358
        ends = [(800 + reach * math.cos(turn), 533 + reach * math.sin(turn)) for reach in (inner, 374)]
        sheet.line(ends, 16 if minute % 5 == 0 else 5, FIR)
    sheet.disc(800, 533, 236, STRAW)
    gear(sheet, 740, 600, 120, GOLD)
    gear(sheet, 896, 500, 84, RUST)
    gear(sheet, 830, 680, 58, MOSS)
    hour = sheet.chance.uniform(0, 12)
    for turns, length, width, colour in (
        (hour / 12, 220, 26, INK),
        (hour % 1, 320, 16, INK),
        (sheet.chance.random(), 350, 6, RUST),
    ):
        turn = turns * math.tau - math.pi / 2
        back = (800 - 60 * math.cos(turn), 533 - 60 * math.sin(turn))
        sheet.line([back, (800 + length * math.cos(turn), 533 + length * math.sin(turn))], width, colour)
    sheet.disc(800, 533, 28, INK)
    sheet.disc(800, 533, 12, GOLD)


def lunettes(sheet):
    """Spectacles, their parts, and the bench where they are mended."""
    room(sheet, wall=sheet.pick(MIST, STRAW, "#f2d3b3"), window=(590, 90, 420, 300), level=640, floor=WOOD)
    colour = sheet.pick(RUST, FIR, BRICK)
    for side in (-1, 1):
        x = 800 + side * 235
        sheet.ellipse(x, 660, 212, 176, INK, 40)
        sheet.ellipse(x, 640, 212, 176, colour)
        sheet.ellipse(x, 640, 172, 136, "#dcebe6")
        sheet.poly([(x - 80, 730), (x + 10, 540), (x + 60, 540), (x - 30, 740)], CREAM, 150)
        sheet.curve(
            [(x + side * 190, 590), (x + side * 270, 560), (x + side * 420, 470), (x + side * 480, 400)],
            34,
            mix(colour, INK, 0.15),
        )
        sheet.disc(x + side * 204, 590, 22, GOLD)
    sheet.arc(800, 650, 62, 200, 340, 36, colour)
    for screw in range(8):
        x, y = 470 + screw * 90, 930 + (screw % 3) * 26
        sheet.disc(x, y, 15, GOLD)
        sheet.rect(x - 11, y - 2, 22, 5, BARK)
    sheet.line([(1180, 980), (1400, 870)], 34, RUST)
    sheet.line([(1060, 1040), (1180, 980)], 12, SLATE)
    sheet.rect(140, 880, 250, 120, FIR, radius=50)
    sheet.rect(140, 930, 250, 14, DEEP)


def jouets(sheet):
    """Wooden toys, made and mended."""
    room(sheet, wall=sheet.pick(STRAW, "#f2d3b3", MIST), floor="#b98a54", window=(1060, 110, 420, 330), level=760)
    shelf(sheet, 140, 300, 620, (RUST, GOLD, MOSS, SKY, CLAY))
    shelf(sheet, 140, 480, 620, (GOLD, CLAY, FIR, RUST, SAND))
    train(sheet, 180, 930)
    for block, (x, y, colour) in enumerate(
        (
            (1130, 960, RUST),
            (1240, 960, MOSS),
            (1350, 960, GOLD),
            (1185, 852, SKY),
            (1295, 852, CLAY),
            (1240, 744, GOLD),
        )
    ):
        sheet.rect(x, y - 104, 104, 104, colour, radius=8)
        sheet.rect(x + 12, y - 92, 80, 80, mix(colour, CREAM, 0.35), radius=5)
        if block % 3 == 0:
            sheet.disc(x + 52, y - 52, 24, colour)
        elif block % 3 == 1:
            sheet.poly([(x + 26, y - 28), (x + 52, y - 78), (x + 78, y - 28)], colour)
        else:
            sheet.rect(x + 30, y - 74, 44, 44, colour)
    horse(sheet, 880, 960)


def train(sheet, x, base):
    sheet.rect(x - 60, base + 22, 570, 12, BARK)
    sheet.rect(x, base - 130, 210, 110, RUST, radius=12)
    sheet.rect(x + 130, base - 220, 96, 200, BRICK, radius=10)
    sheet.rect(x + 148, base - 196, 60, 64, STRAW, radius=6)
    sheet.rect(x + 112, base - 236, 132, 22, INK, radius=8)
    sheet.rect(x + 26, base - 196, 40, 70, INK, radius=4)
    for puff, size in ((0, 26), (1, 34), (2, 42)):
        sheet.disc(x + 40 - puff * 34, base - 230 - puff * 46, size, CREAM, 220)
    for wagon, colour in ((1, sheet.pick(GOLD, MOSS)),):
        left = x + 20 + wagon * 232
        sheet.rect(left, base - 96, 200, 76, colour, radius=8)
        for ball in range(3):
            sheet.disc(left + 42 + ball * 58, base - 106, 32, (RUST, SKY, CLAY)[(ball + wagon) % 3])
        sheet.rect(left, base - 96, 200, 76, colour, radius=8)
        sheet.rect(left - 26, base - 42, 30, 10, INK)
    for wheel in (40, 166, 292, 412):
        sheet.disc(x + wheel, base - 14, 36, INK)
        sheet.disc(x + wheel, base - 14, 18, WOOD)


HORSE_BODY = ((-120, -190), (-60, -204), (60, -196), (110, -120), (60, -92), (-70, -92), (-124, -130))
HORSE_NECK = ((40, -180), (80, -300), (130, -322), (190, -262), (176, -236), (130, -246), (112, -130))
HORSE_MANE = ((30, -190), (60, -290), (108, -332), (92, -280), (66, -180))
HORSE_TAIL = ((-116, -184), (-170, -150), (-178, -70), (-150, -90), (-124, -130))


def horse(sheet, x, base):
    """A rocking horse."""
    sheet.arc(x, base - 210, 250, 55, 125, 24, RUST)
    for leg in (-78, 82):
        sheet.line([(x + leg * 0.7, base - 110), (x + leg, base - 4)], 26, OAK)
    for shape, colour in ((HORSE_BODY, WOOD), (HORSE_NECK, WOOD), (HORSE_MANE, BARK), (HORSE_TAIL, BARK)):
        sheet.blob([(x + dx, base + dy) for dx, dy in shape], colour)
    sheet.rect(x - 50, base - 214, 90, 44, MOSS, radius=16)
    sheet.disc(x + 136, base - 286, 8, INK)


MOTIFS = {
    drawing.__name__: drawing for drawing in (atelier, machine, scierie, garage, couture, horlogerie, lunettes, jouets)
}
