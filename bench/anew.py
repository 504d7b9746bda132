"""Measures pages that no process has kept: asked once, right after a publication, and right after a process starts.

Milliseconds of the worker's processor. What is asked once is compressed, as for browsers; a page asked after a publication is
compared with the same page of a process that keeps nothing, and neither is compressed.
"""

import time
from itertools import islice, product
from statistics import mean, median

from bench import server

# How many addresses of a kind, each asked once.
ADDRESSES = 30
# How many publications, and how many starts.
TIMES = 5
# Seconds until each process has seen a publication (`fiches.publications.version`).
SEEN = 0.6


def never_asked():
    """``{kind of page: addresses}``, each with contents of its own."""
    from fiches.models import FichePage
    from fiches.models.enums import Sphere

    fiches = FichePage.objects.visible().order_by("-pk")[:ADDRESSES]
    order = ("", "&tri=titre", "&tri=recent")
    facets = product(("21", "25", "39", "70", "90"), Sphere.values, order)
    lists = [f"/fiches/?departement={departement}&sphere={sphere}{sort}" for departement, sphere, sort in facets]
    return {"fiche": [fiche.url for fiche in fiches], "liste à facettes": list(islice(lists, ADDRESSES))}


def once(port, pid, addresses):
    """The mean of some addresses, each asked once."""
    costs = server.measure(port, pid, addresses, rounds=1, requests=1, gzip=True)
    return mean(cost.cpu for cost in costs.values())


def after_publications(port, pid, addresses):
    """``{address: the median}`` of the first answer after each of some publications."""
    from fiches.models import FichePage

    seen = {address: [] for address in addresses}
    for fiche in FichePage.objects.visible().order_by("-pk")[:TIMES]:
        for address, costs in seen.items():
            fiche.save_revision().publish()
            time.sleep(SEEN)
            costs.append(server.measure(port, pid, [address], rounds=1, requests=1)[address].cpu)
    return {address: median(costs) for address, costs in seen.items()}


def after_starts(address):
    """The median of a process's first answer."""
    costs = []
    for _time in range(TIMES):
        with server.worker(kept=64) as (port, pid):
            costs.append(server.measure(port, pid, [address], rounds=1, requests=1, gzip=True)[address].cpu)
    return median(costs)
