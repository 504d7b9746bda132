"""The demonstration's pictures: drawn by the project itself, so that none is anybody's photograph."""

from io import BytesIO

from PIL import Image, ImageOps

from demo.drawings import country, gatherings, streets, workshops
from demo.drawings.logos import logo
from demo.drawings.pencil import HEIGHT, WIDTH, Sheet

__all__ = ["MOTIFS", "draw", "logo"]

MOTIFS = {**country.MOTIFS, **gatherings.MOTIFS, **streets.MOTIFS, **workshops.MOTIFS}
FINE = 2  # drawn twice as large, then brought down: soft edges


def draw(motif, *, seed, size=(WIDTH, HEIGHT)):
    """A JPEG of ``motif`` (one of ``MOTIFS``); the same bytes for the same arguments, another picture for another seed."""
    sheet = Sheet(f"{motif}-{seed}", scale=FINE * max(size[0] / WIDTH, size[1] / HEIGHT))
    mirrored = sheet.pick(True, False)
    MOTIFS[motif](sheet)
    image = ImageOps.fit(sheet.image, size, Image.Resampling.BOX)
    image = ImageOps.mirror(image) if mirrored else image
    output = BytesIO()
    image.save(output, "JPEG", quality=86, optimize=True, progressive=True)
    return output.getvalue()
