"""Drawings of streets, houses and building sites, and of what comes and goes there."""

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
from demo.drawings.scenery import firs, hills, house, landscape, milestone, ridge, road, sky, tower, tree
from demo.drawings.vehicles import bicycle, coach, van


def rue(sheet):
    """A street of shops under its awnings."""
    sky(sheet, sheet.pick("day", "dawn"))
    x = -40
    for colour, roof in ((STRAW, BRICK), (MIST, SLATE), (CLAY, RUST), (CREAM, BRICK), ("#e9c9a5", RUST)):
        width, height = sheet.chance.randint(310, 370), sheet.chance.randint(480, 640)
        facade(sheet, x, 830, width, height, colour, roof)
        x += width
    sheet.rect(0, 830, WIDTH, 60, RULE)
    sheet.rect(0, 886, WIDTH, HEIGHT, "#55564e")
    for dash in range(0, WIDTH, 200):
        sheet.rect(dash + 30, 968, 110, 14, GOLD)
    for place in (210, 800, 1390):
        tree(sheet, place, 862, 230)
    bicycle(sheet, 560, 960, 0.62)


def facade(sheet, x, base, width, height, wall, roof):
    sheet.rect(x, base - height, width, height, wall)
    sheet.rect(x + width - 14, base - height, 14, height, INK, alpha=26)
    sheet.poly(
        [
            (x - 8, base - height),
            (x + 34, base - height - 90),
            (x + width - 34, base - height - 90),
            (x + width + 8, base - height),
        ],
        roof,
    )
    shutters = sheet.pick(FIR, RUST, SLATE, AMBER)
    for row in range(round((height - 260) / 130)):
        for column in range(3):
            left, top = x + 34 + column * (width - 68) / 3 + 16, base - height + 30 + row * 130
            sheet.rect(left, top, 44, 84, sheet.pick(SKY, STRAW, SKY))
            sheet.rect(left - 18, top, 16, 84, shutters)
            sheet.rect(left + 46, top, 16, 84, shutters)
    sheet.rect(x + 24, base - 190, width - 48, 190, mix(wall, INK, 0.4))
    sheet.rect(x + 38, base - 150, width * 0.5, 120, STRAW)
    sheet.rect(x + width * 0.68, base - 156, width * 0.2, 156, shutters)
    awning(sheet, x + 12, base - 210, width - 24, sheet.pick(RUST, FIR, AMBER))


def awning(sheet, x, y, width, colour):
    stripes = 9
    for stripe in range(stripes):
        left, wide = x + stripe * width / stripes, width / stripes
        fill = CREAM if stripe % 2 else colour
        sheet.rect(left, y, wide + 1, 56, fill)
        sheet.ellipse(left + wide / 2, y + 56, wide / 2, 14, fill)


def maison(sheet):
    """A house that is lived in, its garden and its firs."""
    landscape(sheet, sheet.pick("dusk", "dawn"), horizon=580)
    firs(sheet, [(360, 830, 420), (480, 850, 300), (1290, 850, 460), (1400, 840, 320)])
    house(sheet, 560, 870, 560, 250, roof=RUST)
    sheet.rect(790, 720, 96, 150, FIR, radius=8)
    sheet.disc(868, 800, 6, GOLD)
    sheet.blob([(-60, 860), (500, 850), (1100, 865), (1700, 850), (1700, 1200), (-60, 1200)], "#93b06c")
    sheet.poly([(800, 866), (880, 866), (1010, HEIGHT), (690, HEIGHT)], STRAW)
    for place in (560, 640, 1010, 1090):
        tree(sheet, place, 905, 90, MOSS, SAGE)
    for flower in range(26):
        side = sheet.pick(sheet.chance.randint(200, 640), sheet.chance.randint(1040, 1420))
        sheet.disc(side, sheet.chance.randint(930, 1040), sheet.chance.randint(7, 12), (GOLD, RUST, CREAM)[flower % 3])


def usine(sheet):
    """A factory with its saw-tooth roofs."""
    colours = sky(sheet, sheet.pick("dawn", "dusk", "day"))
    hills(sheet, colours, horizon=600)
    for chimney, top in ((330, 250), (430, 320)):
        sheet.poly([(chimney - 30, 820), (chimney - 22, top), (chimney + 22, top), (chimney + 30, 820)], BRICK)
        sheet.rect(chimney - 27, top, 54, 26, CREAM)
        sheet.rect(chimney - 25, top + 60, 50, 16, CREAM)
    sheet.rect(240, 590, 1140, 290, sheet.pick(CLAY, "#cf8257", "#e0a67c"))
    for tooth in range(5):
        left = 240 + tooth * 228
        sheet.poly([(left, 590), (left, 430), (left + 228, 590)], BRICK)
        sheet.poly([(left + 14, 578), (left + 14, 466), (left + 178, 578)], SKY)
        sheet.line([(left + 70, 500), (left + 70, 582)], 6, BRICK)
    for window in range(7):
        left = 290 + window * 152
        sheet.rect(left, 640, 96, 130, DEEP, radius=40)
        sheet.rect(left + 8, 690, 80, 80, sheet.pick(STRAW, GOLD, SKY))
        sheet.rect(left + 44, 648, 8, 122, DEEP)
    sheet.rect(746, 700, 128, 180, FIR)
    sheet.rect(806, 700, 8, 180, DEEP)
    ridge(sheet, 880, 6, "#93b06c")
    road(sheet, [(620, 1130), (760, 1000), (812, 880)], 330, 120, verge=STRAW)
    firs(sheet, [(110, 930, 330), (210, 900, 230), (1480, 940, 370)])


def chantier(sheet):
    """A building site that keeps what it takes down."""
    colours = sky(sheet, sheet.pick("dawn", "day"))
    hills(sheet, colours, horizon=620)
    sheet.rect(0, 830, WIDTH, HEIGHT, "#c9ad78")
    sheet.rect(620, 400, 560, 450, SAND)
    for floor in range(3):
        for bay in range(4):
            left, top = 652 + bay * 134, 430 + floor * 140
            sheet.rect(left, top, 90, 100, DEEP if sheet.chance.random() < 0.5 else SKY)
        sheet.rect(620, 545 + floor * 140, 560, 14, RULE)
    for pole in range(600, 1220, 120):
        sheet.rect(pole, 350, 10, 500, AMBER)
    for level in (420, 560, 700):
        sheet.rect(590, level, 640, 12, WOOD)
        sheet.line([(600, level + 140), (720, level + 12)], 6, AMBER)
    crane(sheet, 400, 850)
    for plank in range(6):
        sheet.rect(1270 + (plank % 2) * 14, 920 - plank * 24, 270, 20, (WOOD, OAK)[plank % 2], radius=3)
    for row in range(4):
        for brick in range(6 - row):
            sheet.rect(
                180 + brick * 62 + row * 30, 950 - row * 36, 56, 32, (RUST, CLAY, BRICK)[(brick + row) % 3], radius=2
            )
    for door, colour in ((760, FIR), (850, RUST), (940, MIST)):
        sheet.rect(door, 770, 82, 190, colour, radius=3)
        sheet.rect(door + 14, 790, 54, 60, mix(colour, INK, 0.2))
        sheet.disc(door + 68, 880, 6, GOLD)


def crane(sheet, x, base):
    for rung in range(11):
        y = base - rung * 66
        sheet.line([(x - 24, y), (x + 24, y - 66)], 5, GOLD)
    sheet.rect(x - 28, base - 740, 8, 740, GOLD)
    sheet.rect(x + 20, base - 740, 8, 740, GOLD)
    sheet.rect(x - 190, base - 690, 900, 12, GOLD)
    sheet.poly([(x - 20, base - 690), (x, base - 790), (x + 20, base - 690)], AMBER)
    sheet.line([(x, base - 786), (x + 640, base - 686)], 4, INK)
    sheet.line([(x, base - 786), (x - 180, base - 686)], 4, INK)
    sheet.rect(x - 190, base - 690, 90, 70, SLATE)
    sheet.rect(x - 34, base - 676, 68, 62, RUST)
    sheet.line([(x + 480, base - 680), (x + 480, base - 560)], 4, INK)
    sheet.rect(x + 400, base - 560, 160, 22, WOOD)


def epicerie(sheet):
    """The grocer's van, its awning open on the square."""
    landscape(sheet, sheet.pick("day", "noon", "dawn"), horizon=520)
    tower(sheet, 1330, 780, 300)
    for x, width in ((80, 170), (250, 150), (1130, 130), (1410, 150)):
        house(
            sheet,
            x,
            800,
            width,
            sheet.chance.randint(130, 190),
            wall=sheet.pick(STRAW, CREAM),
            roof=sheet.pick(RUST, BRICK),
        )
    sheet.rect(0, 800, WIDTH, HEIGHT, SAND)
    sheet.rect(0, 800, WIDTH, 12, RULE)
    van(sheet, 730, 960, 1.6, MOSS)
    sheet.rect(440, 540, 400, 210, DEEP)
    for shelf in (640, 720):
        for box in range(9):
            sheet.disc(470 + box * 42, shelf - 12, 17, (RUST, GOLD, SAGE, CLAY)[(box + shelf) % 4])
        sheet.rect(440, shelf, 400, 10, OAK)
    awning(sheet, 410, 500, 460, RUST)
    for crate, colour in enumerate((RUST, GOLD, SAGE)):
        left = 420 + crate * 150
        for fruit in range(5):
            sheet.disc(left + 16 + fruit * 25, 944, 18, colour)
        sheet.rect(left, 946, 130, 60, OAK, radius=4)
        sheet.rect(left, 964, 130, 8, BARK)


def velo(sheet):
    """A delivery by bicycle, in front of the hills."""
    landscape(sheet, sheet.pick("dawn", "day", "noon"), horizon=560)
    firs(sheet, [(120, 840, 330), (260, 830, 240), (1440, 850, 380)])
    house(sheet, 1040, 800, 260, 190)
    sheet.rect(0, 840, WIDTH, HEIGHT, "#4a4b44")
    sheet.rect(0, 826, WIDTH, 22, STRAW)
    for dash in range(-40, WIDTH, 230):
        sheet.rect(dash, 1000, 130, 14, GOLD)
    bicycle(sheet, 780, 940, 1.25, basket=True)
    milestone(sheet, 330, 900, 190, RUST)


def car(sheet):
    """The coach that comes to the villages."""
    landscape(sheet, sheet.pick("day", "noon"), horizon=540)
    tower(sheet, 300, 760, 260, width=86)
    for x in (120, 360, 470):
        house(sheet, x, 780, 110, 120, roof=sheet.pick(RUST, BRICK, CLAY))
    firs(sheet, [(1380, 790, 300), (1490, 800, 380)])
    sheet.rect(0, 800, WIDTH, HEIGHT, "#4a4b44")
    sheet.rect(0, 786, WIDTH, 22, STRAW)
    for dash in range(-40, WIDTH, 230):
        sheet.rect(dash, 1000, 130, 14, GOLD)
    coach(sheet, 830, 940, 1.0, sheet.pick(RUST, FIR, AMBER))


def camion(sheet):
    """Parcels that travel together."""
    landscape(sheet, sheet.pick("day", "dawn", "dusk"), horizon=560)
    firs(sheet, [(80, 820, 280), (200, 810, 360), (1470, 830, 330)])
    sheet.rect(0, 830, WIDTH, HEIGHT, "#4a4b44")
    sheet.rect(0, 816, WIDTH, 22, STRAW)
    for dash in range(-40, WIDTH, 230):
        sheet.rect(dash, 1010, 130, 14, GOLD)
    van(sheet, 760, 950, 1.5, sheet.pick(FIR, RUST, AMBER))
    for x, y, size in ((1280, 950, 130), (1400, 950, 100), (1330, 822, 96)):
        parcel(sheet, x, y, size)


def parcel(sheet, x, base, size):
    sheet.rect(x - size / 2, base - size, size, size, WOOD)
    sheet.rect(x + size * 0.3, base - size, size * 0.2, size, OAK)
    sheet.rect(x - size * 0.12, base - size, size * 0.2, size, STRAW)
    sheet.rect(x - size * 0.4, base - size * 0.36, size * 0.2, size * 0.2, CREAM)


MOTIFS = {drawing.__name__: drawing for drawing in (rue, maison, usine, chantier, epicerie, velo, car, camion)}
