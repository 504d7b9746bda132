"""One file is enough for one machine: who writes at once all write, and nobody reads "database is locked"."""

import time
from concurrent.futures import ThreadPoolExecutor

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
