"""The English and German pages: open to everyone, and in their language."""

import shutil
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, at_each_width, horizontal_overflow, run_site, violations_light_and_dark
from tests.database_templates import PRODUCT, digest
from tests.demonstration import LOAD, READ_ALL, environment

pytestmark = pytest.mark.nightly

TRANSLATE = (
    "from django.contrib.auth import get_user_model; from demo.traductions import make_translations; "
    "make_translations(get_user_model().objects.get(username='admin'))"
)
THREE = {"RALLYNOV_LANGUAGES": "fr,en,de"}
PAGES = ["", "fiches/", "etapes/", "candidature/"]
FOUND = {"en": "recherche/?q=recipe", "de": "recherche/?q=Rezept"}
TITLES = {"en": "Social innovations in Franche-Comté", "de": "Soziale Innovationen in der Region Franche-Comté"}


@pytest.fixture(scope="module")
def server(demo_with_sizes, make_once, tmp_path_factory):
    """The demo in three languages; `visit` opens its pages."""

    def translate(folder):
        shutil.copytree(demo_with_sizes, folder, dirs_exist_ok=True)
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", TRANSLATE]
        subprocess.run(command, cwd=ROOT, env=environment(folder, **THREE), check=True)

    translated = make_once("translated", translate, made_from=digest(PRODUCT, LOAD, READ_ALL, TRANSLATE))[0]
    with run_site(translated, tmp_path_factory.mktemp("langues"), processes=1, **THREE) as site:
        yield site


# The templates are those of the French pages, looked at in test_rgaa.py at both widths: German's long words stand in the narrow one.
@pytest.mark.parametrize(("code", "width"), [("en", 1280), ("de", 360)])
def test_every_page_of_a_language_is_open_to_everyone_in_light_and_in_dark(visit, code, width):
    page = visit(width=width, reduced_motion="reduce")
    page.goto(f"/{code}/")
    assert page.title() == f"Rally’nov – {TITLES[code]}"
    translated = [page.locator(f".{kind}__link").first.get_attribute("href") for kind in ("card", "road")]
    found = {}
    for address in [*(f"/{code}/{each}" for each in (*PAGES, FOUND[code])), *translated]:
        assert page.goto(address).status == 200
        broken = at_each_width(page, horizontal_overflow) + violations_light_and_dark(page)
        if page.locator("html").get_attribute("lang") != code:
            broken.append("is in another language")
        if broken:
            found[address] = broken
    assert found == {}


def test_the_map_says_its_road_as_german_is_written(visit):
    page = visit()
    page.goto("/de/fiches/")
    expect(page.locator(".map__layer")).to_have_text("Die Strecke der Etappen: Rally’nov 2013")
