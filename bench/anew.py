"""Measures uncached pages: requested for the first time, right after a publication, and right after a process starts.

In milliseconds of the worker's CPU. First requests are gzipped, as for browsers. Pages after a publication are compared with
those of a process without cache, and neither are gzipped.
"""

import time
from itertools import islice, product
from statistics import mean, median

from bench import server

# Number of pages of each kind, each requested once.
ADDRESSES = 30
# Number of publications, and of starts.
TIMES = 5
# Seconds after which every process notices a publication (`fiches.publications.version`).
SEEN = 0.6


def never_asked():
    """Returns ``{kind of page: paths}``, with different contents for each path."""
    from fiches.models import FichePage
    from fiches.models.enums import Sphere
    from fiches.territoire.territory import territory

    fiches = FichePage.objects.visible().order_by("-pk")[:ADDRESSES]
    order = ("", "&tri=titre", "&tri=recent")
    facets = product(territory().names, Sphere.values, order)
    lists = [f"/fiches/?departement={departement}&sphere={sphere}{sort}" for departement, sphere, sort in facets]
    return {"fiche": [fiche.url for fiche in fiches], "liste à facettes": list(islice(lists, ADDRESSES))}


def once(port, pid, addresses):
    """The mean cost of some paths, each requested once."""
    costs = server.measure(port, pid, addresses, rounds=1, requests=1, gzip=True)
    return mean(cost.cpu for cost in costs.values())


def after_publications(port, pid, addresses):
    """Returns ``{path: median cost}`` of the first response after a correction of a fiche was published."""
    from fiches.models import FichePage

    seen = {address: [] for address in addresses}
    for fiche in FichePage.objects.visible().order_by("-pk")[:TIMES]:
        for number, (address, costs) in enumerate(seen.items()):
            fiche.chapo = f"Version {number} corrigée."
            fiche.save_revision().publish()
            time.sleep(SEEN)
            costs.append(server.measure(port, pid, [address], rounds=1, requests=1)[address].cpu)
    return {address: median(costs) for address, costs in seen.items()}


def after_starts(address):
    """The median cost of a process's first response."""
    costs = []
    for _time in range(TIMES):
        with server.worker(kept=64) as (port, pid):
            costs.append(server.measure(port, pid, [address], rounds=1, requests=1, gzip=True)[address].cpu)
    return median(costs)
