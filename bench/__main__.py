"""`make bench`: one table, for each number of fiches (``BENCH_FICHES``: "1000 5000 50000") the figures and their ratios to Wagtail's own.

- Pages made anew: milliseconds of processor of a request, without kept responses, in this process (median of nine), again and the first
  time after a publication; their ratio to a page of three fields (`bench.models.StockPage`) in the same process.
- Publication: its statements, and milliseconds of processor; their ratio to those of that page.
- The dearest requests that anyone can make, the first time after a publication.
- Mixed traffic: two workers as site/deploy starts them, four readers, a publication every ten seconds: the median and the 99th
  percentile of the answers' milliseconds, and the memory of a worker (PSS, what they share divided among them).

SQLite, in ``build/bench/``, which keeps the databases for the next runs: delete it after a migration. With ``DATABASE_URL``, that
database instead, for one number of fiches. Only processor time can be compared between machines that do other work, and it leaves out
what PostgreSQL does; ratios can be compared between machines.
"""

import http.client
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = [int(size) for size in os.environ.get("BENCH_FICHES", "1000 5000 50000").split()]
SECONDS = int(os.environ.get("BENCH_SECONDS", "30"))
ROUNDS, READERS, WORKERS, PUBLISHED_EVERY = 9, 4, 2, 10
# The two references.
PAGE, PUBLICATION = "page de Wagtail", "publier une page de Wagtail"


def fill(count):
    """The demonstration, and copies of its fiches up to ``count``."""
    from django.core.management import call_command

    from bench.copies import copy_fiches
    from fiches.models import FichePage

    call_command("migrate", verbosity=0)
    if not FichePage.objects.exists():
        call_command("demo", verbosity=0)
    if missing := count - FichePage.objects.count():
        copy_fiches(list(FichePage.objects.visible().order_by("pk")), missing)


def addresses():
    """Returns ``{name of the page: its path}``."""
    from etapes.models import EtapePage
    from fiches.models import FichePage

    fiche = FichePage.objects.visible().order_by("pk").first()
    return {
        "accueil": "/",
        "liste": "/fiches/",
        "liste à facettes": "/fiches/?departement=25&sphere=ess",
        "recherche": "/recherche/?q=entreprise",
        "fiche": fiche.url,
        "étape": EtapePage.objects.visible().on_the_road().first().url,
        "API, liste": "/api/v1/fiches",
        "API, fiche": f"/api/v1/fiches/{fiche.slug}",
        "GeoJSON": "/fiches/carte.geojson",
    }


def worst(fiche):
    """Returns ``{name: path}`` of the dearest requests that anyone can make."""
    misspelt = "+".join(f"inovattion{letter}" for letter in "abcdefghijklmnopqrs")
    return {
        "CSV": "/fiches/donnees.csv",
        "dix-neuf mots mal écrits": f"/recherche/?q={misspelt}",
        "carte entière": "/fiches/carte.geojson",
        "PDF d’une fiche": f"{fiche}fiche.pdf",
    }


def cost(act, prepare=lambda: None, rounds=ROUNDS):
    """Milliseconds of processor of ``act``, each time after ``prepare``."""
    spent = []
    for _round in range(rounds):
        prepare()
        started = time.process_time()
        act()
        spent.append(time.process_time() - started)
    return 1000 * statistics.median(spent)


def publish():
    """Changes what lists count in one fiche, and publishes it."""
    from fiches.models import FichePage

    fiche = FichePage.objects.visible().latest("pk")
    fiche.effectif = (fiche.effectif or 0) + 1
    fiche.save_revision().publish()


def stock_page():
    """The page of three fields, which only Wagtail knows."""
    import datetime

    from django.db.models.signals import post_save
    from wagtail.models import Site
    from wagtail.signals import page_published

    from bench.models import StockPage
    from fiches.publications import receivers

    page_published.disconnect(receivers._page_saved, sender=StockPage)
    post_save.disconnect(receivers._page_written, sender=StockPage)
    if not (page := StockPage.objects.first()):
        home = Site.objects.get(is_default_site=True).root_page
        fields = {"title": "Page", "introduction": "Une page de Wagtail", "body": "<p>Trois champs.</p>" * 9}
        page = home.add_child(instance=StockPage(slug="reference", date=datetime.date(2026, 1, 1), **fields))
    return page


def publish_stock_page():
    from bench.models import StockPage

    page = StockPage.objects.get()
    page.introduction = f"Publiée {time.monotonic()}"
    page.save_revision().publish()


def alone(pages):
    """Measures what this process does by itself: ``{name: (figure, name of the figure that it is compared with)}``."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    def read(path):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        answer.getvalue()

    def statements(act):
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    client, stock = Client(), stock_page()
    results = {}
    for name, path in {PAGE: stock.url, **pages}.items():
        read(path)
        results[f"{name}, ms"] = cost(lambda path=path: read(path)), f"{PAGE}, ms"
    for name, path in pages.items():
        results[f"{name}, après publication, ms"] = cost(lambda path=path: read(path), publish), f"{PAGE}, ms"
    for name, path in worst(pages["fiche"]).items():
        results[f"{name}, après publication, ms"] = cost(lambda path=path: read(path), publish, 3), f"{PAGE}, ms"
    for name, act in ((PUBLICATION, publish_stock_page), ("publier une fiche", publish)):
        results[f"{name}, ms"] = cost(act), f"{PUBLICATION}, ms"
        results[f"{name}, requêtes SQL"] = statements(act), f"{PUBLICATION}, requêtes SQL"
    return results


def read_until(port, paths, end, seconds):
    """One reader: asks for pages at random until ``end``, and adds to ``seconds`` how long each took."""
    connection, rng = http.client.HTTPConnection("127.0.0.1", port, timeout=60), random.Random(threading.get_ident())
    while time.monotonic() < end:
        started = time.perf_counter()
        connection.request("GET", rng.choice(paths), headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        seconds.append(time.perf_counter() - started)
        assert answer.status == 200, answer.status


def pss(pid):
    return int(re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)[1]) / 1024


def traffic(pages):
    """Measures readers of a served site while fiches are published."""
    from fiches.models import FichePage

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", f"--workers={WORKERS}"]
    server = subprocess.Popen([*command, "--config", "site/deploy/gunicorn.conf.py", "config.wsgi"], cwd=ROOT)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert server.poll() is None
            time.sleep(0.1)
        paths = [*pages.values(), *(fiche.url for fiche in FichePage.objects.visible().order_by("pk")[:200])]
        seconds, end = [], time.monotonic() + SECONDS
        readers = [threading.Thread(target=read_until, args=(port, paths, end, seconds)) for _n in range(READERS)]
        for reader in readers:
            reader.start()
        while time.monotonic() + PUBLISHED_EVERY < end:
            time.sleep(PUBLISHED_EVERY)
            publish()
        for reader in readers:
            reader.join()
        workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        of_hundred = statistics.quantiles(seconds, n=100)
        return {
            "trafic, réponses": (len(seconds), ""),
            "trafic, p50, ms": (1000 * of_hundred[49], ""),
            "trafic, p99, ms": (1000 * of_hundred[98], ""),
            "mémoire d’un processus, Mo": (max(map(pss, workers)), ""),
        }
    finally:
        server.terminate()
        server.wait(40)


def measure(size):
    """Prints the figures of one size as JSON; in a process of its own, since each size has its database."""
    import django

    django.setup()
    fill(size)
    pages = addresses()
    print(json.dumps(alone(pages) | traffic(pages)))


def main():
    columns = []
    for size in SIZES:
        database = ROOT / "build" / "bench" / f"{size}.sqlite3"
        database.parent.mkdir(parents=True, exist_ok=True)
        env = {"DATABASE_URL": f"sqlite:///{database}", **os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        command = [sys.executable, "-m", "bench", str(size)]
        printed = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout
        columns.append(json.loads(printed.splitlines()[-1]))
    print(f"{'':44}" + "".join(f"{size:>12}{'×':>7}" for size in SIZES))
    for name in columns[0]:
        print(f"{name:44}" + "".join(_cells(column, *column[name]) for column in columns))


def _cells(column, figure, reference):
    return f"{figure:12.1f}" + (f"{figure / column[reference][0]:7.1f}" if reference else 7 * " ")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        main()
