"""`make bench`: pages made anew and kept, beside a constant view, a constant WSGI application, a static file, Varnish.

All in one run on this machine, medians of rounds that alternate, for each number of fiches of ``BENCH_FICHES`` ("5000
50000"; one number, one size); ends with the targets, met or not. What stands in front gives the same bytes, asked both as
browsers do, compressed, and without. The constant view stands behind the site's middleware, and behind that of a new Wagtail
project. Pages are asked once, right after a publication and right after a start too (`bench.anew`). Eight minutes a size and, for the memory, as long as its requests take (half an hour on
a busy machine); three more the first time, to fill the databases, which stay under ``build/``. ``BENCH_SERVER`` (gunicorn,
gthread, granian), ``BENCH_ROUNDS`` (3), ``BENCH_SECONDS`` (1) and ``BENCH_REQUESTS`` (100,000 for the memory; 0 leaves it
out) change the run. Needs wrk, nginx and varnish (`make system`).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = [int(size) for size in os.environ.get("BENCH_FICHES", "5000 50000").split()]
COUNT = SIZES[0]
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "100000"))


def database_of(size):
    return ROOT / "build" / f"bench-{size}.sqlite3"


os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
DATABASE = os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE", f"sqlite:///{database_of(COUNT)}")

# A kept page gives at least this part of the constant view's requests a second.
WARM = 0.9
# Varnish gives at least this part of nginx's, for a file of the same bytes.
FRONT = 0.7
LARGE = 50_000
# How many times the constant view's processor a page made anew may take.
COLD = {"fiche": 18, "accueil": 30, "liste à facettes": 40 if COUNT < LARGE else 150}
# How many times its own price a page may cost right after a publication.
AFTER = 1.5
# How many times the processor of a new Wagtail project's middleware the site's may take.
MIDDLEWARE = 1.5
# The pages that are asked right after a publication.
PUBLISHED = ("accueil", "liste à facettes", "recherche", "fiche", "API, liste")
# Megabytes of a worker.
MEMORY = 160
# Connections at once: to the site's one worker, and to the servers in front.
FEW, MANY = 4, 32
DOORS = {
    "anew": "faite à neuf",
    "kept": "gardée",
    "constant": "vue constante",
    "wsgi": "WSGI constant",
    "varnish": "Varnish",
    "nginx": "fichier, nginx",
    "varnish gzip": "Varnish, gzip",
    "nginx gzip": "nginx, gzip",
}


def prepare():
    """Fills the database up to ``COUNT`` fiches: a large one from a small one."""
    from bench.remplissage import MADE, fill, multiply

    (ROOT / "build").mkdir(exist_ok=True)
    ours = f"sqlite:///{database_of(COUNT)}" == DATABASE
    if ours and COUNT > MADE and not database_of(COUNT).exists():
        small = {**os.environ, "BENCH_FICHES": str(MADE)}
        subprocess.run([sys.executable, "-m", "bench.remplissage"], cwd=ROOT, env=small, check=True)
        multiply(database_of(MADE), database_of(COUNT), COUNT)
    fill(COUNT)


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
    """``(costs, loads, bytes)``, by page and door; the costs also once, after a publication and after a start."""
    from bench import anew, server

    with server.worker() as (cold, cold_pid), server.worker(kept=64) as (warm, warm_pid):
        plain = {name: server.get(cold, address) for name, address in pages.items()}
        small = {name: server.get(warm, address, gzip=True) for name, address in pages.items()}
        twins = {name: f"/constante/{len(body)}/" for name, body in plain.items()}
        files = {f"{number}.html": body for number, body in enumerate(plain.values())}
        files |= {f"{number}.html.gz": body for number, body in enumerate(small.values())}
        with (
            server.worker(app="bench.constante:application") as (wsgi, wsgi_pid),
            server.nginx(folder / "nginx", files) as (static, static_pids),
            server.worker(kept=64, PURGE_URL="http://127.0.0.1:9") as (told, _told_pid),
            server.varnish(folder / "varnish", told) as (front, front_pids),
        ):
            doors = {}
            for number, (name, address) in enumerate(pages.items()):
                doors |= {
                    (name, "anew"): server.Door(cold, address, FEW, (cold_pid,)),
                    (name, "kept"): server.Door(warm, address, FEW, (warm_pid,)),
                    (name, "constant"): server.Door(cold, twins[name], FEW, (cold_pid,)),
                    (name, "wsgi"): server.Door(wsgi, twins[name], FEW, (wsgi_pid,)),
                    (name, "varnish"): server.Door(front, address, MANY, front_pids),
                    (name, "nginx"): server.Door(static, f"/{number}.html", MANY, static_pids),
                    (name, "varnish gzip"): server.Door(front, address, MANY, front_pids, gzip=True),
                    (name, "nginx gzip"): server.Door(static, f"/{number}.html", MANY, static_pids, gzip=True),
                }
            for door in doors.values():
                server.get(door.port, door.address, gzip=door.gzip)
            sizes = {name: len(server.get(door.port, door.address, gzip=door.gzip)) for name, door in doors.items()}
            loads = server.loads(doors)
        asked, constants = list(pages.values()), list(twins.values())
        with (
            server.worker(app="bench.constante:application") as wsgi,
            server.worker(DJANGO_SETTINGS_MODULE="bench.settings_wagtail") as wagtail,
        ):
            found = {
                "anew": server.measure(cold, cold_pid, asked, rounds=server.ROUNDS, requests=10),
                "kept": server.measure(warm, warm_pid, asked, rounds=server.ROUNDS, requests=50, gzip=True),
                "constant": server.measure(cold, cold_pid, constants, rounds=server.ROUNDS, requests=50),
                "wagtail": server.measure(*wagtail, constants, rounds=server.ROUNDS, requests=50),
                "wsgi": server.measure(*wsgi, constants, rounds=server.ROUNDS, requests=50),
            }
        once = {name: anew.once(warm, warm_pid, addresses) for name, addresses in anew.never_asked().items()}
        published = anew.after_publications(cold, cold_pid, [pages[name] for name in PUBLISHED])
    costs = {name: server.middle(rounds).cpu for name, rounds in loads.items()}
    costs |= {(name, door): found[door][pages[name]].cpu for name in pages for door in ("anew", "kept")}
    costs |= {(name, door): found[door][twins[name]].cpu for name in pages for door in ("constant", "wagtail", "wsgi")}
    costs |= {(name, "once"): cost for name, cost in once.items()}
    costs |= {(name, "published"): published[pages[name]] for name in PUBLISHED}
    costs |= {(name, "started"): anew.after_starts(pages[name]) for name in ("accueil", "fiche")}
    return costs, loads, sizes


ALONE = {
    "once": "demandée une fois, jamais avant",
    "published": "juste après une publication",
    "started": "première d’un processus",
    "wagtail": "vue constante, intergiciels de Wagtail",
}


def print_table(pages, costs, loads, sizes):
    from bench.server import middle

    heads = ("requêtes/s", "p50 ms", "p99 ms", "proc. ms", "× const.", "requêtes SQL", "ko")
    print(f"{'':34}" + "".join(f"{head:>13}" for head in heads))
    for name, address in pages.items():
        for door, words in DOORS.items():
            load, cost = middle(loads[name, door]), costs[name, door]
            cells = [f"{load.rate:.0f}", f"{load.p50:.2f}", f"{load.p99:.2f}"]
            cells += [f"{cost:.3g}", f"{cost / costs[name, 'constant']:.2g}"]
            cells += [str(queries(address)) if door == "anew" else "0", f"{sizes[name, door] / 1000:.1f}"]
            print(f"{name if door == 'anew' else '':18}{words:16}" + "".join(f"{cell:>13}" for cell in cells))
    print()
    for (name, door), cost in costs.items():
        if door in ALONE:
            times = cost / costs[name, "constant"]
            print(f"{name:18}{ALONE[door]:42}{cost:10.3g} ms{times:10.2g} × const.")


TIMES = {
    "constant": "à neuf, fois la vue constante",
    "anew": "après une publication, fois à neuf",
    "wagtail": "vue constante, nos intergiciels sur ceux de Wagtail",
}


def targets(costs, loads):
    """``[(what, figure, what it should be, is it met)]``."""
    from bench.server import share

    found = []
    for name in dict.fromkeys(name for name, _door in loads):
        for words, door, of, least in (
            ("gardée, part de la vue constante", "kept", "constant", WARM),
            ("par Varnish, part du fichier de nginx", "varnish", "nginx", FRONT),
            ("par Varnish, gzip, part du fichier de nginx", "varnish gzip", "nginx gzip", FRONT),
        ):
            part = share(loads[name, door], loads[name, of])
            found.append((f"{name} : {words}", part, f"≥ {least}", part >= least))
    limits = [
        *((name, costs.get((name, "once"), costs[name, "anew"]), "constant", most) for name, most in COLD.items()),
        *((name, costs[name, "published"], "anew", AFTER) for name in PUBLISHED),
        ("fiche", costs["fiche", "constant"], "wagtail", MIDDLEWARE),
    ]
    for name, cost, of, most in limits:
        times = cost / costs[name, of]
        found.append((f"{name} : {TIMES[of]}", times, f"≤ {most}", times <= most))
    return found


def targets_of_memory(pages):
    from bench import memoire

    megabytes = memoire.run(REQUESTS, pages)
    growth = memoire.growth(megabytes)
    return [
        ("mémoire d’un processus, Mo", max(megabytes), f"< {MEMORY}", max(megabytes) < MEMORY),
        ("mémoire, fin sur milieu", growth, f"≤ {memoire.GROWTH}", growth <= memoire.GROWTH),
    ]


def print_targets(found):
    print("\nObjectifs")
    for what, figure, wanted, met in found:
        print(f"  {'atteint    ' if met else 'NON ATTEINT'}  {what:62}{figure:9.2f}   {wanted}")


def main():
    import django

    lacking = [name for name in ("wrk", "nginx", "varnishd") if not shutil.which(name)]
    if lacking:
        sys.exit(f"Il manque {', '.join(lacking)} : make system (en root)")
    django.setup()
    prepare()

    from bench import server

    pages = addresses()
    print(
        f"\n{COUNT} fiches, {DATABASE.split(':')[0]}, {server.APPLICATION}, 1 processus, {os.cpu_count()} cœurs ;"
        f" médianes de {server.ROUNDS} tours alternés de {server.SECONDS:g} s\n"
    )
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Path(folder).chmod(0o755)
        costs, loads, sizes = run(pages, Path(folder))
    print_table(pages, costs, loads, sizes)
    found = targets(costs, loads)
    if len(SIZES) == 1 and REQUESTS:
        found += targets_of_memory(pages)
    print_targets(found)
    sys.stdout.flush()
    if len(SIZES) > 1:
        again(SIZES[1:])


def again(sizes):
    """The same for the next number of fiches, in a process of its own: another database."""
    env = {**os.environ, "BENCH_FICHES": " ".join(map(str, sizes))}
    subprocess.run([sys.executable, "-m", "bench"], cwd=ROOT, env=env, check=True)


if __name__ == "__main__":
    main()
