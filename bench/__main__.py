"""`make bench`: pages beside a constant view of the same weight, on the same server and middleware.

The database (``BENCH_DATABASE``, default a SQLite file under ``build/``) is filled once with the demo content and
``BENCH_FICHES`` (default 5,000) made-up fiches.
"""

import os
from pathlib import Path

COUNT = int(os.environ.get("BENCH_FICHES", "5000"))
ROOT = Path(__file__).resolve().parents[1]
DATABASE = os.environ.get("BENCH_DATABASE", f"sqlite:///{ROOT / 'build' / f'bench-{COUNT}.sqlite3'}")
os.environ.update(DJANGO_SETTINGS_MODULE="bench.settings", DATABASE_URL=DATABASE)


def prepare():
    """Migrate, load the demo, and complete it up to ``COUNT`` fiches."""
    from django.core.management import call_command

    from fiches.models import FichePage

    call_command("migrate", verbosity=0)
    call_command("demo", verbosity=0)
    missing = COUNT - FichePage.objects.count()
    if missing > 0:
        call_command("generate_fiches", missing, verbosity=0)


def addresses():
    """What is measured: ``{name: address}``."""
    from etapes.models import EtapePage
    from fiches.models import FichePage

    fiche = FichePage.objects.visible().get(slug="la-recette-d-une-organisation-partagee")
    return {
        "accueil": "/",
        "liste": "/fiches/",
        "fiche": fiche.url,
        "étape": EtapePage.objects.visible().on_the_road().first().url,
    }


def queries(address):
    """How many queries an anonymous reader's request costs."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def main():
    import django

    (ROOT / "build").mkdir(exist_ok=True)
    django.setup()
    prepare()

    from bench.server import get, measure, worker

    pages = addresses()
    with worker() as (port, pid):
        twins = {address: f"/constante/{len(get(port, address))}/" for address in pages.values()}
        costs = measure(port, pid, [*twins, *twins.values()], rounds=7, requests=40)
    print(f"{COUNT} fiches, {DATABASE.split(':')[0]}; medians of 7 alternating rounds of 40 requests, 1 worker")
    print(f"{'':10}{'queries':>8}{'kB':>8}{'ms':>8}{'cpu ms':>8}{'const':>8}{'ratio':>8}")
    for name, address in pages.items():
        cost, twin = costs[address], costs[twins[address]]
        print(
            f"{name:10}{queries(address):8}{cost.size / 1000:8.1f}{cost.clock:8.2f}{cost.cpu:8.2f}{twin.cpu:8.2f}"
            f"{cost.cpu / twin.cpu:8.1f}"
        )


if __name__ == "__main__":
    main()
