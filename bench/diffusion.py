"""`python -m bench.diffusion`: what leaves the site, beside Wagtail's own API v2 for the same pages, in one run."""

from bench import __main__ as bench

V2 = "/api/v2/pages/?type=fiches.FichePage&fields=*&limit=20"
ADDRESSES = {
    "API list of 20": "/api/v1/fiches",
    "v2, fields=*": V2,
    "v2, last page": f"{V2}&offset={bench.COUNT - 20}",
    "GeoJSON": "/api/v1/fiches.geojson",
    "facets": "/api/v1/facettes",
    "Atom": "/fiches/flux.atom",
    "site map": "/sitemap.xml",
}


def last_page(get):
    """The address of the last page of the API's list, found as a mirror finds it."""
    import json

    address = following = "/api/v1/fiches?par_page=100"
    while following:
        address = following
        following = json.loads(get(address))["next"]
        following = following and "/" + following.split("/", 3)[3]
    return address


def main():
    import django

    (bench.ROOT / "build").mkdir(exist_ok=True)
    django.setup()
    bench.prepare()

    from bench.server import get, measure, worker

    with worker() as (port, pid):
        asked = {**ADDRESSES, "API, last page": last_page(lambda address: get(port, address))}
        costs = measure(port, pid, list(asked.values()), rounds=5, requests=12)
    print(f"{bench.COUNT} fiches, {bench.DATABASE.split(':')[0]}; medians of 5 alternating rounds of 12 requests")
    print(f"{'':16}{'queries':>8}{'kB':>9}{'ms':>8}{'cpu ms':>8}")
    for name, address in asked.items():
        cost = costs[address]
        print(f"{name:16}{bench.queries(address):8}{cost.size / 1000:9.1f}{cost.clock:8.2f}{cost.cpu:8.2f}")
    ours, theirs = costs[ADDRESSES["API list of 20"]], costs[V2]
    print(f"API list of 20 against v2: {theirs.cpu / max(ours.cpu, 0.01):.1f} times its throughput")


if __name__ == "__main__":
    main()
