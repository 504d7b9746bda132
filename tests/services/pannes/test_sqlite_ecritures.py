"""One file is enough for one machine: who writes at once all write, and nobody reads "database is locked"."""

import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.services.pannes.serveurs import Browser

WRITERS = 20


def test_twenty_writers_at_once_all_write(site_sqlite, rounds):
    site, seed = site_sqlite
    site.serve(WEB_CONCURRENCY=4)
    try:
        turns = rounds(3)
        links = seed["dossiers"][:WRITERS]
        started = time.monotonic()
        with ThreadPoolExecutor(WRITERS) as pool:
            answers = list(pool.map(lambda link: write(site, link, turns), links))
        spent = time.monotonic() - started
        assert answers == [[200] * turns] * WRITERS
        kept = site.ask(f"Dossier.objects.filter(reponses__activite='tour {turns - 1}').count()")
        assert kept == WRITERS
        assert "locked" not in "".join(path.read_text() for path in site.folder.glob("web-*.log"))
        assert spent < 60, f"{WRITERS * turns / spent:.1f} writes/s"
    finally:
        site.stop()


def write(site, secret, turns):
    """Saves a dossier again and again, as its form does while somebody types."""
    browser = Browser(site.address)
    link = f"/candidature/{secret}/organisation/"
    token, done, revision = browser.token(link), [], 99_999
    for turn in range(turns):
        data = {
            "csrfmiddlewaretoken": token,
            "revision": revision,
            "organisation": "Fruitière",
            "activite": f"tour {turn}",
        }
        answer = browser.post(link, data=data, headers={"Accept": "application/json", "Referer": site.address + link})
        done.append(answer.status_code)
        revision = answer.json()["revision"] if answer.ok else revision
    return done


@pytest.mark.nightly
def test_who_only_reads_waits_for_no_writer_and_fails_for_none(site_sqlite):
    """A search that finds nothing is counted, an API's answer and a picture's size are kept for the next: what a reader can do
    without."""
    site, _seed = site_sqlite
    site.serve(WEB_CONCURRENCY=1)
    site.ask("[Publication.objects.update(contents=None), IllustrationRendition.objects.all().delete()[0]]")
    paths = ("/recherche/?q=licorne", "/api/v1/fiches", "/fiches/fiche-4/")
    try:
        with closing(sqlite3.connect(site.folder / "site.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answers = [site.get(path) for path in paths]
            assert [answer.status_code for answer in answers] == [200] * 3
            assert max(answer.elapsed.total_seconds() for answer in answers) < 15  # a form waits twenty seconds
            other.execute("ROLLBACK")
        assert site.get("/recherche/?q=licorne").status_code == 200
        assert 'src="/media/images/' in site.get("/fiches/fiche-4/").text
        assert site.ask("[[s.mots, s.nombre] for s in RechercheVaine.objects.all()]") == [["licorne", 1]]
    finally:
        site.stop()


@pytest.mark.nightly
def test_processes_write_at_once_through_the_site_s_own_settings(site_sqlite, rounds):
    site, _seed = site_sqlite
    number = rounds(6)  # each starts Django, which takes longer than what it writes
    script = (
        "import django; django.setup()\n"
        "from fiches.models import Echeance\n"
        "from django.db import transaction\n"
        "import os\n"
        "for n in range(25):\n"
        "    with transaction.atomic():\n"
        "        Echeance.objects.count()\n"  # reads first: without IMMEDIATE this is what gets locked out
        "        Echeance.objects.create(nom=f'{os.getpid()}-{n}')\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script], env=site.env, stderr=subprocess.PIPE, text=True)
        for _each in range(number)
    ]
    assert [(process.wait(120), process.stderr.read()) for process in processes] == [(0, "")] * number
    assert site.ask("Echeance.objects.filter(nom__contains='-').count()") == number * 25
