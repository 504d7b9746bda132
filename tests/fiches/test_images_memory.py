"""What a hostile picture costs the process that receives it: a worker of the site."""

import json
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from tests import pictures

pytestmark = pytest.mark.nightly

MOST = 150  # megabytes more than the worker had
RECEIVES = """
import json, os, sys
import django
django.setup()
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image
from fiches.media.images import sanitise_image

def memory(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith(name))

before, outcomes = memory("VmRSS"), {}
for name in sorted(os.listdir(sys.argv[1])):
    with open(f"{sys.argv[1]}/{name}", "rb") as file:
        data = file.read()
    try:
        clean = sanitise_image(ContentFile(data, "photo.jpg"))
        outcomes[name] = [clean.width, clean.height]
        with Image.open(clean) as stored:  # as each of its sizes is drawn later
            stored.resize((1920, 1280), Image.Resampling.LANCZOS)
    except ValidationError as refused:
        outcomes[name] = refused.code
print(json.dumps([outcomes, memory("VmHWM") - before]))
"""


def plain_picture(format, size, mode="RGB", **options):
    return pictures.picture(format, image=Image.new(mode, size), **options)


def noisy_jpeg(size, **options):
    output = BytesIO()
    Image.effect_noise((size[0] // 8, size[1] // 8), 60).resize(size).convert("CMYK").save(output, "JPEG", **options)
    return output.getvalue()


LOSSLESS = {"lossless": True, "method": 0, "quality": 0}  # written as fast as can be
ULTRAFAST = {"preset": "ultrafast"}
CORPUS = {
    "a lossless WebP of a kilobyte": (lambda: plain_picture("WEBP", (6300, 6300), **LOSSLESS), "too_large"),
    "the largest WebP": (lambda: plain_picture("WEBP", (16383, 16383), **LOSSLESS), "unreadable"),
    "a transparent WebP": (lambda: plain_picture("WEBP", (6000, 4000), "RGBA", method=0), [3000, 2000]),
    "a CMYK JPEG": (lambda: noisy_jpeg((7300, 5479)), [2827, 2122]),
    "a progressive CMYK JPEG": (lambda: noisy_jpeg((7300, 5479), progressive=True), [2827, 2122]),
    "a photograph of 50 megapixels": (lambda: plain_picture("JPEG", (8160, 6120)), [2828, 2121]),
    "a transparent PNG": (lambda: plain_picture("PNG", (8160, 6120), "RGBA"), [2828, 2121]),
    "a photograph in HEIC": (
        lambda: plain_picture("HEIF", (8160, 6120), chroma=444, enc_params=ULTRAFAST),
        [2828, 2121],
    ),
    "an AVIF": (lambda: plain_picture("AVIF", (7300, 5479), speed=10), [2827, 2122]),
    "a GIF": (lambda: plain_picture("GIF", (7300, 5479), "P"), [2827, 2122]),
    "a PNG with a bomb of text": (pictures.png_with_text_bomb, "unreadable"),
}
# One that Pillow makes smaller while it reads it, two that it can't, two that are refused.
OF_EACH_KIND = ["a lossless WebP of a kilobyte", "a CMYK JPEG", "an AVIF", "a GIF", "a PNG with a bomb of text"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    "names", [OF_EACH_KIND, pytest.param(list(CORPUS), marks=pytest.mark.nightly)], ids=["of each kind", "all"]
)
def test_no_picture_costs_a_worker_much_memory(tmp_path, names):
    for name in names:
        (tmp_path / name).write_bytes(CORPUS[name][0]())
    order = [sys.executable, "-c", RECEIVES, tmp_path]
    outcomes, cost = json.loads(subprocess.run(order, check=True, stdout=subprocess.PIPE).stdout)
    assert outcomes == {name: CORPUS[name][1] for name in names}
    assert cost < MOST
