"""`make bench`: compares cold and cached pages with a constant view, a constant WSGI application, nginx and Varnish.

Everything is measured in one run on this machine, as medians of alternating rounds. Ends with the targets, met or not.

- Varnish and nginx serve the same bytes, gzipped and not.
- The constant view is measured behind the site's middleware, and behind that of a new Wagtail project.
- The site answers each request at another depth of the stack (`bench.depths`).
- `bench.anew` measures pages requested for the first time, after a publication and after a start.

Variables: ``BENCH_FICHES``, the numbers of fiches ("5000 50000"); ``BENCH_SERVER`` (gunicorn, gthread, granian);
``BENCH_ROUNDS`` (3); ``BENCH_SECONDS`` (1); ``BENCH_REQUESTS`` for the memory (100000; 0 skips it).

Takes eight minutes per size, and up to half an hour for the memory; three more minutes the first time, to fill the databases,
which are kept under ``build/bench/`` with their pictures. Needs wrk, nginx and varnish (`make system`).
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
    return ROOT / "build" / "bench" / f"{size}.sqlite3"


os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
DATABASE = os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE", f"sqlite:///{database_of(COUNT)}")

# Targets. A cached page serves at least this fraction of the constant view's requests per second.
WARM = 0.9
# Varnish serves at least this fraction of nginx's requests per second, for a file of the same bytes.
FRONT = 0.7
LARGE = 50_000
# CPU time of a cold page, at most, as a multiple of the constant view's.
COLD = {"fiche": 18, "accueil": 30, "liste à facettes": 40 if COUNT < LARGE else 150}
# CPU time of a page right after a publication, at most, as a multiple of its cost before, after the same pause.
AFTER = 1.5
# CPU time of the site's middleware, at most, as a multiple of that of a new Wagtail project.
MIDDLEWARE = 1.5
# Pages measured right after a publication.
PUBLISHED = ("accueil", "liste à facettes", "recherche", "fiche", "API, liste")
# Memory of a worker in megabytes, at most.
MEMORY = 160
# Concurrent connections to the site's single worker, and to nginx and Varnish.
FEW, MANY = 4, 32
# What is measured for each page: key, and label in the table.
VARIANTS = {
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
    """Fills the database up to ``COUNT`` fiches. A large database is copied from a small one."""
    from bench.databases import MADE, fill, multiply

    database_of(COUNT).parent.mkdir(parents=True, exist_ok=True)
    is_own = f"sqlite:///{database_of(COUNT)}" == DATABASE
    if is_own and COUNT > MADE and not database_of(COUNT).exists():
        small = {**os.environ, "BENCH_FICHES": str(MADE)}
        subprocess.run([sys.executable, "-m", "bench.databases"], cwd=ROOT, env=small, check=True)
        multiply(database_of(MADE), database_of(COUNT), COUNT)
    fill(COUNT)


def addresses():
    """Returns the pages to measure: ``{name: path}``."""
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
    """The number of SQL queries of an anonymous request, once warmed up."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def run(pages, folder):
    """Measures everything. Returns ``(costs, loads, sizes)``, each ``{(page, variant): value}``: milliseconds of CPU, list of
    `server.Load` (one per round), bytes. ``costs`` also has the variants of ``SINGLE_REQUESTS``."""
    from bench import anew, server

    with server.worker() as (cold, cold_pid), server.worker(kept=64) as (warm, warm_pid):
        plain = {name: server.get(cold, address) for name, address in pages.items()}
        small = {name: server.get(warm, address, gzip=True) for name, address in pages.items()}
        constant_paths = {name: f"/constante/{len(body)}/" for name, body in plain.items()}
        files = {f"{number}.html": body for number, body in enumerate(plain.values())}
        files |= {f"{number}.html.gz": body for number, body in enumerate(small.values())}
        with (
            server.worker(app="bench.constant_app:application") as (wsgi, wsgi_pid),
            server.nginx(folder / "nginx", files) as (static, static_pids),
            server.worker(kept=64, PURGE_URL="http://127.0.0.1:9") as (behind_varnish, _pid),
            server.varnish(folder / "varnish", behind_varnish) as (front, front_pids),
        ):
            endpoints = {}
            for number, (name, address) in enumerate(pages.items()):
                endpoints |= {
                    (name, "anew"): server.Endpoint(cold, address, FEW, (cold_pid,)),
                    (name, "kept"): server.Endpoint(warm, address, FEW, (warm_pid,)),
                    (name, "constant"): server.Endpoint(cold, constant_paths[name], FEW, (cold_pid,)),
                    (name, "wsgi"): server.Endpoint(wsgi, constant_paths[name], FEW, (wsgi_pid,)),
                    (name, "varnish"): server.Endpoint(front, address, MANY, front_pids),
                    (name, "nginx"): server.Endpoint(static, f"/{number}.html", MANY, static_pids),
                    (name, "varnish gzip"): server.Endpoint(front, address, MANY, front_pids, gzip=True),
                    (name, "nginx gzip"): server.Endpoint(static, f"/{number}.html", MANY, static_pids, gzip=True),
                }
            for endpoint in endpoints.values():
                server.get(endpoint.port, endpoint.address, gzip=endpoint.gzip)
            sizes = {
                name: len(server.get(endpoint.port, endpoint.address, gzip=endpoint.gzip))
                for name, endpoint in endpoints.items()
            }
            loads = server.loads(endpoints)
        paths, constants = list(pages.values()), list(constant_paths.values())
        with (
            server.worker(app="bench.constant_app:application") as wsgi,
            server.worker(DJANGO_SETTINGS_MODULE="bench.settings_wagtail") as wagtail,
        ):
            measured = {
                "anew": server.measure(cold, cold_pid, paths, rounds=server.ROUNDS, requests=10),
                "kept": server.measure(warm, warm_pid, paths, rounds=server.ROUNDS, requests=50, gzip=True),
                "constant": server.measure(cold, cold_pid, constants, rounds=server.ROUNDS, requests=50),
                "wagtail": server.measure(*wagtail, constants, rounds=server.ROUNDS, requests=50),
                "wsgi": server.measure(*wsgi, constants, rounds=server.ROUNDS, requests=50),
            }
        never_asked = anew.never_asked()
        once = {name: anew.once(warm, warm_pid, addresses) for name, addresses in never_asked.items()}
        with server.worker(kept=64) as (other, other_pid):  # it has kept no response; the register has the cards
            server.measure(other, other_pid, paths, rounds=1, requests=1, gzip=True)
            drawn = anew.once(other, other_pid, never_asked["liste à facettes"])
        published = anew.after_publications(cold, cold_pid, [pages[name] for name in PUBLISHED])
    costs = {name: server.middle(rounds).cpu for name, rounds in loads.items()}
    costs |= {(name, variant): measured[variant][pages[name]].cpu for name in pages for variant in ("anew", "kept")}
    costs |= {
        (name, variant): measured[variant][constant_paths[name]].cpu
        for name in pages
        for variant in ("constant", "wagtail", "wsgi")
    }
    costs |= {(name, "once"): cost for name, cost in once.items()}
    costs["liste à facettes", "drawn"] = drawn
    costs |= {(name, "rested"): published[pages[name]][0] for name in PUBLISHED}
    costs |= {(name, "published"): published[pages[name]][1] for name in PUBLISHED}
    costs |= {(name, "started"): anew.after_starts(pages[name]) for name in ("accueil", "fiche")}
    return costs, loads, sizes


# Variants measured with single requests or without load: key, and label.
SINGLE_REQUESTS = {
    "once": "demandée une fois, jamais avant",
    "drawn": "demandée une fois, vignettes déjà dessinées",
    "rested": "après une pause",
    "published": "juste après une publication",
    "started": "première d’un processus",
    "wagtail": "vue constante, intergiciels de Wagtail",
}


def print_table(pages, costs, loads, sizes):
    from bench.server import middle

    heads = ("requêtes/s", "p50 ms", "p99 ms", "proc. ms", "× const.", "requêtes SQL", "ko")
    print(f"{'':34}" + "".join(f"{head:>13}" for head in heads))
    for name, address in pages.items():
        for variant, words in VARIANTS.items():
            load, cost = middle(loads[name, variant]), costs[name, variant]
            cells = [f"{load.rate:.0f}", f"{load.p50:.2f}", f"{load.p99:.2f}"]
            cells += [f"{cost:.3g}", f"{cost / costs[name, 'constant']:.2g}"]
            cells += [str(queries(address)) if variant == "anew" else "0", f"{sizes[name, variant] / 1000:.1f}"]
            print(f"{name if variant == 'anew' else '':18}{words:16}" + "".join(f"{cell:>13}" for cell in cells))
    print()
    for (name, variant), cost in costs.items():
        if variant in SINGLE_REQUESTS:
            times = cost / costs[name, "constant"]
            print(f"{name:18}{SINGLE_REQUESTS[variant]:44}{cost:10.3g} ms{times:10.2g} × const.")


TIMES = {
    "constant": "à neuf, fois la vue constante",
    "rested": "après une publication, fois avant elle",
    "wagtail": "vue constante, nos intergiciels sur ceux de Wagtail",
}


def targets(costs, loads):
    """Returns the targets as ``[(name, value, limit as text, whether it is met)]``."""
    from bench.server import share

    results = []
    for name in dict.fromkeys(name for name, _variant in loads):
        for words, variant, of, least in (
            ("gardée, part de la vue constante", "kept", "constant", WARM),
            ("par Varnish, part du fichier de nginx", "varnish", "nginx", FRONT),
            ("par Varnish, gzip, part du fichier de nginx", "varnish gzip", "nginx gzip", FRONT),
        ):
            part = share(loads[name, variant], loads[name, of])
            results.append((f"{name} : {words}", part, f"≥ {least}", part >= least))
    limits = [
        *((name, costs.get((name, "once"), costs[name, "anew"]), "constant", most) for name, most in COLD.items()),
        *((name, costs[name, "published"], "rested", AFTER) for name in PUBLISHED),
        ("fiche", costs["fiche", "constant"], "wagtail", MIDDLEWARE),
    ]
    for name, cost, of, most in limits:
        times = cost / costs[name, of]
        results.append((f"{name} : {TIMES[of]}", times, f"≤ {most}", times <= most))
    return results


def targets_of_memory(pages):
    """As :func:`targets`, for the memory of a worker."""
    from bench import memory

    megabytes = memory.run(REQUESTS, pages)
    growth = memory.growth(megabytes)
    return [
        ("mémoire d’un processus, Mo", max(megabytes), f"< {MEMORY}", max(megabytes) < MEMORY),
        ("mémoire, fin sur milieu", growth, f"≤ {memory.GROWTH}", growth <= memory.GROWTH),
    ]


def print_targets(results):
    print("\nObjectifs")
    for name, value, limit, met in results:
        print(f"  {'atteint    ' if met else 'NON ATTEINT'}  {name:62}{value:9.2f}   {limit}")


def main():
    import django

    missing = [name for name in ("wrk", "nginx", "varnishd") if not shutil.which(name)]
    if missing:
        sys.exit(f"Il manque {', '.join(missing)} : make system (en root)")
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
    results = targets(costs, loads)
    if len(SIZES) == 1 and REQUESTS:
        results += targets_of_memory(pages)
    print_targets(results)
    sys.stdout.flush()
    if len(SIZES) > 1:
        again(SIZES[1:])


def again(sizes):
    """Runs the benchmark for the next numbers of fiches, in a new process, since each has its own database."""
    env = {**os.environ, "BENCH_FICHES": " ".join(map(str, sizes))}
    subprocess.run([sys.executable, "-m", "bench"], cwd=ROOT, env=env, check=True)


if __name__ == "__main__":
    main()
