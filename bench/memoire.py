"""How much memory a worker takes while it answers, as site/deploy starts it: kept pages, pages made anew, lists of every kind."""

import random
from statistics import mean

from bench import server

WORKERS = 5
# How often the memory is read during the run.
MARKS = 10
# What "flat" allows between the second half's beginning and its end.
GROWTH = 1.05


def run(requests, pages):
    """Megabytes of a worker (its part of what they share counted), ten times during ``requests``, printed."""
    from fiches.models import FichePage

    urls = [fiche.url for fiche in FichePage.objects.visible()[:5000]]
    lists = [f"/fiches/?page={page}" for page in range(1, 40)]
    lists += [f"/fiches/?departement={code}&tri=titre" for code in (25, 39, 70, 90)]
    chosen = random.Random(1)
    megabytes = []
    with server.shipped(workers=WORKERS, kept=32) as (port, workers):
        for number in range(requests):
            kind = chosen.random()
            # What many read, and a tail so long that the answers each process may keep fill their share before the middle.
            address = chosen.choice([*pages.values()] if kind < 0.45 else urls if kind < 0.97 else lists)
            server.get(port, address)
            if (number + 1) % max(1, requests // MARKS) == 0:
                megabytes.append(mean(map(server.own_mb, workers)))
        resident = mean(map(server.resident_mb, workers))
    marks = "  ".join(f"{one:.0f}" for one in megabytes)
    print(f"\nMémoire d’un des {WORKERS} processus au long de {requests} requêtes, Mo : {marks}")
    print(f"(ce qu’ils partagent compté en entier à chacun, à la fin : {resident:.0f})")
    return megabytes


def growth(megabytes):
    """The end of the run over its middle."""
    half = megabytes[len(megabytes) // 2 :]
    return half[-1] / half[0]
