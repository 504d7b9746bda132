"""`python -m bench.serveurs`: the same site on each application server that is installed, one process of one each.

A constant view, a kept page, a page made anew: requests a second, 99th percentile, and the processor's milliseconds a request,
which say the same on a busy machine; then memory. Medians of rounds that alternate. granian isn't among the site's packages:
`pip install --target DIRECTORY granian`, and DIRECTORY in PYTHONPATH.
"""

import contextlib
from importlib.util import find_spec

from bench import __main__ as bench


def kinds():
    from bench.server import COMMANDS

    return [kind for kind, command in COMMANDS.items() if find_spec(command[0])]


def run(fiche):
    """``({(kind, what): [Load]}, {kind: megabytes})``."""
    from bench import server

    with contextlib.ExitStack() as running:
        doors, workers = {}, {}
        for kind in kinds():
            cold, workers[kind] = running.enter_context(server.worker(kind))
            warm, kept = running.enter_context(server.worker(kind, kept=64))
            size = len(server.get(cold, fiche))
            server.get(warm, fiche)
            doors[kind, "vue constante"] = server.Door(cold, f"/constante/{size}/", bench.FEW, (workers[kind],))
            doors[kind, "fiche gardée"] = server.Door(warm, fiche, bench.FEW, (kept,))
            doors[kind, "fiche à neuf"] = server.Door(cold, fiche, bench.FEW, (workers[kind],))
        return server.loads(doors), {kind: server.resident_mb(pid) for kind, pid in workers.items()}


def main():
    import django

    from bench.server import middle

    django.setup()
    bench.prepare()
    seen, memory = run(bench.addresses()["fiche"])
    print(
        f"{bench.COUNT} fiches ; requêtes/s, p99 ms, processeur ms ; médianes de {len(next(iter(seen.values())))} tours alternés"
    )
    for (kind, what), loads in seen.items():
        load = middle(loads)
        print(f"{kind:14}{what:15}{load.rate:9.0f}{load.p99:9.1f}{load.cpu:9.2f}{memory[kind]:8.0f} Mo")


if __name__ == "__main__":
    main()
