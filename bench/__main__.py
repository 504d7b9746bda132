"""`make bench`: pages made anew and kept, beside a constant view, a constant WSGI application, a static file, Varnish.

All in one run on this machine, medians of rounds that alternate. The database (``BENCH_DATABASE``, default a SQLite file
under ``build/``) is filled once with the demo content and ``BENCH_FICHES`` (default 5,000) made-up fiches.
``BENCH_SERVER`` (gunicorn, gthread, granian), ``BENCH_ROUNDS`` (5), ``BENCH_SECONDS`` (2) and ``BENCH_REQUESTS`` (100,000
for the memory; 0 leaves it out) change the run. Needs wrk, nginx and varnish (`make system`).
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

COUNT = int(os.environ.get("BENCH_FICHES", "5000"))
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "100000"))
ROOT = Path(__file__).resolve().parents[1]
DATABASE = os.environ.get("BENCH_DATABASE", f"sqlite:///{ROOT / 'build' / f'bench-{COUNT}.sqlite3'}")
os.environ.update(DJANGO_SETTINGS_MODULE="bench.settings", DATABASE_URL=DATABASE)

WARM = 0.9
"""A kept page gives at least this part of the constant view's requests a second."""
FRONT = 0.7
"""Varnish gives at least this part of nginx's, for a file of the same size."""
COLD = {"fiche": 12, "liste à facettes": 40}
"""How many times the constant view's processor a page made anew may take."""
MEMORY = 160
"""Megabytes of a worker."""
FEW, MANY = 4, 32
"""Connections at once: to the site's one worker, and to the servers in front."""


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
        "liste à facettes": "/fiches/?departement=25&sphere=ess",
        "recherche": "/recherche/?q=entreprise",
        "fiche": fiche.url,
        "étape": EtapePage.objects.visible().on_the_road().first().url,
        "API, liste": "/api/v1/fiches",
        "API, fiche": f"/api/v1/fiches/{fiche.slug}",
        "GeoJSON": "/fiches/carte.geojson",
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


def run(pages, folder):
    """``(costs made anew, costs kept, loads)``, by name of page and of what it is compared with."""
    from bench import server

    with server.worker() as (cold, cold_pid), server.worker(kept=64) as (warm, warm_pid):
        bodies = {name: server.get(cold, address) for name, address in pages.items()}
        twins = {name: f"/constante/{len(body)}/" for name, body in bodies.items()}
        files = {f"{number}.html": body for number, body in enumerate(bodies.values())}
        with (
            server.worker(app="bench.constante:application") as (wsgi, _pid),
            server.nginx(folder / "nginx", files) as static,
            server.worker(kept=64, PURGE_URL="http://127.0.0.1:9") as (told, _told_pid),
            server.varnish(folder / "varnish", told) as front,
        ):
            doors = {}
            for number, (name, address) in enumerate(pages.items()):
                for port in (warm, front):
                    server.get(port, address)
                doors |= {
                    (name, "cold"): (cold, address, FEW),
                    (name, "warm"): (warm, address, FEW),
                    (name, "constant"): (cold, twins[name], FEW),
                    (name, "wsgi"): (wsgi, twins[name], FEW),
                    (name, "varnish"): (front, address, MANY),
                    (name, "nginx"): (static, f"/{number}.html", MANY),
                }
            found = server.loads(doors)
        asked = [*pages.values(), *twins.values()]
        costs = server.measure(cold, cold_pid, asked, rounds=server.ROUNDS, requests=20)
        kept = server.measure(warm, warm_pid, list(pages.values()), rounds=server.ROUNDS, requests=100)
    return (
        {name: (costs[address], costs[twins[name]]) for name, address in pages.items()},
        {name: kept[address] for name, address in pages.items()},
        found,
    )


def print_costs(pages, made, kept):
    print(f"\n{'one request':18}{'queries':>8}{'kB':>9}{'cpu ms':>9}{'const.':>9}{'times':>7}{'kept ms':>9}")
    for name, address in pages.items():
        cost, twin = made[name]
        print(
            f"{name:18}{queries(address):8}{cost.size / 1000:9.1f}{cost.cpu:9.2f}{twin.cpu:9.2f}"
            f"{cost.cpu / twin.cpu:7.1f}{kept[name].cpu:9.2f}"
        )


def print_loads(pages, loads):
    doors = ("cold", "warm", "constant", "wsgi", "varnish", "nginx")
    print(f"\n{'requests/s':18}" + "".join(f"{door:>10}" for door in doors) + "   warm/const.  varnish/nginx")
    for name in pages:
        rates = [loads[name, door].rate for door in doors]
        shares = f"{rates[1] / rates[2]:14.2f}{rates[4] / rates[5]:15.2f}"
        print(f"{name:18}" + "".join(f"{rate:10.0f}" for rate in rates) + shares)
    print(f"\n{'p50 / p99, ms':18}" + "".join(f"{door:>16}" for door in doors))
    for name in pages:
        cells = (f"{loads[name, door].p50:.2f} / {loads[name, door].p99:.2f}" for door in doors)
        print(f"{name:18}" + "".join(f"{cell:>16}" for cell in cells))


def missed(made, loads, memory):
    """What didn't reach its target, in words."""
    names = list(made)
    faults = [
        f"{name}: kept, {share:.2f} of the constant view"
        for name in names
        if (share := loads[name, "warm"].rate / loads[name, "constant"].rate) < WARM
    ]
    faults += [
        f"{name}: through Varnish, {share:.2f} of nginx's file"
        for name in names
        if (share := loads[name, "varnish"].rate / loads[name, "nginx"].rate) < FRONT
    ]
    faults += [
        f"{name}: made anew, {times:.1f} times the constant view"
        for name, most in COLD.items()
        if (times := made[name][0].cpu / made[name][1].cpu) > most
    ]
    if memory:
        from bench.memoire import is_flat

        faults += [f"memory: {megabytes:.0f} MB" for megabytes in memory[-1:] if megabytes > MEMORY]
        faults += [] if is_flat(memory) else ["memory: grows"]
    return faults


def main():
    import django

    lacking = [name for name in ("wrk", "nginx", "varnishd") if not shutil.which(name)]
    if lacking:
        sys.exit(f"Il manque {', '.join(lacking)} : make system (en root)")
    (ROOT / "build").mkdir(exist_ok=True)
    django.setup()
    prepare()

    from bench import memoire, server

    pages = addresses()
    print(
        f"{COUNT} fiches, {DATABASE.split(':')[0]}, {server.APPLICATION}, 1 worker, {os.cpu_count()} processors; medians of "
        f"{server.ROUNDS} alternating rounds of {server.SECONDS:g} s"
    )
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Path(folder).chmod(0o755)
        made, kept, loads = run(pages, Path(folder))
    print_costs(pages, made, kept)
    print_loads(pages, loads)
    memory = memoire.run(REQUESTS, pages) if REQUESTS else []
    faults = missed(made, loads, memory)
    print("\n" + ("\n".join(f"MISSED  {fault}" for fault in faults) or "Every target is reached."))


if __name__ == "__main__":
    main()
