"""Drawings of what is learnt, decided, cooked and cared for together."""

from demo.drawings.machines import crate_of, laptop
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
    OAK,
    RULE,
    RUST,
    SAGE,
    SAND,
    SKY,
    SLATE,
    STRAW,
    WIDTH,
    WOOD,
    mix,
)
from demo.drawings.scenery import paper, person, pot, room, shelf, table


def ordinateur(sheet):
    """Someone learns, someone shows."""
    room(sheet, wall=sheet.pick(MIST, STRAW, "#f2d3b3"), window=(150, 120, 460, 360))
    shelf(sheet, 1050, 330, 420)
    person(sheet, 620, 805, 500, clothes=sheet.pick(RUST, AMBER), arms=[(730, 790)])
    person(sheet, 1130, 805, 530, clothes=sheet.pick(MOSS, CLAY), arms=[(960, 690)])
    table(sheet, 120, 800, 1360)
    laptop(sheet, 840, 800)
    paper(sheet, 330, 786, 190, 14, lines=0)
    pot(sheet, 250, 800, 130)
    sheet.rect(1320, 720, 76, 80, RUST, radius=10)
    sheet.arc(1400, 756, 24, -80, 80, 12, RUST)


def reunion(sheet):
    """Around the table, everyone has the floor."""
    room(sheet, wall=sheet.pick(STRAW, MIST, "#f2d3b3", "#e6ddc6"), window=(170, 110, 520, 330), level=780)
    board(sheet, 870, 100, 560, 330)
    for x, size in ((250, 430), (530, 450), (800, 440), (1080, 450), (1350, 430)):
        person(sheet, x, 800, size, arms=[(x + sheet.chance.randint(-60, 60), 770)])
    sheet.ellipse(800, 850, 730, 130, mix(OAK, INK, 0.2))
    sheet.ellipse(800, 826, 730, 130, WOOD)
    sheet.ellipse(800, 816, 700, 112, "#cfa36c")
    for x, y, turn in ((420, 800, 0), (650, 870, 1), (960, 780, 0), (1180, 850, 1)):
        sheet.poly([(x, y), (x + 120, y - 8), (x + 134 + turn * 10, y + 44), (x + 8, y + 52)], CREAM)
        for line in range(3):
            sheet.line([(x + 22, y + 12 + line * 12), (x + 96, y + 7 + line * 12)], 4, RULE)
    for x, y, colour in ((560, 790, RUST), (850, 880, GOLD), (1100, 790, MOSS)):
        sheet.ellipse(x, y + 30, 26, 9, INK, 60)
        sheet.rect(x - 24, y - 24, 48, 54, colour, radius=9)
        sheet.ellipse(x, y - 24, 24, 8, mix(colour, INK, 0.4))


def board(sheet, x, y, width, height):
    """A white board and its notes."""
    sheet.rect(x - 12, y - 12, width + 24, height + 24, OAK, radius=8)
    sheet.rect(x, y, width, height, CREAM, radius=4)
    for note in range(10):
        left, top = x + 30 + (note % 5) * (width - 40) / 5, y + 34 + (note // 5) * 140
        colour = sheet.pick(GOLD, CLAY, SAGE, STRAW, SKY)
        sheet.rect(left, top, 82, 82, colour, radius=3)
        for line in range(3):
            sheet.rect(left + 12, top + 18 + line * 18, sheet.chance.randint(30, 58), 6, INK, alpha=90)
    sheet.line([(x + 110, y + 130), (x + 110, y + 172)], 6, RUST)
    sheet.line([(x + 220, y + 76), (x + 250, y + 76)], 6, RUST)


def soin(sheet):
    """A visit at home: someone cares, someone is cared for."""
    room(sheet, wall=sheet.pick("#f2d3b3", MIST, STRAW), floor="#b98a54", window=(180, 120, 480, 360), level=820)
    shelf(sheet, 1060, 320, 420)
    sheet.rect(1030, 400, 60, 60, GOLD, radius=4)
    sheet.blob([(950, 560), (1010, 440), (1240, 430), (1300, 560), (1320, 920), (930, 920)], BRICK)
    person(sheet, 1120, 900, 500, clothes=SAGE, arms=[(960, 800)])
    sheet.rect(910, 730, 70, 210, RUST, radius=34)
    sheet.rect(1270, 730, 80, 210, RUST, radius=34)
    sheet.blob([(960, 830), (1120, 800), (1290, 830), (1310, 1010), (950, 1010)], GOLD)
    for stripe in (862, 912, 962):
        sheet.rect(962, stripe, 336, 12, RUST, alpha=190)
    sheet.rect(920, 990, 410, 40, BARK, radius=10)
    person(sheet, 700, 1110, 780, clothes=CREAM, arms=[(950, 810)])
    heart(sheet, 790, 790, 30)
    sheet.rect(390, 900, 190, 140, FIR, radius=14)
    sheet.rect(440, 874, 90, 34, DEEP, radius=12)
    sheet.rect(472, 926, 26, 84, CREAM)
    sheet.rect(443, 955, 84, 26, CREAM)
    pot(sheet, 220, 1010, 230)


def heart(sheet, x, y, size):
    sheet.disc(x - size * 0.46, y - size * 0.3, size * 0.52, RUST)
    sheet.disc(x + size * 0.46, y - size * 0.3, size * 0.52, RUST)
    sheet.poly([(x - size * 0.93, y - size * 0.06), (x + size * 0.93, y - size * 0.06), (x, y + size)], RUST)


def cantine(sheet):
    """The kitchen: what grows nearby, bread, and a pot on the fire."""
    room(sheet, wall=sheet.pick(STRAW, "#f2d3b3", MIST), window=(1040, 130, 440, 340))
    sheet.rect(150, 190, 620, 12, SLATE)
    for x, size in ((220, 60), (370, 78), (530, 66), (690, 84)):
        sheet.line([(x, 196), (x, 260)], 6, SLATE)
        sheet.disc(x, 260 + size, size, AMBER)
        sheet.disc(x - size * 0.14, 246 + size, size * 0.72, GOLD)
    person(sheet, 800, 805, 540, clothes=CREAM, apron=sheet.pick(RUST, MOSS), arms=[(620, 770), (960, 770)])
    chef_hat(sheet, 800, 318)
    table(sheet, 120, 800, 1360)
    sheet.rect(330, 620, 300, 180, SLATE, radius=22)
    sheet.rect(310, 640, 340, 22, mix(SLATE, INK, 0.3), radius=10)
    for puff in range(3):
        sheet.curve(
            [(400 + puff * 80, 590), (380 + puff * 80, 540), (420 + puff * 80, 500), (400 + puff * 80, 450)], 12, CREAM
        )
    loaf(sheet, 1010, 800)
    crate_of(sheet, 1200, 800, (RUST, GOLD, MOSS, CLAY))
    for carrot in range(3):
        x = 720 + carrot * 70
        sheet.poly([(x, 772), (x + 96, 790), (x, 800)], CLAY)
        sheet.blob([(x + 4, 786), (x - 40, 764), (x - 30, 786), (x - 44, 800)], MOSS)


def cuisine(sheet):
    """Cooking together."""
    room(sheet, wall=sheet.pick(MIST, STRAW, "#f2d3b3"), window=(580, 100, 440, 300))
    shelf(sheet, 130, 330, 380, (RUST, GOLD, MOSS, SAND, CLAY))
    shelf(sheet, 1090, 330, 380, (GOLD, CLAY, FIR, RUST, SAND))
    for x, size, hands in ((330, 480, (450, 760)), (800, 510, (690, 765)), (1270, 480, (1140, 765))):
        person(sheet, x, 805, size, apron=sheet.pick(CREAM, FIR, RUST), arms=[hands])
    table(sheet, 80, 800, 1440)
    for x, colour, filling in ((500, RUST, STRAW), (700, FIR, GOLD), (1110, GOLD, MOSS)):
        sheet.ellipse(x, 726, 92, 26, filling)
        sheet.blob([(x - 100, 722), (x + 100, 722), (x + 62, 796), (x - 62, 796)], colour)
    sheet.line([(690, 765), (740, 690)], 12, OAK)
    loaf(sheet, 920, 800)
    crate_of(sheet, 1220, 800, (RUST, CLAY, GOLD, MOSS))
    for x in (180, 240, 300):
        sheet.ellipse(x, 780, 36, 24, (CLAY, GOLD, RUST)[x // 60 % 3])


def chef_hat(sheet, x, y):
    for dx, dy, radius in ((-50, 0, 46), (0, -24, 54), (50, 0, 46)):
        sheet.disc(x + dx, y - 52 + dy, radius, CREAM)
    sheet.rect(x - 70, y - 52, 140, 70, CREAM)
    sheet.rect(x - 70, y - 4, 140, 22, RULE)


def loaf(sheet, x, base):
    sheet.blob(
        [
            (x - 120, base),
            (x - 116, base - 70),
            (x - 40, base - 116),
            (x + 60, base - 112),
            (x + 124, base - 66),
            (x + 122, base),
        ],
        AMBER,
    )
    for cut in (-60, 0, 60):
        sheet.line([(x + cut - 14, base - 46), (x + cut + 22, base - 92)], 15, STRAW)


def fromagerie(sheet):
    """Wheels of Comté on their boards."""
    sheet.rect(0, 0, WIDTH, HEIGHT, "#6b4a2d")
    for column in range(3):
        for row in range(4):
            x, y = 290 + column * 510, 236 + row * 240
            wheel_of_cheese(sheet, x, y, sheet.chance.uniform(0.94, 1.02))
            sheet.rect(x - 265, y, 530, 30, OAK)
            sheet.rect(x - 265, y, 530, 9, WOOD)
    for post in (20, 535, 1045, 1555):
        sheet.rect(post - 18, 0, 36, HEIGHT, BARK)
        sheet.rect(post - 18, 0, 10, HEIGHT, OAK)
    person(sheet, 800, 1090, 760, clothes=CREAM, apron=FIR, arms=[(560, 820), (1040, 820)])
    sheet.ellipse(800, 826, 240, 60, AMBER)
    sheet.rect(560, 740, 480, 90, AMBER)
    sheet.ellipse(800, 740, 240, 60, GOLD)
    sheet.poly([(800, 740), (1000, 706), (1036, 750)], STRAW)
    sheet.poly([(800, 740), (1036, 750), (1036, 838), (800, 828)], "#f3d98c")
    for x, y, radius in ((880, 776, 11), (950, 800, 14), (990, 772, 8)):
        sheet.disc(x, y, radius, AMBER)


def wheel_of_cheese(sheet, x, base, size):
    across = 225 * size
    sheet.rect(x - across, base - 120, 2 * across, 120, AMBER, radius=30)
    sheet.rect(x - across, base - 120, 2 * across, 44, GOLD, radius=22)
    sheet.rect(x - across, base - 34, 2 * across, 34, mix(AMBER, INK, 0.18), radius=17)
    sheet.rect(x - across * 0.3, base - 96, across * 0.6, 66, FIR, radius=6)
    sheet.rect(x - across * 0.22, base - 76, across * 0.44, 8, STRAW)
    sheet.rect(x - across * 0.22, base - 56, across * 0.3, 8, STRAW)


MOTIFS = {drawing.__name__: drawing for drawing in (ordinateur, reunion, soin, cantine, cuisine, fromagerie)}
