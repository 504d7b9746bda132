"""What several drawings share: skies, ridges, firs, roads, buildings, rooms, people."""

import math

from demo.drawings.pencil import (
    AMBER,
    BARK,
    BRICK,
    CLAY,
    CREAM,
    DEEP,
    FIR,
    GOLD,
    HAIRS,
    HEIGHT,
    INK,
    MIST,
    MOSS,
    OAK,
    RULE,
    RUST,
    SAGE,
    SAND,
    SKINS,
    SKY,
    STRAW,
    WIDTH,
    WOOD,
    Sheet,
    mix,
    smooth,
)

# Each hour: the sky's top and bottom, the sun, and the hills from far to near.
HOURS = {
    "dawn": ("#f3c98f", "#fbeecb", GOLD, ("#cfd7b6", "#9dbb98", "#5f9274", "#2c6650")),
    "day": ("#b9d3d2", "#eef1e2", CREAM, ("#b9cdb4", "#7fa98d", "#3f7a61", "#1f5645")),
    "noon": ("#f6e3b0", "#fdf6e2", GOLD, ("#c6d5b4", "#8db28f", "#4b8568", "#1f5645")),
    "dusk": ("#c9623f", "#f5cf8e", "#fbe9bd", ("#c08a63", "#7d7a5a", "#3a6351", "#17493a")),
}


def sky(sheet, hour=None, *, horizon=640):
    """The sky of an hour, with its sun; answers the hills' colours."""
    upper, lower, sun, hills = HOURS[hour or sheet.pick("dawn", "day", "noon")]
    sheet.fade(0, horizon + 60, upper, lower)
    x, y = sheet.chance.randint(300, 1300), sheet.chance.randint(150, 270)
    for radius, alpha in ((230, 40), (165, 60), (105, 255)):
        sheet.disc(x, y, radius, sun, alpha)
    for _cloud in range(sheet.chance.randint(2, 3)):
        cloud(sheet, sheet.chance.randint(80, 1500), sheet.chance.randint(90, 330), sheet.chance.uniform(0.7, 1.3))
    return hills


def cloud(sheet, x, y, size):
    for dx, dy, width in ((0, 0, 210), (44, -24, 130), (-50, 22, 180)):
        sheet.rect(
            x + dx * size - width * size / 2, y + dy * size, width * size, 26 * size, CREAM, radius=13, alpha=190
        )


def ridge(sheet, level, swing, fill, *, trees=None):
    """A crest from edge to edge, down to the bottom; ``trees`` is the colour of the firs that stand on it."""
    phases = [sheet.chance.uniform(0, 6.28) for _wave in range(3)]

    def crest(x):
        waves = (
            math.sin(x / 310 + phases[0]),
            0.45 * math.sin(x / 140 + phases[1]),
            0.2 * math.sin(x / 61 + phases[2]),
        )
        return level + swing * sum(waves)

    points = [(x, crest(x)) for x in range(-20, WIDTH + 40, 20)]
    sheet.poly([*points, (WIDTH + 40, HEIGHT), (-20, HEIGHT)], fill)
    if trees:
        x = -20
        while x < WIDTH + 20:
            height = sheet.chance.uniform(26, 58)
            sheet.poly(
                [(x - height * 0.22, crest(x) + 6), (x, crest(x) - height), (x + height * 0.22, crest(x) + 6)], trees
            )
            x += sheet.chance.uniform(14, 40) if sheet.chance.random() < 0.85 else sheet.chance.uniform(90, 260)
    return crest


def hills(sheet, colours, *, horizon=640):
    """Four crests, the Jura's way: long, and darker as they come near."""
    ridge(sheet, horizon - 120, 42, colours[0])
    ridge(sheet, horizon - 60, 40, colours[1], trees=mix(colours[1], colours[2], 0.5))
    ridge(sheet, horizon, 34, colours[2], trees=mix(colours[2], colours[3], 0.6))


def landscape(sheet, hour=None, *, horizon=640, meadow="#a9bf7c"):
    """Sky, hills and a meadow in front."""
    colours = sky(sheet, hour, horizon=horizon)
    hills(sheet, colours, horizon=horizon)
    ridge(sheet, horizon + 90, 16, meadow)
    return colours


def fir(sheet, x, base, height, fill=FIR, shade=DEEP):
    """A fir of four storeys, lit from the left."""
    sheet.rect(x - height * 0.035, base - height * 0.12, height * 0.07, height * 0.13, BARK)
    for storey in range(4):
        foot = base - height * (0.08 + storey * 0.2)
        top = foot - height * (0.42 - storey * 0.03)
        half = height * (0.25 - storey * 0.048)
        sheet.poly([(x - half, foot), (x - half * 0.4, foot - half * 0.25), (x, top), (x, foot + half * 0.12)], fill)
        sheet.poly([(x + half, foot), (x + half * 0.4, foot - half * 0.25), (x, top), (x, foot + half * 0.12)], shade)


def firs(sheet, places, fill=FIR, shade=DEEP):
    for x, base, height in places:
        fir(sheet, x, base, height, fill, shade)


def tree(sheet, x, base, size, fill=MOSS, light=SAGE):
    """A round tree."""
    sheet.rect(x - size * 0.06, base - size * 0.5, size * 0.12, size * 0.5, BARK)
    sheet.disc(x, base - size * 0.75, size * 0.42, fill)
    sheet.disc(x - size * 0.1, base - size * 0.85, size * 0.26, light)


def road(sheet, points, near, far, *, fill="#3a3a34", dash=GOLD, verge=None):
    """A road seen in perspective through ``points``, from ``near`` wide to ``far`` wide."""
    middle = smooth(points, steps=16)
    last = len(middle) - 1
    if verge:
        _ribbon(
            sheet,
            middle,
            [near * 1.25 + (far * 1.25 - near * 1.25) * (i / last) ** 0.7 for i in range(last + 1)],
            verge,
        )
    widths = [near + (far - near) * (i / last) ** 0.7 for i in range(last + 1)]
    _ribbon(sheet, middle, widths, fill)
    for step in range(0, last - 3, 6):
        part = slice(step, step + 4)
        _ribbon(sheet, middle[part], [width * 0.05 for width in widths[part]], dash)


def _ribbon(sheet, middle, widths, fill):
    """On the ground, a road is as wide as it looks from the front: widths are level, whatever the bend."""
    left = [(x - width / 2, y) for (x, y), width in zip(middle, widths, strict=True)]
    right = [(x + width / 2, y) for (x, y), width in zip(middle, widths, strict=True)]
    sheet.poly([*left, *reversed(right)], fill)


def milestone(sheet, x, base, height, cap=GOLD):
    """The stone that counts the road's kilometres."""
    width = height * 0.62
    sheet.ellipse(x + width * 0.15, base, width * 0.75, height * 0.07, INK, 50)
    sheet.rect(x - width / 2, base - height, width, height, CREAM, radius=width / 2)
    sheet.rect(x - width / 2, base - height * 0.5, width, height * 0.5, CREAM)
    sheet.pen.pieslice(
        [v * sheet.scale for v in (x - width / 2, base - height, x + width / 2, base - height + width)], 180, 360, cap
    )
    sheet.rect(x - width / 2, base - height + width / 2 - 1, width, height * 0.06, cap)
    sheet.rect(x + width * 0.3, base - height * 0.62, width * 0.2, height * 0.62, RULE)
    for line, length in ((0.46, 0.42), (0.34, 0.3), (0.22, 0.36)):
        sheet.rect(x - width * 0.3, base - height * line, width * length, height * 0.045, INK)


def house(sheet, x, base, width, height, *, wall=CREAM, roof=RUST, lit=GOLD):
    """A house seen from the front, door and windows in rows."""
    sheet.rect(x, base - height, width, height, wall)
    sheet.rect(x + width * 0.78, base - height, width * 0.22, height, INK, alpha=22)
    sheet.poly(
        [
            (x - 18, base - height),
            (x + width * 0.2, base - height * 1.42),
            (x + width * 0.8, base - height * 1.42),
            (x + width + 18, base - height),
        ],
        roof,
    )
    sheet.rect(x + width * 0.66, base - height * 1.56, width * 0.09, height * 0.3, BRICK)
    columns = max(2, round(width / 90))
    for row in range(max(1, round(height / 120))):
        for column in range(columns):
            left, top = x + width * (column + 0.28) / columns, base - height + 26 + row * 104
            sheet.rect(left - 6, top - 6, 48, 64, FIR)
            sheet.rect(left, top, 36, 52, sheet.pick(lit, STRAW, SKY))


def tower(sheet, x, base, height, width=110):
    """A steeple of Franche-Comté: a square tower and a bulb of coloured tiles."""
    sheet.rect(x - width / 2, base - height, width, height, CREAM)
    sheet.rect(x + width * 0.2, base - height, width * 0.3, height, RULE)
    sheet.rect(x - width * 0.14, base - height + 40, width * 0.28, 70, INK, radius=width * 0.14)
    sheet.rect(x - width * 0.6, base - height - 12, width * 1.2, 20, SAND)
    top = base - height - 12
    left = smooth([(-0.56, 0), (-0.6, -0.5), (-0.34, -1.0), (-0.17, -1.3), (-0.13, -1.62)])
    shape = [(x + dx * width, top + dy * width) for dx, dy in left]
    shape += [(2 * x - px, py) for px, py in reversed(shape)]
    sheet.poly(shape, RUST)
    sheet.poly([point for point in shape if point[0] >= x - 1] + [(x, top)], BRICK)
    for row in range(3):
        for column in range(-2 + row // 2, 3 - row // 2):
            cx, cy = x + column * width * 0.2, top - width * (0.22 + row * 0.27)
            sheet.poly([(cx - 9, cy), (cx, cy - 13), (cx + 9, cy), (cx, cy + 13)], (GOLD, MOSS)[(row + column) % 2])
    sheet.line([(x, top - width * 1.6), (x, top - width * 2.1)], 5, INK)
    sheet.disc(x, top - width * 1.72, 9, GOLD)
    sheet.line([(x - 15, top - width * 1.98), (x + 15, top - width * 1.98)], 5, INK)


def room(sheet, *, wall=None, floor=OAK, window=(930, 120, 520, 400), level=800):
    """A wall, a floor, and a window on the hills."""
    wall = wall or sheet.pick(STRAW, MIST, "#f2d3b3", "#e6ddc6")
    sheet.rect(0, 0, WIDTH, level, wall)
    sheet.rect(0, level - 150, WIDTH, 150, mix(wall, INK, 0.1))
    sheet.rect(0, level - 158, WIDTH, 10, mix(wall, CREAM, 0.6))
    sheet.rect(0, level, WIDTH, HEIGHT - level, floor)
    for board in range(4):
        sheet.rect(0, level + 40 + board * 74, WIDTH, 5, mix(floor, INK, 0.16))
    if window:
        view(sheet, *window)
    return wall


def view(sheet, x, y, width, height, *, frame=CREAM):
    """A window: the hills outside, in a frame with a sill."""
    outside = Sheet(sheet.seed + "-outside", scale=sheet.scale * max(width / WIDTH, height / HEIGHT) * 1.02)
    colours = landscape(outside, sheet.pick("dawn", "day", "noon"), horizon=560)
    for place in (180, 420, 1120, 1390):
        fir(outside, place, 1010, outside.chance.randint(260, 420), colours[3], mix(colours[3], INK, 0.25))
    crop = outside.image.crop((0, 0, round(width * sheet.scale), round(height * sheet.scale)))
    sheet.paste(crop, x, y)
    for bar in (x - 14, x + width / 2 - 7, x + width):
        sheet.rect(bar, y - 14, 14, height + 28, frame)
    for bar in (y - 14, y + height * 0.42, y + height):
        sheet.rect(x - 14, bar, width + 28, 14, frame)
    sheet.rect(x - 40, y + height + 10, width + 80, 24, mix(frame, INK, 0.12), radius=4)


def lamp(sheet, x, drop, *, shade=FIR):
    """A hanging lamp and its light."""
    sheet.poly([(x - 70, drop), (x + 70, drop), (x + 250, drop + 430), (x - 250, drop + 430)], CREAM, 46)
    sheet.rect(x - 3, 0, 6, drop - 60, INK)
    sheet.poly([(x - 26, drop - 66), (x + 26, drop - 66), (x + 84, drop), (x - 84, drop)], shade)
    sheet.ellipse(x, drop, 84, 12, GOLD)


def table(sheet, x, y, width, *, top=WOOD, depth=30, legs=HEIGHT):
    """A work bench or a table, seen from the front."""
    sheet.rect(x + 46, y + depth, 40, legs - y, mix(top, INK, 0.38))
    sheet.rect(x + width - 86, y + depth, 40, legs - y, mix(top, INK, 0.38))
    sheet.rect(x + 30, y + depth, width - 60, 46, mix(top, INK, 0.26))
    sheet.rect(x, y, width, depth, top, radius=6)
    sheet.rect(x, y, width, 8, mix(top, CREAM, 0.4), radius=4)


def shelf(sheet, x, y, width, colours=(RUST, GOLD, MOSS, SAND, CLAY, FIR)):
    """A shelf with what stands on shelves."""
    place = x + 16
    while place < x + width - 50:
        wide, high = sheet.chance.randint(26, 56), sheet.chance.randint(46, 96)
        colour = sheet.pick(*colours)
        if sheet.chance.random() < 0.35:
            sheet.rect(place, y - high * 0.8, wide, high * 0.8, colour, radius=wide * 0.25)
            sheet.rect(place + wide * 0.2, y - high * 0.95, wide * 0.6, high * 0.2, mix(colour, INK, 0.3), radius=4)
        else:
            sheet.rect(place, y - high, wide, high, colour)
            sheet.rect(place, y - high * 0.7, wide, 8, CREAM, alpha=150)
        place += wide + sheet.chance.randint(6, 26)
    sheet.rect(x, y, width, 16, OAK, radius=3)


def pot(sheet, x, base, size, *, leaf=MOSS, clay=RUST):
    """A plant in its pot."""
    for angle in (-62, -30, 0, 30, 62):
        lean = math.sin(math.radians(angle))
        tip = (x + lean * size * 0.8, base - size * (0.5 + 0.75 * math.cos(math.radians(angle))))
        middle = ((x + tip[0]) / 2, (base - size * 0.4 + tip[1]) / 2)
        side = size * 0.12
        sheet.blob([(x, base - size * 0.4), (middle[0] - side, middle[1]), tip, (middle[0] + side, middle[1])], leaf)
    sheet.poly(
        [
            (x - size * 0.3, base - size * 0.5),
            (x + size * 0.3, base - size * 0.5),
            (x + size * 0.22, base),
            (x - size * 0.22, base),
        ],
        clay,
    )
    sheet.rect(x - size * 0.34, base - size * 0.55, size * 0.68, size * 0.12, mix(clay, INK, 0.2), radius=4)


def person(sheet, x, base, size, *, clothes=None, apron=None, arms=()):
    """Someone from the waist up, without a face; ``arms`` are the places where the hands are."""
    skin = sheet.pick(*SKINS)
    hair = sheet.pick(*(HAIRS if skin in SKINS[:2] else HAIRS[:3]))
    clothes = clothes or sheet.pick(RUST, GOLD, MOSS, CLAY, AMBER, SAGE)
    dark = mix(clothes, INK, 0.18)
    sheet.blob(
        [
            (x - size * 0.3, base + size * 0.02),
            (x - size * 0.27, base - size * 0.5),
            (x - size * 0.1, base - size * 0.62),
            (x + size * 0.1, base - size * 0.62),
            (x + size * 0.27, base - size * 0.5),
            (x + size * 0.3, base + size * 0.02),
        ],
        clothes,
    )
    if apron:
        sheet.rect(x - size * 0.16, base - size * 0.42, size * 0.32, size * 0.44, apron, radius=size * 0.04)
        for side in (-1, 1):
            sheet.line(
                [(x + side * size * 0.13, base - size * 0.4), (x + side * size * 0.1, base - size * 0.6)],
                size * 0.03,
                apron,
            )
    head(sheet, x, base - size * 0.86, size * 0.165, skin, hair)
    for hand in arms:
        side = 1 if hand[0] > x else -1
        shoulder = (x + side * size * 0.23, base - size * 0.46)
        elbow = ((shoulder[0] + hand[0]) / 2 + side * size * 0.1, (shoulder[1] + hand[1]) / 2 + size * 0.1)
        sheet.curve([shoulder, elbow, hand], size * 0.12, dark)
        sheet.disc(*hand, size * 0.065, skin)


def head(sheet, x, y, radius, skin, hair):
    """A head and its neck: long hair, a bun, a cap or a beard."""
    style = sheet.pick("long", "bun", "cap", "beard", "short", "curls")
    if style == "long":
        sheet.rect(x - radius * 1.12, y - radius * 0.6, radius * 2.24, radius * 2.1, hair, radius=radius * 0.7)
    if style == "curls":
        for dx, dy in ((-0.8, -0.1), (-0.75, -0.75), (0, -1.05), (0.75, -0.75), (0.8, -0.1)):
            sheet.disc(x + dx * radius, y + dy * radius, radius * 0.55, hair)
    sheet.rect(
        x - radius * 0.4, y + radius * 0.5, radius * 0.8, radius * 1.15, mix(skin, INK, 0.14), radius=radius * 0.3
    )
    if style == "bun":
        sheet.disc(x, y - radius * 1.35, radius * 0.42, hair)
    sheet.ellipse(x, y, radius * 0.92, radius * 1.1, skin)
    if style == "beard":
        _half_disc(sheet, x, y + radius * 0.42, radius * 0.86, radius * 0.8, 0, 180, hair)
    _half_disc(sheet, x, y - radius * 0.34, radius * 0.98, radius * 0.92, 180, 360, hair)
    if style == "cap":
        cap = sheet.pick(RUST, FIR, GOLD)
        _half_disc(sheet, x, y - radius * 0.36, radius * 1.03, radius * 1.0, 180, 360, cap)
        sheet.rect(
            x - radius * 0.3, y - radius * 0.44, radius * 1.5, radius * 0.2, mix(cap, INK, 0.25), radius=radius * 0.1
        )


def _half_disc(sheet, x, y, across, down, start, end, fill):
    s = sheet.scale
    sheet.pen.pieslice([(x - across) * s, (y - down) * s, (x + across) * s, (y + down) * s], start, end, fill)


def floor_shadow(sheet, x, y, across):
    sheet.ellipse(x, y, across, across * 0.09, INK, 60)


def paper(sheet, x, y, width, height, *, lines=4):
    """A sheet of paper with lines of text."""
    sheet.rect(x, y, width, height, CREAM, radius=3)
    for line in range(lines):
        length = width * (0.7 if line % 3 else 0.5)
        sheet.rect(x + width * 0.14, y + height * (line + 1) / (lines + 1.5), length, max(4, height * 0.05), RULE)
