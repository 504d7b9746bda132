"""A sheet to draw on in flat colours, as a printer of posters would: no outline, no texture, few inks."""

import math
import random

from PIL import Image, ImageColor, ImageDraw

WIDTH, HEIGHT = 1600, 1066

PAPER, CREAM, SAND, STRAW, RULE = "#f8f2e4", "#fffcf4", "#efe6d2", "#f6e3b0", "#d9ccb0"
INK, BARK, WOOD, OAK = "#211e17", "#5a4632", "#c2935a", "#94683a"
FIR, DEEP, MOSS, SAGE, MIST = "#17493a", "#0f3228", "#3f7a61", "#7fa98d", "#dbe5d6"
GOLD, AMBER, RUST, BRICK, CLAY = "#e3aa2d", "#c98f12", "#b5472d", "#8f3420", "#dc9468"
SKY, STEEL, SLATE, NIGHT = "#c3d8d4", "#8fa3a0", "#4a5a5c", "#16302f"
SKINS = ("#f0c9a4", "#d9a679", "#a9744a", "#7a4f33")
HAIRS = (INK, BARK, "#b9b2a2", "#8a4f22", "#cf9a45")


class Sheet:
    """1600 × 1066 units whatever the pixels behind: ``scale`` of them to a unit. Everything is drawn back to front."""

    def __init__(self, seed, *, scale=2.0, background=PAPER):
        self.seed = str(seed)
        self.chance = random.Random(self.seed)
        self.scale = scale
        self.image = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)), background)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def pick(self, *choices):
        return self.chance.choice(choices)

    def poly(self, points, fill, alpha=255):
        self.pen.polygon([(x * self.scale, y * self.scale) for x, y in points], _ink(fill, alpha))

    def blob(self, points, fill, alpha=255):
        """A closed shape with round corners through ``points``."""
        self.poly(smooth(points, closed=True), fill, alpha)

    def rect(self, x, y, width, height, fill, *, radius=0, alpha=255):
        box = [x * self.scale, y * self.scale, (x + width) * self.scale - 1, (y + height) * self.scale - 1]
        self.pen.rounded_rectangle(box, radius * self.scale, _ink(fill, alpha))

    def ellipse(self, x, y, across, down, fill, alpha=255):
        s = self.scale
        self.pen.ellipse([(x - across) * s, (y - down) * s, (x + across) * s, (y + down) * s], _ink(fill, alpha))

    def disc(self, x, y, radius, fill, alpha=255):
        self.ellipse(x, y, radius, radius, fill, alpha)

    def ring(self, x, y, radius, width, fill):
        s = self.scale
        box = [(x - radius) * s, (y - radius) * s, (x + radius) * s, (y + radius) * s]
        self.pen.ellipse(box, None, _ink(fill), round(width * s))

    def arc(self, x, y, radius, start, end, width, fill):
        """Degrees, clockwise from three o'clock; round ends."""
        turns = [math.radians(start + (end - start) * step / 40) for step in range(41)]
        self.line([(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns], width, fill)

    def line(self, points, width, fill, alpha=255):
        """A stroke with round ends and joints."""
        s = self.scale
        scaled = [(x * s, y * s) for x, y in points]
        self.pen.line(scaled, _ink(fill, alpha), max(1, round(width * s)), joint="curve")
        if alpha == 255 and width > 3:
            radius = width * s / 2 - 0.5
            for x, y in (scaled[0], scaled[-1]):
                self.pen.ellipse([x - radius, y - radius, x + radius, y + radius], _ink(fill))

    def curve(self, points, width, fill):
        self.line(smooth(points), width, fill)

    def fade(self, top, bottom, upper, lower, steps=12):
        """Flat bands from one colour to another, as a poster's sky."""
        height = (bottom - top) / steps
        for step in range(steps):
            self.rect(0, top + step * height, WIDTH, height + 2, mix(upper, lower, step / (steps - 1)))

    def paste(self, other, x, y):
        self.image.paste(other, (round(x * self.scale), round(y * self.scale)))


def mix(one, other, share):
    """The colour between two, as a tuple."""
    pairs = zip(_ink(one)[:3], _ink(other)[:3], strict=True)
    return tuple(round(a + (b - a) * share) for a, b in pairs)


def smooth(points, *, closed=False, steps=10):
    """A Catmull-Rom curve through ``points``, as many points."""
    points = list(points)
    ends = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    return [
        _between(*ends[index : index + 4], step / steps) for index in range(len(ends) - 3) for step in range(steps + 1)
    ]


def _between(before, start, end, after, t):
    return tuple(
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(before, start, end, after, strict=True)
    )


def turn(points, angle, centre):
    """``points`` turned by ``angle`` degrees around ``centre``."""
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    cx, cy = centre
    return [(cx + (x - cx) * cosine - (y - cy) * sine, cy + (x - cx) * sine + (y - cy) * cosine) for x, y in points]


def _ink(colour, alpha=255):
    rgb = colour if isinstance(colour, tuple) else ImageColor.getrgb(colour)
    return (*rgb[:3], alpha)
