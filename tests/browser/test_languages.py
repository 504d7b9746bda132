"""The demo in three languages, on a site to which English and German were added once it stood in French."""

import shutil
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import ROOT, WIDTHS, await_server, environment, violations

AGRODOUBS = {
    "fr": "/fiches/la-recette-d-une-organisation-partagee/",
    "en": "/en/fiches/the-recipe-for-a-shared-organisation/",
    "de": "/de/fiches/das-rezept-einer-geteilten-organisation/",
}
WORDS = {
    "en": ("The recipe for a shared organisation", "Activity"),
    "de": ("Das Rezept einer geteilten Organisation", "Tätigkeit"),
}


@pytest.fixture(scope="module")
def server(demo, tmp_path_factory):
    """Stands in for the French one: the same demo, to which the operator adds two languages."""
    folder = tmp_path_factory.mktemp("langues")
    shutil.copytree(demo, folder, dirs_exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    variables = environment(folder, BASE_URL=f"http://{address}", RALLYNOV_LANGUES="fr,en,de")
    for command in (["migrate", "-v0"], ["demo", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=variables, check=True)
    web = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", address, "--chdir", "site", "--timeout", "120"]
    process = subprocess.Popen([*web, "--log-level", "warning"], cwd=ROOT, env=variables)
    try:
        await_server(f"http://{address}")
        yield type("Server", (), {"address": f"http://{address}"})
    finally:
        process.terminate()
        process.wait(15)


@pytest.mark.parametrize("width", WIDTHS)
def test_one_reads_the_site_in_english_and_in_german(visit, width):
    page, faults = visit(width=width), []
    page.goto(AGRODOUBS["fr"])
    for code, name in (("en", "English"), ("de", "Deutsch")):
        page.get_by_role("link", name=name, exact=True).click()
        title, label = WORDS[code]
        page.get_by_role("heading", level=1).filter(has_text=title).wait_for()
        assert urlsplit(page.url).path == AGRODOUBS[code]
        assert page.evaluate("document.documentElement.lang") == code
        assert page.get_by_text(label, exact=True).count() == 1
        for address in (f"/{code}/", f"/{code}/fiches/", f"/{code}/etapes/", AGRODOUBS[code], f"/{code}/recherche/"):
            page.goto(address)
            faults += [f"{address}: {fault}" for fault in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                faults.append(f"{address}: scrolls sideways")
    assert faults == []


def test_the_switcher_is_reached_by_the_keyboard_and_works_without_javascript(visit):
    page = visit(javascript=False)
    page.goto(AGRODOUBS["de"])
    names = []
    for _step in range(5):
        page.keyboard.press("Tab")
        names.append(page.locator(":focus").inner_text())
    assert [name for name in names if name in ("Français", "English")] == ["Français", "English"]
    page.keyboard.press("Shift+Tab")
    page.get_by_role("link", name="Français", exact=True).press("Enter")
    page.wait_for_url(f"**{AGRODOUBS['fr']}")
