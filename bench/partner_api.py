"""`python -m bench.partner_api`: measures the partner API, feeds and embeds.

Without cache. Exits with an error if a target is missed. The number of queries must be the same with ``BENCH_FICHES`` of 1000
and 50000.
"""

import json
import sys

from bench import __main__ as bench

OURS = "/api/v1/fiches"
ADDRESSES = {
    "API, 20 fiches": OURS,
    "API, one fiche": "/api/v1/fiches/la-recette-d-une-organisation-partagee",
    "GeoJSON": "/api/v1/fiches.geojson",
    "facets": "/api/v1/facettes",
    "Atom": "/fiches/flux.atom",
    "embed, list": "/integration/liste/contenu.json",
    "site map": "/sitemap.xml",
}
MOST_QUERIES = 8
MOST_QUERIES_UNCHANGED = 2
# CPU time of the last page of the list, at most, as a multiple of the first page's.
DEEP = 1.5


def last_page(get):
    """The path of the last page of the API's list, found by following the links ``next``."""
    address = following = OURS
    while following:
        address = following
        following = json.loads(get(address))["next"]
        following = following and "/" + following.split("/", 3)[3]
    return address


def unchanged_queries():
    """The number of SQL queries of a conditional request answered with 304."""
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
        last = last_page(lambda address: get(port, address))
        paths = {**ADDRESSES, "API, last page": last}
        costs = measure(port, pid, list(paths.values()), rounds=5, requests=12)
    print(f"{bench.COUNT} fiches, {bench.DATABASE.split(':')[0]}; medians of 5 alternating rounds of 12 requests")
    print(f"{'':18}{'queries':>8}{'kB':>9}{'ms':>8}{'cpu ms':>8}")
    queries = {name: bench.queries(address) for name, address in paths.items()}
    for name, address in paths.items():
        cost = costs[address]
        print(f"{name:18}{queries[name]:8}{cost.size / 1000:9.1f}{cost.clock:8.2f}{cost.cpu:8.2f}")
    missed = list(missed_targets(costs, queries, costs[last].cpu))
    sys.exit("; ".join(missed) if missed else 0)


def missed_targets(costs, queries, cpu_of_last_page):
    """Prints each target with its value, and yields a message for each that is missed."""
    unchanged = unchanged_queries()
    goals = [
        ("queries of the list of 20", queries["API, 20 fiches"], MOST_QUERIES),
        ("queries of a 304", unchanged, MOST_QUERIES_UNCHANGED),
        ("last page ÷ first page", cpu_of_last_page / costs[OURS].cpu, DEEP),
    ]
    for name, value, most in goals:
        print(f"{name}: {value:.3g} (at most {most})")
        if value > most:
            yield f"{name}: {value:.3g} > {most}"


if __name__ == "__main__":
    main()
