"""`python -m bench.diffusion`: what leaves the site, beside Wagtail's own API v2 for the same pages, in one run.

Everything is made anew: nothing is kept between two requests. Ends with an error when a goal isn't reached. Run it with
``BENCH_FICHES`` of 1,000 and of 50,000 and compare: the queries are the same.
"""

import json
import sys

from bench import __main__ as bench

V2 = "/api/v2/pages/?type=fiches.FichePage&fields=*&limit=20"
OURS = "/api/v1/fiches"
ADDRESSES = {
    "API, 20 fiches": OURS,
    "v2, 20, fields=*": V2,
    "v2, last page": f"{V2}&offset={bench.COUNT - 20}",
    "API, one fiche": "/api/v1/fiches/la-recette-d-une-organisation-partagee",
    "GeoJSON": "/api/v1/fiches.geojson",
    "facets": "/api/v1/facettes",
    "Atom": "/fiches/flux.atom",
    "embed, list": "/integration/liste/contenu.json",
    "site map": "/sitemap.xml",
}
MOST_QUERIES = 8
MOST_QUERIES_UNCHANGED = 2
TIMES_V2 = 5
# How many times the first page's processor the last one may take.
DEEP = 1.5


def last_page(get):
    """The address of the last page of the API's list, found as a mirror finds it."""
    address = following = OURS
    while following:
        address = following
        following = json.loads(get(address))["next"]
        following = following and "/" + following.split("/", 3)[3]
    return address


def unchanged_queries():
    """How many queries a conditional request costs, which is answered 304."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    tag = client.get(OURS)["ETag"]
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(OURS, headers={"if-none-match": tag})
    assert answer.status_code == 304
    return len(captured)


def main():
    import django

    (bench.ROOT / "build").mkdir(exist_ok=True)
    django.setup()
    bench.prepare()

    from bench.server import get, measure, worker

    with worker() as (port, pid):
        deepest = last_page(lambda address: get(port, address))
        asked = {**ADDRESSES, "API, last page": deepest}
        costs = measure(port, pid, list(asked.values()), rounds=5, requests=12)
    print(f"{bench.COUNT} fiches, {bench.DATABASE.split(':')[0]}; medians of 5 alternating rounds of 12 requests")
    print(f"{'':18}{'queries':>8}{'kB':>9}{'ms':>8}{'cpu ms':>8}")
    queries = {name: bench.queries(address) for name, address in asked.items()}
    for name, address in asked.items():
        cost = costs[address]
        print(f"{name:18}{queries[name]:8}{cost.size / 1000:9.1f}{cost.clock:8.2f}{cost.cpu:8.2f}")
    missed = list(judged(costs, queries, costs[deepest].cpu))
    sys.exit("; ".join(missed) if missed else 0)


def judged(costs, queries, deepest):
    """Says each figure that is promised, and gives those that aren't reached."""
    unchanged = unchanged_queries()
    goals = [
        ("queries of the list of 20", queries["API, 20 fiches"], MOST_QUERIES),
        ("queries of a 304", unchanged, MOST_QUERIES_UNCHANGED),
        ("last page ÷ first page", deepest / costs[OURS].cpu, DEEP),
    ]
    for name, found, most in goals:
        print(f"{name}: {found:.3g} (at most {most})")
        if found > most:
            yield f"{name}: {found:.3g} > {most}"
    times = costs[V2].cpu / costs[OURS].cpu
    print(f"throughput of the list of 20, against v2: {times:.1f} times (at least {TIMES_V2})")
    if times < TIMES_V2:
        yield f"only {times:.1f} times v2's throughput"


if __name__ == "__main__":
    main()
