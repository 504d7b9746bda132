"""What is published, changed and withdrawn, seen a second later at every address, from every process."""

import time

import pytest
import requests

from tests.services.front_servers import Editor, copy_of
from tests.services.pannes.serveurs import free_port

PROMISED = 1.0
"""Seconds."""
LISTS = (
    "/",
    "/fiches/",
    "/fiches/?departement=25",
    "/fiches/?q=zibeline",
    "/fiches/?utm_source=lettre&tri=titre",
    "/fiches/carte.geojson",
    "/fiches/flux.atom",
    "/fiches/donnees.csv",
    "/fiches/donnees.geojson",
    "/fiches/suggestions.json?q=zibe",
    "/recherche/?q=zibeline",
    "/recherche/suggestions/?q=zibe",
    "/api/v1/fiches",
    "/api/v1/fiches?q=zibeline",
    "/api/v1/fiches.geojson",
    "/integration/liste/",
    "/integration/carte/",
)
OWN = (
    "/fiches/recette/",
    "/api/v1/fiches/recette",
    "/integration/fiche/recette/",
    "/oembed?url=http%3A%2F%2F{host}%2Ffiches%2Frecette%2F&format=json",
)
FILES = ("/fiches/recette/fiche.pdf",)
MAP = "/sitemap.xml"


@pytest.fixture(scope="module")
def two_servers(model, tmp_path_factory):
    """Two processes on one database: ``(site, their addresses)``."""
    site = copy_of(model, tmp_path_factory.mktemp("deux") / "site")
    try:
        second = free_port()
        site.serve()
        site.serve(port=second)
        yield site, [site.address, f"http://127.0.0.1:{second}"]
    finally:
        site.stop()


def get(address):
    answer = requests.get(address.format(host=address.split("/")[2]), timeout=60, allow_redirects=False)
    return answer.status_code, answer.content.decode("utf-8", "replace"), answer


def wait_until_promised(done):
    time.sleep(max(0.0, done + PROMISED - time.monotonic()))


def faults_shown(door, word, gone):
    """What is wrong with the addresses once « ``word`` » is public and ``gone`` isn't."""
    for path in (*LISTS, *OWN):
        status, text, _answer = get(door + path)
        if status != 200 or word not in text or (gone and gone in text):
            yield f"{path} : {status}"
    for path in FILES:
        if (status := get(door + path)[0]) != 200:
            yield f"{path} : {status}"
    if "/fiches/recette/" not in get(door + MAP)[1]:
        yield MAP


def hidden(door, word):
    """What still tells of it once it is withdrawn."""
    for path in LISTS:
        status, text, _answer = get(door + path)
        if status != 200 or word in text or "/fiches/recette/" in text:
            yield f"{path} : {status}"
    for path in (*OWN, *FILES):
        if get(door + path)[0] not in (404, 410):
            yield path
    if "/fiches/recette/" in get(door + MAP)[1]:
        yield MAP


def test_what_was_kept_before_the_change_was_kept(two_servers):
    """Without this the loop below would pass where nothing is kept."""
    _site, addresses = two_servers
    for door in addresses:
        for path in ("/", "/fiches/", "/fiches/recette/", "/api/v1/fiches", "/fiches/flux.atom"):
            get(door + path)
            assert "hit" in get(door + path)[2].headers["Cache-Status"], (door, path)


def test_public_within_a_second_and_gone_within_a_second_from_every_address(two_servers, rounds):
    site, addresses = two_servers
    editor = Editor(site)
    try:
        before = ""
        for number in range(rounds(2)):
            for word in (f"rang{number}a", f"rang{number}b"):
                _answer, done = editor("publish", f"Zibeline {word}")
                wait_until_promised(done)
                wrong = [fault for door in addresses for fault in faults_shown(door, word, before)]
                assert not wrong, (word, wrong)
                before = word
            _answer, done = editor("withdraw")
            wait_until_promised(done)
            wrong = [fault for door in addresses for fault in hidden(door, before)]
            assert not wrong, (before, wrong)
    finally:
        editor.stop()


NEW_SITE = """
from wagtail.models import Page, Site
from fiches.models import FicheIndexPage, FichePage
like = Site.objects.get().root_page.specific_class
home = Page.get_first_root_node().add_child(instance=like(title="Le voisin", slug="voisin"))
index = home.add_child(instance=FicheIndexPage(title="Innovations", slug="fiches"))
index.add_child(instance=FichePage(title="Le pressoir", slug="pressoir", organisation="Le voisin"))
Site.objects.create(hostname="localhost", port={port}, root_page=home)
"""
