"""The upgrade of a site that has content, from an earlier version to this one, on both databases.

The part `montees` of `make nightly` runs it for each of the last tags; RALLYNOV_DEPUIS names the version to begin with.
"""

import os
import re
import subprocess
import sys
import time
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.candidatures.conftest import INNOVATION, ORGANISATION
from tests.formulaires import filled_form
from tests.services.pannes.serveurs import ROOT, PostgreSQL, Site, owned_folder, until

# Seconds for which a form must have been shown.
PATIENCE = 2.5
LIBRARIES = {".venv": "requirements.txt", "node_modules": "package-lock.json"}
# A restoration logs everyone out.
CLOSED = {"django_session"}


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """``(its tree, its Python)`` of that version, with the libraries that it names."""
    tree = tmp_path_factory.mktemp("version")
    files = subprocess.run(["git", "archive", os.environ["RALLYNOV_DEPUIS"]], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", tree], input=files.stdout, check=True)
    python = tree / ".venv/bin/python"
    if all((tree / lock).read_bytes() == (ROOT / lock).read_bytes() for lock in LIBRARIES.values()):
        for folder in LIBRARIES:
            (tree / folder).symlink_to(ROOT / folder)
        for step in (["tools/translations.py", "compile"], ["tools/assets.py"]):
            subprocess.run([python, *step], cwd=tree, check=True)
    else:
        subprocess.run(
            ["make", "locale", "assets"], cwd=tree, check=True, env=os.environ | {"EXTRAS": "pdf postgresql"}
        )
    return tree, python


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'site.sqlite3'}"
        return
    with owned_folder() as folder:
        server = PostgreSQL(folder).create().start()
        try:
            server.query("CREATE DATABASE site")
            yield server.url("site")
        finally:
            server.stop()


@pytest.fixture
def site(database, tmp_path):
    site = Site(tmp_path / "site", database)
    yield site
    site.close()


def words(html):
    """The text of a page or of a value of the API, its white space made ordinary."""
    return " ".join(BeautifulSoup(f"<div>{html}</div>", "html.parser").get_text(" ").split())


def strings(value):
    """All texts inside a JSON value."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield words(value)


def read(site, path):
    """The text of a public page, which is there."""
    answer = site.get(path)
    assert answer.status_code == 200, path
    return words(answer.text)


def texts_of_fields(site):
    """``{path: the texts of its fields that the page shows}`` of each page of the sitemap."""
    found = {}
    for url in re.findall(r"<loc>([^<]*)</loc>", site.get("/sitemap.xml").text):
        path = urlsplit(url).path
        fields = site.get("/api/v1/pages", params={"chemin": path})
        text = read(site, path)
        found[path] = [field for field in strings(fields.json()) if field and field in text] if fields.ok else []
    assert sum(map(bool, found.values())) > 60
    return found


def lost_texts(site, before):
    """``{path: the texts that the page shows no more}``"""
    after = {path: read(site, path) for path in before}
    lost = {path: [text for text in texts if text not in after[path]] for path, texts in before.items()}
    return {path: texts for path, texts in lost.items() if texts}


def begin_dossier(site):
    """Asks for a link and answers the first step; returns the browser, the second step's path and the form that it shows."""
    browser = site.browser()
    form = filled_form(browser.get("/candidature/"), "main form")
    time.sleep(PATIENCE)
    browser.submit("/candidature/", {**form, "courriel": "jeanne@tilleuls.test"})
    link = urlsplit(until(lambda: link_mailed(site), seconds=60, every=0.5)).path
    step = filled_form(browser.get(f"{link}organisation/"), "main form")
    sent = browser.submit(f"{link}organisation/", {**step, "continuer": "1", **ORGANISATION})
    assert sent.status_code == 302
    return browser, f"{link}innovation/", filled_form(browser.get(f"{link}innovation/"), "main form")


def link_mailed(site):
    for file in (site.folder / "mails").glob("*"):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        if "Votre lien" in mail["Subject"]:
            return re.search(r"http://\S+/candidature/\S+/", mail.get_body(("plain",)).get_content())[0]
    return None


def test_an_upgrade_loses_nothing_and_keeps_what_was_open(earlier, site, tmp_path):
    site.use(*earlier)
    site.manage("migrate", "-v0")
    site.manage("demo", "-v0")
    site.run()
    browser, path, form = begin_dossier(site)
    texts = texts_of_fields(site)
    site.stop()
    backup = site.manage("sauvegarder", tmp_path / "sauvegardes").stdout.split(" : ")[0]

    site.use(ROOT, sys.executable)
    rows = site.ask("counts()")
    assert site.ask("upgrade_losses()") == []
    for command in (["migrate", "--check"], ["check"]):
        site.command(*command)
    site.run()
    assert lost_texts(site, texts) == {}
    assert browser.submit(path, {**form, "continuer": "1", **INNOVATION}).status_code == 302
    assert filled_form(browser.get(path), "main form")["titre"] == INNOVATION["titre"]
    site.stop()

    site.command("restaurer", backup, "--ecraser")
    restored = site.ask("counts()")
    assert [name for name, count in rows.items() if restored.get(name, 0) < count and name not in CLOSED] == []
    site.run()
    assert lost_texts(site, texts) == {}
    assert browser.submit(path, {**form, "continuer": "1", **INNOVATION}).status_code == 302
