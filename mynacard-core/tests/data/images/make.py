#!/usr/bin/env python3
"""Draws the pictures of this folder (needs Pillow with OpenJPEG): python3 make.py

Nobody is shown: a gradient with a circle and a square, in the encodings that a card might hold or
that a decoder should meet. `grey.png` and `rgb.png` are what the lossless ones must decode to.
"""

import io
import pathlib

from PIL import Image, ImageDraw

HERE = pathlib.Path(__file__).parent


def drawing(width=62, height=77):
    picture = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            picture.putpixel((x, y), (x * 255 // width, y * 255 // height, (x * y) % 256))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((15, 10, 47, 50), fill=(230, 190, 160), outline=(0, 0, 0))
    draw.rectangle((10, 55, 52, 76), fill=(40, 60, 120))
    return picture


def save(name, picture, **options):
    file = io.BytesIO()
    picture.save(file, format=options.pop("format", None) or name.rsplit(".", 1)[1], **options)
    (HERE / name).write_bytes(file.getvalue())


rgb = drawing()
grey = rgb.convert("L")
jp2 = {"format": "JPEG2000"}
save("grey.png", grey)
save("rgb.png", rgb)
# As on the published test card: one grey component, reversible 5/3, 5 decompositions, 1 layer.
save("grey.jp2", grey, num_resolutions=6, irreversible=False, **jp2)
save("grey.j2k", grey, num_resolutions=6, irreversible=False, no_jp2=True, **jp2)
save("lossy.jp2", grey, irreversible=True, quality_mode="rates", quality_layers=[8, 4], **jp2)
save("rgb.jp2", rgb, irreversible=False, mct=1, **jp2)
save("tiled.jp2", grey, irreversible=False, tile_size=(32, 32), **jp2)
save("precincts.jp2", grey, irreversible=False, precinct_size=(32, 32), codeblock_size=(16, 16), num_resolutions=2, progression="RPCL", **jp2)

# As the chip's rendered name: 1 bit, 12 pixels high.
name = Image.new("1", (60, 12), 1)
ImageDraw.Draw(name).line((2, 2, 57, 9), fill=0)
save("name.png", name, bits=1)
save("palette.png", rgb.quantize(16))
save("alpha.png", Image.merge("RGBA", (*rgb.split(), grey)))
save("grey16.png", grey.convert("I;16"))
