"""Measures uncached pages: requested for the first time, right after a publication, and right after a process starts.

In milliseconds of the worker's CPU. First requests are gzipped, as for browsers. Pages after a publication are compared with
the same pages before it, both of a process without cache, and neither are gzipped.
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
    """Returns ``{path: (median cost after a rest, median cost of the first response after a publication)}``. Both are single
    requests after the same pause, which alone costs up to a third more than requests in a row. The publication changes what
    lists count, as a new fiche does."""
    from fiches.models import FichePage

    seen = {address: ([], []) for address in addresses}
    for fiche in FichePage.objects.visible().order_by("-pk")[:TIMES]:
        for address, (rested, published) in seen.items():
            time.sleep(SEEN)
            rested.append(server.measure(port, pid, [address], rounds=1, requests=1)[address].cpu)
            fiche.effectif = (fiche.effectif or 0) + 1
            fiche.save_revision().publish()
            time.sleep(SEEN)
            published.append(server.measure(port, pid, [address], rounds=1, requests=1)[address].cpu)
    return {address: (median(rested), median(published)) for address, (rested, published) in seen.items()}


def after_starts(address):
    """The median cost of a process's first response."""
    costs = []
    for _time in range(TIMES):
        with server.worker(kept=64) as (port, pid):
            costs.append(server.measure(port, pid, [address], rounds=1, requests=1, gzip=True)[address].cpu)
    return median(costs)
