"""`python -m bench.search_cost`: measures lists, facets, search, map and suggestions, compared with a constant view of the same size.

Uses ``BENCH_FICHES`` (5000) and ``BENCH_DATABASE``. Run it with 5000 and 50000 fiches and compare.
"""

import gzip

from bench import __main__ as bench

QUESTIONS = {
    "list": "/fiches/",
    "facets": "/fiches/?departement=25&sphere=ess",
    "common word": "/fiches/?q=entreprise",
    "rare word": "/fiches/?q=agrodoubs",
    "words+facets": "/fiches/?q=entreprise+commune&departement=25",
    "mistyped": "/fiches/?q=agrodoubz",
    "by title": "/fiches/?tri=titre",
    "search page": "/recherche/?q=entreprise",
    "suggestions": "/fiches/suggestions.json?q=agr",
    "map": "/fiches/carte.geojson",
    "map of one": "/fiches/carte.geojson?departement=25",
}


def main():
    import django

    (bench.ROOT / "build").mkdir(exist_ok=True)
    django.setup()
    bench.prepare()

    from bench.server import get, measure, worker

    with worker() as (port, pid):
        constant_paths = {address: f"/constante/{len(get(port, address))}/" for address in QUESTIONS.values()}
        costs = measure(port, pid, [*constant_paths, *constant_paths.values()], rounds=5, requests=12)
        points = get(port, QUESTIONS["map"])
    print(f"{bench.COUNT} fiches, {bench.DATABASE.split(':')[0]}; medians of 5 alternating rounds of 12 requests")
    print(f"{'':14}{'queries':>8}{'kB':>8}{'ms':>8}{'cpu ms':>8}{'const':>8}{'ratio':>8}")
    for name, address in QUESTIONS.items():
        cost, constant = costs[address], costs[constant_paths[address]]
        print(
            f"{name:14}{bench.queries(address):8}{cost.size / 1000:8.1f}{cost.clock:8.2f}{cost.cpu:8.2f}{constant.cpu:8.2f}"
            f"{cost.cpu / max(constant.cpu, 0.01):8.1f}"
        )
    print_map(points)


def print_map(points):
    count = points.count(b'"Feature"')
    print(f"map: {count} points, {len(gzip.compress(points, 6)) / max(count, 1):.1f} bytes a point gzipped")


if __name__ == "__main__":
    main()
