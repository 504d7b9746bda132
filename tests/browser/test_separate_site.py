"""The separate site of docs/frontal, built from the API of the demo: each page has its twin, and it works in a browser."""

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import time
from base64 import b64decode
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from fiches.diffusion.webhooks import encode_secret, sign
from tests.browser.conftest import (
    ROOT,
    end_process,
    horizontal_overflow,
    run_site,
    session_cookie,
    violations,
    wait_until_settled,
)
from tests.browser.screens import free_port, until

pytestmark = pytest.mark.nightly

FRONT = ROOT / "docs" / "frontal"
SECRET = encode_secret(os.urandom(32))
# Its audit is about the pages of our site: another front end states its own.
STATEMENT = "/accessibilite/"
# The edition of this year is under embargo in the demo.
PALMARES = ("/palmares/", f"/palmares/{date.today().year}/")
TEMPLATES = ("/", "/fiches/", "/etapes/", "/carnets/carnet-1/", *PALMARES, "/bibliographie/", "/confidentialite/")
FICHE = "/fiches/la-recette-d-une-organisation-partagee/"
FORMER = """INSERT INTO wagtailredirects_redirect
    (old_path, is_permanent, redirect_link, redirect_page_route_path, automatically_created)
    VALUES ('/été', 1, '/fiches/?departement=25', '', 0), ('/?p=3', 1, '/carnets/', '', 0), ('/livre', 0, '/carnets/', '', 0)"""


class SilentHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def parse_pages(folder):
    """The HTML pages of a built site: ``{path: parsed page}``."""
    pages = sorted(folder.rglob("index.html"))
    return {f"/{page.parent.relative_to(folder)}/".replace("/./", "/"): parsed(page.read_bytes()) for page in pages}


def parsed(text):
    return BeautifulSoup(text, "html.parser")


def shrink_pictures(originals):
    """Makes the pictures small: their sizes and formats would take half a second each."""
    for path in originals.iterdir():
        with Image.open(path) as picture:
            picture.thumbnail((160, 160))
            picture.save(path)


@pytest.fixture(scope="module")
def front(demo_with_sizes, tmp_path_factory):
    """The two sites: ``ours`` (the demo), ``address`` and ``folder`` of the other one, ``receiver`` of the webhooks."""
    folder, port = tmp_path_factory.mktemp("front") / "site", free_port()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SilentHandler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    with run_site(demo_with_sizes, tmp_path_factory.mktemp("ours"), RALLYNOV_FRONT_URL=address) as ours:
        shrink_pictures(ours.folder / "media" / "original_images")
        with contextlib.closing(sqlite3.connect(ours.folder / "db.sqlite3")) as base, base:
            base.execute(FORMER)
        more = {"RALLYNOV_SITE": ours.address, "RALLYNOV_SECRET": SECRET, "SORTIE": str(folder)}
        command = [shutil.which("node"), "reconstruire.js", str(port)]
        with end_process(subprocess.Popen(command, cwd=FRONT, env={**os.environ, **more})):
            until(folder.exists)
            yield SimpleNamespace(ours=ours, address=address, folder=folder, receiver=f"http://127.0.0.1:{port}/")
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def twins(front):
    return parse_pages(front.folder)


@pytest.fixture
def look(front, chromium):
    """Opens a page of the separate site; when the test ends, nothing was asked but of the two sites, and no error written."""
    faults, hosts = [], {urlsplit(front.address).netloc, urlsplit(front.ours.address).netloc}
    with contextlib.closing(chromium.new_context(base_url=front.address, locale="fr-FR")) as context:
        page = context.new_page()
        page.on("request", lambda request: urlsplit(request.url).netloc in hosts or faults.append(request.url))
        page.on("console", lambda message: message.type == "error" and faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))

        def open_page(path, width=1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path)
            wait_until_settled(page)
            return page

        yield open_page
    assert faults == []


def letters(element):
    return re.sub(r"\W", "", element.get_text())


def text_of(page):
    """The paragraphs of a page of our site, without the short ones, which say a state or a place."""
    palmares = ".prize__citation, [aria-labelledby=categories] dd, [aria-labelledby=criteres] dd, .jury li"
    parts = page.main.select(f".body p, .prose p, .head__intro, [class*=chapo], {palmares}")
    return [text for part, text in zip(parts, map(letters, parts), strict=True) if len(text) > 40 or part.name != "p"]


def test_each_page_of_the_sitemap_has_its_twin_with_its_title_and_its_text(front, twins):
    told = urlopen(f"{front.ours.address}/sitemap.xml").read().decode()
    paths = [urlsplit(address).path for address in re.findall(r"<loc>([^<]*)</loc>", told) if "/media/" not in address]
    editions = parsed(urlopen(f"{front.ours.address}/palmares/").read()).select(".editions a")
    paths += [edition["href"] for edition in editions]
    assert len(editions) == 2 and len(paths) > 60 and set(paths) <= set(twins)
    read = 0
    for path in paths:
        page, twin = parsed(urlopen(f"{front.ours.address}{path}").read()), twins[path]
        assert letters(twin.h1) == letters(page.h1), path
        assert twin.find("meta", {"name": "description"})["content"], path
        if path != STATEMENT:
            text, wanted = letters(twin.main), text_of(page)
            assert [paragraph for paragraph in wanted if paragraph not in text] == [], path
            read += len(wanted)
    assert read > 150


def test_no_link_leads_to_a_page_that_is_not_there(front, twins):
    links = {link["href"] for page in twins.values() for link in page.select("a[href], link[href]")}
    inside = {link.partition("#")[0] for link in links if link.startswith("/")}
    assert [link for link in inside if link not in twins and not (front.folder / link[1:]).is_file()] == []
    # What leads to our site: the forms, the files. A page that has its twin is linked nowhere but as the original of its twin.
    links = {link["href"] for page in twins.values() for link in page.body.select("a[href]")}
    ours = {urlsplit(link).path for link in links if link.startswith(front.ours.address)}
    assert not ours & set(twins) and {"/candidature/", "/signaler/"} < ours
    assert {urlopen(f"{front.ours.address}{path}").status for path in ours if path.endswith("/")} == {200}


def test_the_former_addresses_are_in_the_file_that_hosts_read(front):
    lines = (front.folder / "_redirects").read_text("utf-8").splitlines()
    assert lines == ["/%C3%A9t%C3%A9 /fiches/?departement=25 301", "/livre /carnets/ 302"]


def test_every_picture_has_its_size_its_text_and_its_credit(front, twins):
    pictures = [picture for page in twins.values() for picture in page.main.select("figure")]
    assert len(pictures) > 30
    for figure in pictures:
        assert figure.img.has_attr("alt") and figure.img["width"] and figure.img["height"]
        assert "©" in figure.figcaption.text
    types = [[source["type"] for source in figure.select("source")] for figure in pictures]
    assert types == [["image/webp", "image/jpeg"]] * len(pictures)


@pytest.mark.parametrize("path", [*TEMPLATES, FICHE])
def test_a_page_is_accessible_and_narrow_enough(look, path):
    page = look(path)
    problems = violations(page)
    page.set_viewport_size({"width": 360, "height": 900})
    assert [*problems, *horizontal_overflow(page)] == []


def test_the_map_shows_the_fiches_and_leads_to_them(look):
    page = look("/fiches/")
    points = page.locator("#carte .leaflet-interactive")
    points.first.wait_for()
    assert points.count() > 20
    points.last.click()
    page.locator(".leaflet-popup-content a").click()
    assert page.locator("h1").count() == 1 and urlsplit(page.url).path.startswith("/fiches/")


def test_the_search_answers_in_the_page(look):
    page = look("/")
    page.locator("[name=q]").fill("pain")
    page.locator("[name=q]").press("Enter")
    page.get_by_text("réponses pour « pain »").wait_for()
    page.locator("#resultats a", has_text="L’épicerie qui vient à vous").click()
    assert page.locator("h1").inner_text() == "L’épicerie qui vient à vous"


@pytest.mark.parametrize("resource", ["fiches", "etapes", "carnets"])
def test_a_draft_is_seen_on_the_separate_site_before_it_is_published(front, look, chromium, resource):
    with contextlib.closing(chromium.new_context(base_url=front.ours.address, locale="fr-FR")) as context:
        context.add_cookies([session_cookie(front.ours, "redaction")])
        admin = context.new_page()
        number = admin.request.get(f"/api/v1/{resource}?champs=id").json()["items"][-1]["id"]
        admin.goto(f"/admin/pages/{number}/edit/")
        admin.evaluate("""async () => {
            const form = new FormData(document.querySelector("[data-edit-form]"));
            form.set("title", "Un titre à l’essai");
            await fetch("preview/", {method: "POST", body: form});
        }""")
        admin.goto(f"/admin/pages/{number}/edit/preview/")
        framed = admin.frame_locator("iframe")
        framed.get_by_role("heading", level=1, name="Un titre à l’essai").wait_for()
        address = admin.locator("iframe").get_attribute("src")
    assert address.startswith(f"{front.address}/?content_type=rallynov_{resource}.{resource[:-1]}page&token=")
    page = look(address)
    page.get_by_text("n’est pas en ligne").wait_for()
    assert page.locator("h1").inner_text() == "Un titre à l’essai"
    assert violations(page) == []


def test_a_signed_message_has_it_built_again_and_what_was_withdrawn_goes(front):
    body = b'{"type": "fiche.retiree", "data": {}}'
    withdrawn, lost = front.folder / "retiree", front.folder / "palmares" / "index.html"
    withdrawn.mkdir()
    lost.unlink()
    with pytest.raises(OSError, match="401"):
        urlopen(Request(front.receiver, data=body))
    signature = sign([b64decode(SECRET.removeprefix("whsec_"))], "msg_1", int(time.time()), body)
    assert urlopen(Request(front.receiver, data=body, headers=signature)).status == 204
    until(lambda: lost.exists() and not withdrawn.exists())
