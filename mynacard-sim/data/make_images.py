#!/usr/bin/env python3
"""Makes the images on the virtual cards: drawn faces (JP2) and rendered text (1-bit PNG).

Needs Pillow with OpenJPEG (pip install pillow) and a Japanese gothic font, by default Debian's
fonts-ipafont-gothic; another one can be given as the first argument. Everybody is invented: the
faces are drawn from the numbers below, the texts come from people.json.

    python3 data/make_images.py [FONT.ttf]
"""

import json
import math
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).resolve().parent
FONT = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf"
WIDTH, HEIGHT = 378, 472  # photo, as on the published test card
SCALE = 3  # drawn larger, then reduced: smooth edges
CELL = 12  # height of a line of text, and width of a full-width character

# age 0..1 lines and grey hair; every length is relative to the head.
FACES = {
    "adult": dict(skin=196, hair="short", tone=34, jaw=0.86, eye=1.0, gap=1.0, brow=1.25, nose=1.05,
                  mouth=1.0, smile=0.10, age=0.25, dress="suit"),
    "foreign": dict(skin=172, hair="long", tone=52, jaw=0.74, eye=1.22, gap=1.02, brow=0.9, nose=1.12,
                    mouth=1.08, smile=0.35, age=0.12, dress="blouse", lid=True),
    "long-name": dict(skin=188, hair="receding", tone=150, jaw=0.90, eye=0.82, gap=1.06, brow=1.5,
                      nose=1.22, mouth=1.05, smile=-0.10, age=0.85, dress="suit", glasses=True,
                      moustache=True),
    "two-line-address": dict(skin=206, hair="bob", tone=40, jaw=0.72, eye=1.12, gap=0.98, brow=0.75,
                             nose=0.86, mouth=0.90, smile=0.25, age=0.05, dress="sweater", lid=True),
    "expired-certificate": dict(skin=190, hair="parted", tone=70, jaw=0.93, eye=0.86, gap=0.97,
                                brow=1.35, nose=1.15, mouth=1.12, smile=0.0, age=0.55, dress="shirt",
                                glasses=True),
    "no-pins": dict(skin=202, hair="bun", tone=196, jaw=0.76, eye=0.84, gap=1.0, brow=0.7, nose=0.95,
                    mouth=0.86, smile=0.20, age=1.0, dress="kimono"),
    "nearly-locked": dict(skin=182, hair="crop", tone=26, jaw=0.98, eye=0.92, gap=1.05, brow=1.55,
                          nose=1.10, mouth=1.16, smile=-0.05, age=0.30, dress="sweater",
                          stubble=True),
    "old-chip": dict(skin=198, hair="curly", tone=214, jaw=0.82, eye=0.80, gap=0.96, brow=0.6,
                     nose=1.06, mouth=0.92, smile=0.15, age=1.0, dress="blouse", glasses=True),
}


class Canvas:
    """A grey picture in units of the finished photo, painted with soft or hard shapes."""

    def __init__(self):
        self.size = (WIDTH * SCALE, HEIGHT * SCALE)
        self.image = Image.new("L", self.size, 232)

    def paint(self, shape, grey, blur=0.0, strength=1.0, within=None):
        mask = Image.new("L", self.size, 0)
        shape(Pen(ImageDraw.Draw(mask)))
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur * SCALE))
        if within is not None:
            mask = ImageChops.multiply(mask, within)
        if strength < 1.0:
            mask = mask.point(lambda v: int(v * strength))
        self.image.paste(grey, (0, 0), mask)

    def mask(self, shape, blur=0.0):
        mask = Image.new("L", self.size, 0)
        shape(Pen(ImageDraw.Draw(mask)))
        return mask.filter(ImageFilter.GaussianBlur(blur * SCALE)) if blur else mask


class Pen:
    def __init__(self, draw):
        self.draw = draw

    @staticmethod
    def scaled(points):
        return [(x * SCALE, y * SCALE) for x, y in points]

    def oval(self, x, y, rx, ry, fill=255):
        self.draw.ellipse(self.scaled([(x - rx, y - ry), (x + rx, y + ry)]), fill=fill)

    def poly(self, points, fill=255):
        self.draw.polygon(self.scaled(points), fill=fill)

    def line(self, points, width, fill=255):
        pixels = max(1, round(width * SCALE))
        self.draw.line(self.scaled(points), fill=fill, width=pixels, joint="curve")
        for x, y in (points[0], points[-1]):
            self.oval(x, y, pixels / SCALE / 2, pixels / SCALE / 2, fill)


def curve(points, steps=24):
    """Catmull-Rom spline through the points."""
    out = []
    ends = [points[0], *points, points[-1]]
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:]):
        for i in range(steps):
            t = i / steps
            out.append(tuple(
                0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t
                       + (3 * q - p - 3 * r + s) * t ** 3)
                for p, q, r, s in zip(a, b, c, d)))
    return out + [points[-1]]


def mirrored(points, middle):
    return [(2 * middle - x, y) for x, y in points]


def outline(cx, cy, rx, ry, jaw):
    """The head's edge: round above, narrowing to a chin below."""
    points = []
    for i in range(120):
        angle = 2 * math.pi * i / 120
        x, y = math.sin(angle), -math.cos(angle)
        if y > 0:
            x *= 1 - (1 - jaw) * y ** 1.5
            x = math.copysign(abs(x) ** (0.88 + 0.10 * jaw), x)
        points.append((cx + rx * x, cy + ry * y))
    return points


def face(f):
    c = Canvas()
    cx, cy, rx, ry = 189, 216, 88, 118
    skin, age = f["skin"], f["age"]
    shade, deep = skin - 38, skin - 78
    head = outline(cx, cy, rx, ry, f["jaw"])

    # Backdrop, a little darker towards the edges.
    c.paint(lambda p: p.oval(cx, 200, 190, 250), 244, blur=60)
    hair_behind(c, f, cx, cy, rx, ry)
    dress(c, f, cx)

    # Neck with the chin's shadow on it.
    c.paint(lambda p: p.poly([(152, 290), (226, 290), (232, 372), (189, 398), (146, 372)]), skin - 14, blur=1)
    c.paint(lambda p: p.oval(cx, 322, 54, 26), deep, blur=9, strength=0.75,
            within=c.mask(lambda p: p.poly([(152, 290), (226, 290), (232, 372), (189, 398), (146, 372)])))
    collar(c, f, cx)

    # Ears.
    for side in (-1, 1):
        x = cx + side * (rx + 1)
        c.paint(lambda p: p.oval(x, cy + 8, 12, 25), skin - 12, blur=0.8)
        c.paint(lambda p: p.oval(x + side, cy + 8, 6, 16), shade - 12, blur=2.5, strength=0.8)

    # Head, lit from the upper left.
    inside = c.mask(lambda p: p.poly(head))
    c.paint(lambda p: p.poly(head), skin, blur=0.6)
    c.paint(lambda p: p.oval(cx + 92, cy + 24, 52, 130), shade, blur=24, strength=0.85, within=inside)
    c.paint(lambda p: p.oval(cx - 104, cy + 30, 40, 120), shade + 10, blur=20, strength=0.7, within=inside)
    c.paint(lambda p: p.oval(cx, cy + 128, 60, 26), shade, blur=14, strength=0.7, within=inside)
    c.paint(lambda p: p.oval(cx - 22, cy - 58, 40, 24), min(250, skin + 22), blur=18, strength=0.8, within=inside)
    for side in (-1, 1):  # cheeks
        c.paint(lambda p: p.oval(cx + side * 46, cy + 36, 22, 16), min(250, skin + 14), blur=11,
                strength=0.6, within=inside)

    eyes(c, f, cx, cy, skin, inside)
    nose(c, f, cx, cy, skin)
    mouth(c, f, cx, cy, skin)
    if age > 0.4:
        wrinkles(c, cx, cy, deep, age, inside)
    if f.get("stubble"):
        c.paint(lambda p: p.oval(cx, cy + 82, 60, 40), skin - 70, blur=12, strength=0.35, within=inside)
        c.paint(lambda p: p.oval(cx, cy + 62, 34, 8), skin - 70, blur=6, strength=0.35)
    if f.get("moustache"):
        for side in (-1, 1):
            c.paint(lambda p: p.poly(curve([(cx, cy + 54), (cx + side * 18, cy + 53), (cx + side * 33, cy + 64),
                                            (cx + side * 14, cy + 62), (cx, cy + 62)])), f["tone"] - 30, blur=1.5)
    hair_front(c, f, cx, cy, rx, ry)
    if f.get("glasses"):
        glasses(c, f, cx, cy)
    return c.image.filter(ImageFilter.GaussianBlur(0.5 * SCALE)).resize((WIDTH, HEIGHT), Image.LANCZOS)


def eyes(c, f, cx, cy, skin, inside):
    size, y = f["eye"], cy - 8
    for side in (-1, 1):
        x = cx + side * 37 * f["gap"]
        w, h = 19 * size ** 0.5, 8.5 * size
        c.paint(lambda p: p.oval(x, y - 3, w + 7, h + 9), skin - 34, blur=7, strength=0.6, within=inside)
        almond = curve([(x - w, y + 2 * side * -0.6), (x - w * 0.45, y - h * 0.85), (x + w * 0.2, y - h),
                        (x + w, y + 2 * side * 0.6 - 1), (x + w * 0.4, y + h * 0.65),
                        (x - w * 0.4, y + h * 0.7), (x - w, y + 2 * side * -0.6)])
        opening = c.mask(lambda p: p.poly(almond))
        c.paint(lambda p: p.poly(almond), 236, blur=0.5)
        c.paint(lambda p: p.oval(x, y - 0.5, h * 0.98, h * 1.02), 66, within=opening)
        c.paint(lambda p: p.oval(x, y - 0.5, h * 0.5, h * 0.52), 16, within=opening)
        c.paint(lambda p: p.oval(x, y - h, w, h * 0.5), 120, blur=2, strength=0.6, within=opening)
        c.paint(lambda p: p.oval(x - 3, y - 3.5, 2.1, 2.1), 252)
        top = almond[:len(almond) // 2]
        c.paint(lambda p: p.line(top, 2.6 if f.get("lid") else 2.0), 36, blur=0.6)
        c.paint(lambda p: p.line(almond[len(almond) // 2:], 0.9), skin - 70, blur=0.6)
        c.paint(lambda p: p.line([(px, py - 4.6) for px, py in top[8:-4]], 1.0), skin - 62, blur=0.8)
        if f.get("lid"):  # lashes at the outer corner
            c.paint(lambda p: p.line([(x + side * w * 0.9, y - 1), (x + side * (w + 5), y - 6)], 1.6), 40, blur=0.5)
        # Eyebrow: thick inside, thin outside.
        brow_y, t = y - 27 - 2 * (size - 1), f["brow"]
        tone = min(f["tone"] + 22, 150)
        inner, outer = x - side * 20, x + side * 25
        c.paint(lambda p: p.poly(curve([(inner, brow_y + 4), (x, brow_y - 4), (outer, brow_y + 3),
                                        (x, brow_y - 4 + 5.5 * t), (inner, brow_y + 4 + 5 * t)])), tone,
                blur=1.3, strength=0.9)


def nose(c, f, cx, cy, skin):
    w = 15 * f["nose"]
    tip = cy + 40
    c.paint(lambda p: p.poly(curve([(cx + 5, cy - 18), (cx + 9, cy + 10), (cx + w, tip - 4), (cx + 6, tip),
                                    (cx + 3, cy)])), skin - 44, blur=4.5, strength=0.7)
    c.paint(lambda p: p.line([(cx - 2, cy - 14), (cx - 2, tip - 10)], 5), min(252, skin + 30), blur=4, strength=0.7)
    c.paint(lambda p: p.oval(cx - 2, tip - 6, 6, 5), min(252, skin + 32), blur=3.5, strength=0.8)
    for side in (-1, 1):
        c.paint(lambda p: p.line(curve([(cx + side * w, tip - 8), (cx + side * (w + 2), tip - 1),
                                        (cx + side * (w - 4), tip + 3)]), 1.5), skin - 66, blur=1.0)
        c.paint(lambda p: p.oval(cx + side * w * 0.5, tip + 2, 4.2, 2.2), skin - 104, blur=1.2)
    c.paint(lambda p: p.oval(cx, tip + 7, 13, 3), skin - 40, blur=3, strength=0.7)


def mouth(c, f, cx, cy, skin):
    w, y, s = 29 * f["mouth"], cy + 72, f["smile"] * 12
    corner = y - s
    upper = curve([(cx - w, corner), (cx - w * 0.35, y - 6), (cx, y - 3.5), (cx + w * 0.35, y - 6), (cx + w, corner),
                   (cx, y + 1.5 + s * 0.25), (cx - w, corner)])
    lower = curve([(cx - w, corner), (cx, y + 1.5 + s * 0.25), (cx + w, corner), (cx + w * 0.45, y + 9 + s * 0.2),
                   (cx, y + 11.5 + s * 0.2), (cx - w * 0.45, y + 9 + s * 0.2), (cx - w, corner)])
    red = skin - (74 if f.get("lid") else 54)
    c.paint(lambda p: p.poly(upper), red - 8, blur=1)
    c.paint(lambda p: p.poly(lower), red + 8, blur=1)
    c.paint(lambda p: p.oval(cx - 4, y + 6, w * 0.35, 2), min(250, red + 44), blur=2.5, strength=0.7)
    c.paint(lambda p: p.line(curve([(cx - w - 1, corner), (cx - w * 0.4, y + 0.4), (cx, y + 1.5 + s * 0.25),
                                    (cx + w * 0.4, y + 0.4), (cx + w + 1, corner)]), 1.7), red - 52, blur=0.7)
    c.paint(lambda p: p.oval(cx, y + 19, w * 0.6, 4), skin - 42, blur=4, strength=0.75)


def wrinkles(c, cx, cy, grey, age, inside):
    strength = 0.30 + 0.45 * (age - 0.4)
    for side in (-1, 1):
        lines = [
            [(cx + side * 21, cy + 36), (cx + side * 36, cy + 52), (cx + side * 40, cy + 72)],
            [(cx + side * 22, cy + 10), (cx + side * 38, cy + 15), (cx + side * 54, cy + 8)],
        ]
        if age > 0.7:
            lines += [
                [(cx + side * 62, cy - 10), (cx + side * 76, cy - 18)],
                [(cx + side * 62, cy - 5), (cx + side * 77, cy - 3)],
            ]
        for line in lines:
            c.paint(lambda p, line=line: p.line(curve(line), 2.0), grey, blur=1.4, strength=strength,
                    within=inside)
    if age > 0.5:
        for i in range(3 if age > 0.7 else 2):
            y = cy - 66 + 12 * i
            c.paint(lambda p: p.line(curve([(cx - 42, y + 3), (cx - 12, y), (cx + 14, y + 2), (cx + 44, y)]), 1.6),
                    grey, blur=1.3, strength=strength * 0.8)


def glasses(c, f, cx, cy):
    frame = 40 if f["tone"] < 180 else 88
    for side in (-1, 1):
        x = cx + side * 37 * f["gap"]
        ring = [(x + 30 * math.copysign(abs(math.cos(a)) ** 0.7, math.cos(a)),
                 cy - 4 + 22 * math.copysign(abs(math.sin(a)) ** 0.7, math.sin(a)))
                for a in (2 * math.pi * i / 60 for i in range(61))]
        c.paint(lambda p: p.poly(ring), 245, strength=0.10)
        c.paint(lambda p: p.line([(x - 14, cy + 8), (x + 4, cy - 18)], 5), 252, blur=2, strength=0.30)
        c.paint(lambda p: p.line(ring, 2.8), frame, blur=0.4)
        c.paint(lambda p: p.line([(x + side * 30, cy - 10), (cx + side * 90, cy - 14)], 2.8), frame, blur=0.4)
    c.paint(lambda p: p.line(curve([(cx - 9, cy - 8), (cx, cy - 12), (cx + 9, cy - 8)]), 2.6), frame, blur=0.4)


def strands(c, lines, tone, within, strength=0.5):
    """Lighter and darker threads that make a flat shape look like hair."""
    for i, line in enumerate(lines):
        grey = max(0, min(255, tone + (26 if i % 3 == 0 else -16 if i % 3 == 1 else 10)))
        c.paint(lambda p, line=line: p.line(curve(line, 10), 2.2), grey, blur=1.6, strength=strength, within=within)


def hair_behind(c, f, cx, cy, rx, ry):
    tone, style = f["tone"], f["hair"]
    if style == "long":
        shape = curve([(cx + 50, cy - 130), (cx, cy - 140), (cx - 50, cy - 130), (cx - 96, cy - 88), (cx - 118, cy + 20), (cx - 128, cy + 176), (cx - 60, cy + 190),
                       (cx, cy + 120), (cx + 60, cy + 190), (cx + 128, cy + 176), (cx + 118, cy + 20),
                       (cx + 96, cy - 88), (cx + 50, cy - 130)])
    elif style == "bob":
        shape = curve([(cx + 46, cy - 130), (cx, cy - 139), (cx - 46, cy - 130), (cx - 92, cy - 92), (cx - 113, cy + 10), (cx - 104, cy + 104), (cx - 62, cy + 122),
                       (cx, cy + 60), (cx + 62, cy + 122), (cx + 104, cy + 104), (cx + 113, cy + 10),
                       (cx + 92, cy - 92), (cx + 46, cy - 130)])
    elif style == "bun":
        c.paint(lambda p: p.oval(cx, cy - 136, 36, 30), tone - 20, blur=1.5)
        c.paint(lambda p: p.oval(cx - 8, cy - 146, 16, 9), min(250, tone + 30), blur=6)
        return
    elif style == "curly":
        for i in range(17):
            a = math.pi * (0.02 + 0.96 * i / 16)
            x, y = cx - 102 * math.cos(a), cy - 10 - 128 * math.sin(a)
            c.paint(lambda p: p.oval(x, y, 27, 25), tone - (18 if i % 2 else 6), blur=2.5)
        return
    else:
        return
    body = c.mask(lambda p: p.poly(shape))
    c.paint(lambda p: p.poly(shape), tone, blur=1)
    threads = []
    for i in range(-11, 12):
        x = cx + i * 10.5
        threads.append([(cx + i * 5, cy - 120), (x, cy - 40), (x + i * 0.5, cy + 70), (x, cy + 180)])
    strands(c, threads, tone, body, 0.45)


def hair_front(c, f, cx, cy, rx, ry):
    tone, style = f["tone"], f["hair"]
    top = [(cx + (rx + 7) * math.sin(a), cy - 8 - (ry + 6) * math.cos(a))
           for a in (math.pi * (-0.52 + 1.04 * i / 60) for i in range(61))]
    edges = {
        "short": [(cx + 86, cy - 12), (cx + 78, cy - 48), (cx + 56, cy - 70), (cx + 16, cy - 62), (cx - 24, cy - 76),
                  (cx - 62, cy - 62), (cx - 80, cy - 42), (cx - 86, cy - 12)],
        "parted": [(cx + 87, cy - 8), (cx + 79, cy - 46), (cx + 64, cy - 76), (cx + 10, cy - 84), (cx - 38, cy - 96),
                   (cx - 60, cy - 72), (cx - 80, cy - 44), (cx - 87, cy - 8)],
        "crop": [(cx + 86, cy - 22), (cx + 78, cy - 60), (cx + 50, cy - 86), (cx, cy - 90), (cx - 50, cy - 86),
                 (cx - 78, cy - 60), (cx - 86, cy - 22)],
        "receding": [(cx + 86, cy + 6), (cx + 76, cy - 34), (cx + 70, cy - 66), (cx + 40, cy - 96), (cx, cy - 88),
                     (cx - 40, cy - 96), (cx - 70, cy - 66), (cx - 76, cy - 34), (cx - 86, cy + 6)],
        "long": [(cx + 92, cy + 60), (cx + 82, cy - 10), (cx + 62, cy - 60), (cx + 12, cy - 98), (cx - 4, cy - 100),
                 (cx - 50, cy - 64), (cx - 80, cy - 12), (cx - 92, cy + 60)],
        "bob": [(cx + 96, cy + 70), (cx + 78, cy + 6), (cx + 72, cy - 36), (cx + 40, cy - 42), (cx, cy - 40),
                (cx - 40, cy - 42), (cx - 72, cy - 36), (cx - 78, cy + 6), (cx - 96, cy + 70)],
        "bun": [(cx + 86, cy - 6), (cx + 80, cy - 50), (cx + 54, cy - 84), (cx, cy - 94), (cx - 54, cy - 84),
                (cx - 80, cy - 50), (cx - 86, cy - 6)],
        "curly": [(cx + 88, cy - 8), (cx + 76, cy - 52), (cx + 46, cy - 76), (cx + 20, cy - 70), (cx - 8, cy - 80),
                  (cx - 40, cy - 70), (cx - 76, cy - 54), (cx - 88, cy - 8)],
    }
    edge = curve(edges[style])
    shape = top + edge
    if style in ("long", "bob"):
        low = edges[style][0][1]
        shape = [(cx - rx - 16, low)] + top + [(cx + rx + 16, low)] + edge
    body = c.mask(lambda p: p.poly(shape), 0.8)
    # The shadow that hair throws on the forehead.
    c.paint(lambda p: p.line([(x, y + 4) for x, y in edge], 6), f["skin"] - 52, blur=5, strength=0.55)
    c.paint(lambda p: p.poly(shape), tone, blur=1.2)
    threads = []
    crown = cx - 30 if style in ("parted", "short") else cx
    for i in range(-14, 15):
        x = cx + i * 6.6
        threads.append([(crown + i * 2.2, cy - ry - 8), (x + i * 0.6, cy - 92 + abs(i) * 2.6),
                        (x + i * 0.2, cy - 34 + abs(i) * 2)])
    strands(c, threads, tone, body)
    if style in ("short", "parted", "crop", "bob", "bun", "long"):
        c.paint(lambda p: p.line(curve([(cx - 58, cy - 92), (cx - 20, cy - 112), (cx + 26, cy - 110)]), 9),
                min(250, tone + 60), blur=8, strength=0.55, within=body)
    if style == "curly":
        for i in range(9):
            x, y = cx - 72 + 18 * i, cy - 92 - 18 * math.sin(math.pi * i / 8)
            c.paint(lambda p: p.oval(x, y, 17, 14), tone - (20 if i % 2 else 2), blur=3)
            c.paint(lambda p: p.oval(x - 4, y - 5, 7, 5), min(252, tone + 26), blur=4)


def dress(c, f, cx):
    grey = {"suit": 58, "blouse": 208, "sweater": 112, "shirt": 150, "kimono": 126}[f["dress"]]
    wide = 172 if f["jaw"] > 0.84 else 156
    body = curve([(cx - wide, 480), (cx - wide + 8, 424), (cx - wide * 0.62, 384), (cx - 52, 362), (cx, 372), (cx + 52, 362),
                  (cx + wide * 0.62, 384), (cx + wide - 8, 424), (cx + wide, 480)])
    inside = c.mask(lambda p: p.poly(body))
    c.paint(lambda p: p.poly(body), grey, blur=0.8)
    c.paint(lambda p: p.oval(cx + wide - 10, 460, 54, 70), max(0, grey - 34), blur=18, strength=0.8, within=inside)
    c.paint(lambda p: p.oval(cx - wide * 0.55, 410, 50, 22), min(255, grey + 26), blur=16, strength=0.7, within=inside)
    if f["dress"] == "sweater":
        for i in range(14):
            x = cx - 150 + 23 * i
            c.paint(lambda p: p.line([(x, 380), (x + (x - cx) * 0.08, 480)], 2), grey - 22, blur=1.5, strength=0.5,
                    within=inside)


def collar(c, f, cx):
    kind = f["dress"]
    if kind in ("suit", "shirt"):
        c.paint(lambda p: p.poly([(cx - 46, 358), (cx, 402), (cx + 46, 358), (cx + 30, 480), (cx - 30, 480)]), 240, blur=0.8)
        c.paint(lambda p: p.poly([(cx - 44, 352), (cx - 50, 376), (cx - 22, 414), (cx, 398)]), 250, blur=0.8)
        c.paint(lambda p: p.poly([(cx + 44, 352), (cx + 50, 376), (cx + 22, 414), (cx, 398)]), 228, blur=0.8)
        c.paint(lambda p: p.line([(cx, 398), (cx - 22, 414)], 1.2), 180, blur=0.6)
        c.paint(lambda p: p.line([(cx, 398), (cx + 22, 414)], 1.2), 170, blur=0.6)
    if kind == "suit":
        c.paint(lambda p: p.poly([(cx - 10, 400), (cx + 10, 400), (cx + 7, 414), (cx + 15, 480), (cx - 15, 480), (cx - 7, 414)]),
                96, blur=0.7)
        for side, grey in ((-1, 74), (1, 48)):
            c.paint(lambda p: p.poly([(cx + side * 50, 366), (cx + side * 74, 392), (cx + side * 58, 440), (cx + side * 22, 480),
                                      (cx + side * 26, 430)]), grey, blur=0.9)
    elif kind == "blouse":
        for side, grey in ((-1, 246), (1, 226)):
            c.paint(lambda p: p.poly([(cx + side * 44, 352), (cx + side * 70, 384), (cx + side * 36, 424), (cx, 398)]), grey,
                    blur=0.9)
            c.paint(lambda p: p.line([(cx + side * 70, 384), (cx + side * 36, 424), (cx, 398)], 1.3), 164, blur=0.7)
    elif kind == "sweater":
        c.paint(lambda p: p.line(curve([(cx - 48, 356), (cx - 30, 384), (cx, 396), (cx + 30, 384), (cx + 48, 356)]), 13), 96,
                blur=0.8)
        c.paint(lambda p: p.line(curve([(cx - 46, 353), (cx - 29, 380), (cx, 391), (cx + 29, 380), (cx + 46, 353)]), 2), 140,
                blur=1)
    elif kind == "kimono":
        for side, grey in ((1, 226), (-1, 240)):
            c.paint(lambda p: p.poly([(cx + side * 50, 350), (cx + side * 62, 366), (cx - side * 8, 448), (cx - side * 30, 480),
                                      (cx - side * 44, 480), (cx - side * 6, 420)]), grey, blur=0.8)
            c.paint(lambda p: p.line([(cx + side * 62, 366), (cx - side * 8, 448), (cx - side * 30, 480)], 1.6), 86, blur=0.7)


def text_image(lines, least):
    """1-bit picture of text, 12 pixels a line, at least `least` full-width characters wide."""
    font = ImageFont.truetype(FONT, CELL)
    # Variation selectors choose a glyph that the font does not have: the plain one is drawn.
    lines = ["".join(ch for ch in line if not 0xE0100 <= ord(ch) <= 0xE01EF) for line in lines]
    if not lines[0].isdigit():  # Latin letters full-width: legible in twelve pixels
        lines = ["".join(chr(ord(ch) + 0xFEE0) if "!" <= ch <= "~" else ch for ch in line) for line in lines]
    width = max([least * CELL] + [math.ceil(font.getlength(line)) for line in lines])
    image = Image.new("L", (width, CELL * len(lines)), 255)
    draw = ImageDraw.Draw(image)
    for i, line in enumerate(lines):
        draw.text((0, i * CELL - 1), line, font=font, fill=0)
    return image.point(lambda v: 255 if v > 140 else 0).convert("1")


def main():
    out = HERE / "images"
    out.mkdir(exist_ok=True)
    for person in json.loads((HERE / "people.json").read_text(encoding="utf-8")):
        profile = person["profile"]
        if person["token"] != "card":
            continue
        text_image(person["name_lines"], 18).save(out / f"{profile}-name.png", optimize=True)
        text_image(person["address_lines"], 24).save(out / f"{profile}-address.png", optimize=True)
        text_image([person["security_code"]], 2).save(out / f"{profile}-code.png", optimize=True)
        text_image([person["number"]], 6).save(out / f"{profile}-number.png", optimize=True)
        if person["photo"]:
            # As on the test card: reversible 5/3 wavelet, five levels, one layer.
            face(FACES[profile]).save(out / f"{profile}-photo.jp2", irreversible=False, num_resolutions=6,
                                      quality_mode="rates", quality_layers=[28])


if __name__ == "__main__":
    main()
