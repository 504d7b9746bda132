"""The demonstration's drawings and the site's marks."""

import re
from io import BytesIO

import pytest
import yaml
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image

from demo.drawings import MOTIFS, draw, logo
from demo.drawings.brand import FAVICON, FOLDER, icon
from fiches.images import sanitise_image

DEMO = settings.BASE_DIR / "site/demo/contenu"


def opened(data):
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_motif_is_a_large_picture_in_many_colours_and_light_to_send(motif):
    data = draw(motif, seed=1)
    image = opened(data)
    assert (image.format, image.size, image.mode) == ("JPEG", (1600, 1066), "RGB")
    assert len(data) < 200_000
    assert len(image.resize((160, 106)).getcolors(20_000)) > 500


def test_the_same_seed_draws_the_same_bytes_and_another_another_picture():
    assert draw("paysage", seed=7) == draw("paysage", seed=7)
    assert len({draw(motif, seed=seed) for motif in ("paysage", "atelier") for seed in range(6)}) == 12


def test_a_drawing_is_made_to_measure():
    for size in ((400, 266), (800, 800)):
        assert opened(draw("velo", seed=1, size=size)).size == size


def test_every_drawing_that_the_demonstration_describes_exists_and_the_other_way_round():
    assert set(MOTIFS) == set(yaml.safe_load((DEMO / "dessins.yaml").read_text()))


def test_every_drawing_that_the_demonstration_asks_for_exists():
    asked = {motif for file in DEMO.glob("*.yaml") for motif in re.findall(r"\{motif: ([\w-]+)", file.read_text())}
    assert len(asked) > 20
    assert asked <= set(MOTIFS)


@pytest.mark.parametrize("initials", ["M", "CV", "FÉ", "ABC"])
def test_a_logo_is_square_and_transparent_around_its_shape(initials):
    image = opened(logo(initials, 3)).convert("RGBA")
    assert (image.size, image.getpixel((0, 0))[3]) == ((480, 480), 0)
    assert image.getpixel((240, 240))[3] > 250


def test_logos_differ_by_initials_and_by_seed_and_are_the_same_again():
    assert logo("CV", 1) == logo("CV", 1)
    assert len({logo(initials, seed) for initials in ("CV", "TC", "FE", "FÉ") for seed in range(5)}) == 20


def test_drawings_and_logos_pass_the_door_that_keeps_hostile_pictures_out():
    clean = sanitise_image(ContentFile(logo("CV", 1), "logo"))
    assert (clean.name, clean.content_type, Image.open(clean).mode) == ("logo.png", "image/png", "RGBA")
    assert sanitise_image(ContentFile(draw("ferme", seed=1), "dessin")).name == "dessin.jpg"


def test_the_marks_in_the_tree_are_those_that_the_code_draws():
    assert (FOLDER / "favicon.svg").read_text() == FAVICON
    for name, side in (("apple-touch-icon", 180), ("icon-192", 192), ("icon-512", 512)):
        committed = Image.open(FOLDER / f"{name}.png")
        assert committed.size == (side, side)
        assert committed.convert("RGB").tobytes() == icon(side).convert("RGB").tobytes()
    card = Image.open(FOLDER / "social-card.png")
    assert (card.size, (FOLDER / "social-card.png").stat().st_size < 60_000) == ((1200, 630), True)


def test_the_favicon_is_the_mark_of_the_header():
    header = (settings.BASE_DIR / "templates/components/logo.html").read_text()
    assert re.findall(r'\bd="([^"]+)"', header) == re.findall(r'\bd="([^"]+)"', FAVICON)
