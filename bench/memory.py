"""Measures the memory of workers, started as in site/deploy, while they serve cached and cold pages and lists."""

import random
from statistics import mean

from bench import server

WORKERS = 5
# Number of memory readings during the run.
MARKS = 10
# Memory at the end, at most, as a multiple of that at the middle of the run.
GROWTH = 1.05


def run(requests, pages):
    """Sends ``requests`` requests; prints and returns the mean PSS of a worker in megabytes, ``MARKS`` times."""
    from fiches.models import FichePage

    urls = [fiche.url for fiche in FichePage.objects.visible()[:5000]]
    lists = [f"/fiches/?page={page}" for page in range(1, 40)]
    lists += [f"/fiches/?departement={code}&tri=titre" for code in (25, 39, 70, 90)]
    rng = random.Random(1)
    megabytes = []
    with server.shipped(workers=WORKERS, kept=32) as (port, workers):
        for number in range(requests):
            kind = rng.random()
            # A few popular pages, and so many others that each process's response cache is full before the middle.
            address = rng.choice([*pages.values()] if kind < 0.45 else urls if kind < 0.97 else lists)
            server.get(port, address)
            if (number + 1) % max(1, requests // MARKS) == 0:
                megabytes.append(mean(map(server.own_mb, workers)))
        resident = mean(map(server.resident_mb, workers))
    marks = "  ".join(f"{one:.0f}" for one in megabytes)
    print(f"\nMémoire d’un des {WORKERS} processus au long de {requests} requêtes, Mo : {marks}")
    print(f"(ce qu’ils partagent compté en entier à chacun, à la fin : {resident:.0f})")
    return megabytes


def growth(megabytes):
    """Memory at the end of the run divided by that at its middle."""
    half = megabytes[len(megabytes) // 2 :]
    return half[-1] / half[0]
