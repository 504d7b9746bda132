"""Drawings of the country: hills, farms, vines, forests, rivers, villages."""

from demo.drawings.pencil import (
    AMBER,
    BARK,
    BRICK,
    CLAY,
    CREAM,
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
    STRAW,
    WIDTH,
    WOOD,
    mix,
)
from demo.drawings.scenery import (
    fir,
    firs,
    floor_shadow,
    house,
    landscape,
    milestone,
    person,
    pot,
    ridge,
    road,
    tower,
    tree,
)
from demo.drawings.vehicles import van


def paysage(sheet):
    """The road through the hills, with its stones."""
    colours = landscape(sheet, sheet.pick("dawn", "dusk", "day"), horizon=600)
    ridge(sheet, 760, 22, mix("#a9bf7c", colours[2], 0.35))
    bend = sheet.pick(-1, 1)
    bends = [(800 + bend * dx, y) for dx, y in ((-160, 1130), (110, 950), (-70, 820), (70, 740), (0, 690), (60, 640))]
    road(sheet, bends, 420, 14, verge=STRAW)
    firs(sheet, [(90, 960, 420), (250, 900, 300), (1510, 980, 460), (1370, 900, 320), (1265, 860, 220)])
    milestone(sheet, 330, 1030, 210, sheet.pick(GOLD, RUST))


def village(sheet):
    """A village round its steeple."""
    landscape(sheet, horizon=560)
    tower(sheet, 820, 800, 330)
    x = 330
    while x < 1330:
        width = sheet.chance.randint(130, 210)
        house(
            sheet,
            x,
            850 + sheet.chance.randint(-30, 20),
            width,
            sheet.chance.randint(120, 200),
            wall=sheet.pick(CREAM, STRAW, SAND),
            roof=sheet.pick(RUST, BRICK, CLAY),
        )
        x += width + sheet.chance.randint(-6, 26)
    for place in (250, 310, 1370, 1450):
        tree(sheet, place, 880, sheet.chance.randint(130, 190))
    sheet.blob([(-60, 840), (500, 870), (1100, 850), (1700, 830), (1700, 1200), (-60, 1200)], "#8fae6e")
    road(sheet, [(420, 1120), (560, 1000), (860, 930), (820, 850)], 220, 36, verge=STRAW)
    milestone(sheet, 1180, 1020, 190, RUST)


def ferme(sheet):
    """A farm of the high plateau and its cows."""
    landscape(sheet, sheet.pick("day", "noon"), horizon=560)
    barn(sheet, 560, 800, 640)
    sheet.blob([(-60, 800), (400, 790), (1000, 805), (1700, 780), (1700, 1200), (-60, 1200)], "#9db86f")
    firs(sheet, [(440, 800, 230), (1330, 800, 300), (1440, 815, 230)])
    for post in range(60, WIDTH, 210):
        sheet.rect(post, 830, 12, 90, OAK)
    for wire in (850, 885):
        sheet.line([(0, wire), (WIDTH, wire)], 3, BARK)
    cow(sheet, 380, 1010, 1.25)
    cow(sheet, 1010, 950, 0.9, flip=-1)
    cow(sheet, 1400, 1030, 0.95)


def barn(sheet, x, base, width):
    height = width * 0.34
    sheet.rect(x, base - height, width, height, CREAM)
    sheet.poly(
        [
            (x - 50, base - height + 6),
            (x + width * 0.16, base - height * 2.05),
            (x + width * 0.84, base - height * 2.05),
            (x + width + 50, base - height + 6),
        ],
        RUST,
    )
    sheet.poly(
        [
            (x + width * 0.84, base - height * 2.05),
            (x + width + 50, base - height + 6),
            (x + width * 0.7, base - height + 6),
        ],
        BRICK,
    )
    sheet.rect(x + width * 0.24, base - height * 2.3, 60, 80, SAND)
    middle = x + width * 0.36
    sheet.rect(middle - 80, base - height * 0.86, 160, height * 0.86, OAK, radius=78)
    sheet.rect(middle - 80, base - height * 0.4, 160, height * 0.4, OAK)
    sheet.rect(middle - 4, base - height * 0.84, 8, height * 0.84, BARK)
    for column in range(3):
        left = x + width * 0.6 + column * 80
        sheet.rect(left - 8, base - height * 0.74, 56, 76, FIR)
        sheet.rect(left, base - height * 0.7, 40, 62, SKY)


def cow(sheet, x, base, size, *, flip=1):
    """A Montbéliarde: red patches, white head."""

    def at(*points):
        return [(x + dx * size * flip, base + dy * size) for dx, dy in points]

    floor_shadow(sheet, x, base, 170 * size)
    for dx in (-118, -86, 70, 104):
        sheet.poly(
            at((dx - 14, -110), (dx + 14, -110), (dx + 10, 0), (dx - 10, 0)), CREAM if dx in (-118, 104) else RULE
        )
        sheet.poly(at((dx - 10, -14), (dx + 10, -14), (dx + 10, 0), (dx - 10, 0)), INK)
    sheet.blob(
        at((-150, -190), (-60, -212), (60, -206), (128, -214), (140, -150), (110, -92), (0, -80), (-120, -92)), CREAM
    )
    sheet.blob(at((-148, -188), (-90, -208), (-40, -190), (-52, -130), (-110, -108), (-142, -130)), RUST)
    sheet.blob(at((10, -206), (84, -206), (90, -150), (40, -120), (4, -150)), RUST)
    sheet.blob(at((-40, -84), (-10, -60), (20, -62), (34, -86)), CLAY)
    sheet.line(at((-150, -184), (-174, -150), (-170, -80)), 8 * size, CREAM)
    sheet.blob(at((110, -200), (150, -262), (196, -262), (206, -180), (190, -130), (166, -136), (150, -170)), CREAM)
    sheet.blob(at((172, -160), (206, -168), (204, -128), (180, -124)), CLAY)
    sheet.blob(at((140, -250), (108, -262), (116, -236)), RUST)
    sheet.line(at((156, -262), (146, -288)), 8 * size, STRAW)
    sheet.disc(*at((178, -216))[0], 6 * size, INK)
    sheet.disc(*at((150, -128))[0], 15 * size, GOLD)


def vigne(sheet):
    """Rows of vines below a village of the Revermont."""
    landscape(sheet, sheet.pick("dawn", "dusk"), horizon=520, meadow="#b5bd74")
    for x, height in ((1020, 96), (1120, 120), (1330, 104)):
        house(sheet, x, 640, 118, height, wall=STRAW)
    tower(sheet, 1270, 640, 190, width=66)
    sheet.blob([(-60, 640), (500, 600), (1100, 640), (1700, 620), (1700, 1200), (-60, 1200)], "#c7a865")
    for row in range(-7, 9):
        top, bottom = 800 + row * 70, 800 + row * 330
        sheet.line([(top, 650), (bottom, HEIGHT + 60)], 8, OAK)
        for step in range(27):
            share = (step / 26) ** 1.7
            x, y, size = top + (bottom - top) * share, 655 + 430 * share, 13 + 60 * share
            sheet.disc(x + sheet.chance.uniform(-0.25, 0.25) * size, y, size, (MOSS, FIR, "#2c6650")[(row + step) % 3])
            if step > 12 and step % 3 == 0:
                grapes(sheet, x + size * 0.1, y - size * 0.1, size * 0.15)


def grapes(sheet, x, y, size):
    for row, count in ((0, 3), (1, 2), (2, 1)):
        for place in range(count):
            sheet.disc(x + (place - (count - 1) / 2) * size * 1.7, y + row * size * 1.5, size, GOLD if row else AMBER)


def foret(sheet):
    """Deep among the firs."""
    upper, lower = sheet.pick(("#f3c98f", "#fbeecb"), ("#b9d3d2", "#eef1e2"))
    sheet.fade(0, HEIGHT, upper, lower)
    sheet.disc(sheet.chance.randint(650, 950), 360, 170, CREAM, 200)
    for rank, (fill, base, height) in enumerate(
        (("#c3d0b0", 700, 420), ("#93b18c", 780, 560), ("#5a8a6c", 860, 700), (FIR, 1000, 900))
    ):
        shade = mix(fill, INK, 0.16)
        gap = 105 + rank * 45
        x = sheet.chance.randint(-60, 20)
        while x < WIDTH + 80:
            middle = abs(x - 800) < 80 + rank * 110
            if not (middle and rank > 1):
                fir(sheet, x, base, height * sheet.chance.uniform(0.75, 1.1), fill, shade)
            x += gap * sheet.chance.uniform(0.7, 1.3)
        sheet.blob(
            [(-60, base - 30), (400, base), (900, base - 20), (1700, base - 10), (1700, 1300), (-60, 1300)], fill
        )
    road(sheet, [(780, 1130), (900, 1010), (760, 920), (810, 850)], 300, 26, fill=STRAW, dash=STRAW)
    for log in range(3):
        sheet.rect(1060 + log * 16, 940 + log * -46, 330 - log * 60, 50, BARK, radius=24)
        sheet.ellipse(1064 + log * 16, 965 + log * -46, 20, 25, WOOD)
        sheet.ellipse(1064 + log * 16, 965 + log * -46, 10, 13, OAK)


def riviere(sheet):
    """A river and its stone bridge."""
    landscape(sheet, sheet.pick("dawn", "day"), horizon=540)
    for x, width in ((150, 170), (330, 150), (1200, 190), (1400, 150)):
        house(sheet, x, 740, width, sheet.chance.randint(130, 180), roof=sheet.pick(RUST, BRICK))
    sheet.rect(0, 740, WIDTH, HEIGHT, "#7faeab")
    sheet.rect(0, 640, WIDTH, 210, SAND)
    sheet.rect(0, 622, WIDTH, 22, RULE)
    for arch in range(4):
        middle = 120 + arch * 450
        sheet.ellipse(middle, 830, 190, 160, RULE)
        sheet.ellipse(middle, 830, 172, 146, "#a5c9c0")
        sheet.rect(middle - 190, 830, 380, 30, "#7faeab")
    sheet.rect(0, 850, WIDTH, HEIGHT, "#7faeab")
    for pier in range(5):
        sheet.poly(
            [(pier * 450 - 130, 850), (pier * 450 - 80, 850), (pier * 450 - 95, 940), (pier * 450 - 115, 940)],
            SAND,
            110,
        )
    for band in range(16):
        x, y = sheet.chance.randint(-80, 1400), 868 + band * 13
        sheet.rect(x, y, sheet.chance.randint(160, 420), 6, MIST, radius=3, alpha=170)
    van(sheet, 760, 626, 0.5, sheet.pick(RUST, GOLD, FIR))
    sheet.blob([(-60, 960), (240, 930), (520, 1000), (640, 1200), (-60, 1200)], "#6f9a63")
    for place in (60, 170, 300):
        for blade in range(7):
            x = place + blade * 12
            sheet.line([(x, 1010), (x + sheet.chance.randint(-16, 16), 860 + sheet.chance.randint(0, 60))], 7, FIR)


def jardin(sheet):
    """A shared garden, its rows and its greenhouse."""
    landscape(sheet, sheet.pick("day", "noon"), horizon=520, meadow="#9db86f")
    greenhouse(sheet, 950, 720, 430, 240)
    person(sheet, 250, 800, 470, arms=[(150, 730), (345, 720)])
    sheet.ellipse(250, 362, 128, 22, AMBER)
    sheet.rect(186, 292, 128, 72, GOLD, radius=30)
    sheet.rect(186, 342, 128, 16, RUST)
    sheet.blob([(-60, 700), (700, 690), (1700, 710), (1700, 1200), (-60, 1200)], "#8c6440")
    y = 745
    for row in range(5):
        size = 26 + row * 13
        sheet.rect(0, y - 6, WIDTH, 12 + row * 5, "#74502f", radius=6)
        x = -size * (1 + row % 2)
        while x < WIDTH + size:
            vegetable(sheet, x, y, size, row)
            x += size * 2.6
        y += size * 1.5


def greenhouse(sheet, x, base, width, height):
    sheet.poly(
        [
            (x, base),
            (x, base - height * 0.6),
            (x + width / 2, base - height),
            (x + width, base - height * 0.6),
            (x + width, base),
        ],
        CREAM,
        190,
    )
    for pane in range(9):
        left = x + pane * width / 8
        rise = height * (0.6 + 0.4 * (1 - abs(pane - 4) / 4))
        sheet.line([(left, base), (left, base - rise)], 6, FIR)
    sheet.line([(x, base - height * 0.6), (x + width / 2, base - height), (x + width, base - height * 0.6)], 10, FIR)
    sheet.line([(x, base - height * 0.6), (x + width, base - height * 0.6)], 6, FIR)
    for plant in range(5):
        pot(sheet, x + 50 + plant * (width - 100) / 4, base, 70)


def vegetable(sheet, x, y, size, kind):
    if kind % 3 == 0:
        sheet.disc(x, y - size * 0.4, size * 0.8, MOSS)
        sheet.disc(x - size * 0.14, y - size * 0.5, size * 0.55, SAGE)
        sheet.disc(x, y - size * 0.45, size * 0.26, MIST)
    elif kind % 3 == 1:
        for lean in (-0.7, -0.25, 0.25, 0.7):
            sheet.blob(
                [
                    (x, y),
                    (x + lean * size * 0.5, y - size * 0.8),
                    (x + lean * size * 1.2, y - size * 1.4),
                    (x + lean * size * 0.9, y - size * 0.6),
                ],
                FIR if lean < 0 else MOSS,
            )
        sheet.ellipse(x, y + size * 0.05, size * 0.3, size * 0.26, CLAY)
    else:
        sheet.rect(x - size * 0.06, y - size * 2, size * 0.12, size * 2, WOOD)
        for dx, dy, leaf in ((-0.3, 0.5, FIR), (0.3, 0.7, MOSS), (-0.25, 1.1, MOSS), (0.22, 1.4, FIR)):
            sheet.ellipse(x + dx * size, y - dy * size, size * 0.42, size * 0.26, leaf)
        for dx, dy in ((0.12, 0.35), (-0.2, 0.85), (0.26, 1.1)):
            sheet.disc(x + dx * size, y - dy * size, size * 0.17, RUST)


def solaire(sheet):
    """A roof of solar panels, and the village that shares it."""
    landscape(sheet, "noon", horizon=560)
    tower(sheet, 1310, 720, 230, width=80)
    for x in (1040, 1170, 1400):
        house(sheet, x, 740, 120, 110, roof=CLAY)
    sheet.blob([(-60, 740), (700, 760), (1700, 730), (1700, 1200), (-60, 1200)], "#9db86f")
    sheet.rect(230, 700, 820, 240, CREAM)
    sheet.rect(880, 700, 170, 240, RULE)
    sheet.poly([(170, 710), (330, 380), (1150, 380), (1110, 710)], BRICK)
    for row in range(3):
        for column in range(6):
            share, below = row / 3, (row + 0.88) / 3
            x0, x1 = 215 + 140 * (1 - share), 215 + 140 * (1 - below)
            y0, y1 = 690 - 280 * (1 - share), 690 - 280 * (1 - below)
            left, wide = column * 142, 130
            sheet.poly([(x0 + left, y0), (x0 + left + wide, y0), (x1 + left + wide, y1), (x1 + left, y1)], "#24494f")
            sheet.poly([(x0 + left, y0), (x0 + left + wide * 0.45, y0), (x1 + left, y1)], "#3d6a70")
    for left in (300, 440, 700, 830):
        sheet.rect(left, 770, 84, 100, FIR)
        sheet.rect(left + 8, 778, 68, 84, STRAW)
    sheet.rect(570, 770, 90, 170, RUST, radius=6)
    for place in (150, 1120, 1500):
        tree(sheet, place, 960, 200)


MOTIFS = {drawing.__name__: drawing for drawing in (paysage, village, ferme, vigne, foret, riviere, jardin, solaire)}
