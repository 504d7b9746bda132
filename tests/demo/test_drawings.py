"""The demonstration's pictures and the site's marks."""

import re

import yaml
from django.conf import settings
from PIL import Image

DEMO = settings.BASE_DIR / "site/demo/contenu"
PICTURES = DEMO / "images"
STATIC = settings.BASE_DIR / "site/static"


def test_the_pictures_of_the_demonstration_are_light_and_of_one_size():
    sizes = {(path.stem.startswith("logo-"), Image.open(path).size) for path in PICTURES.iterdir()}
    assert sizes == {(False, (1600, 1066)), (True, (480, 480))}
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < 3_000_000


def test_every_picture_is_shown_by_the_demonstration(demonstration):
    from home.models import Illustration

    assert Illustration.objects.count() == len(list(PICTURES.iterdir()))


def test_every_motif_is_described_in_words():
    described = set(yaml.safe_load((DEMO / "dessins.yaml").read_text()))
    motifs = {path.stem.partition("-")[0] for path in PICTURES.iterdir()} - {"logo"}
    assert motifs <= described
    assert len(motifs) > 20


def test_the_favicon_is_the_mark_of_the_header():
    header = (settings.BASE_DIR / "templates/components/logo.html").read_text()
    favicon = next(STATIC.rglob("favicon.svg")).read_text()
    assert re.findall(r'\bd="([^"]+)"', header) == re.findall(r'\bd="([^"]+)"', favicon)
