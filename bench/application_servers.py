"""`python -m bench.application_servers`: compares the installed application servers, each with one worker process.

Measures a constant view, a cached page and a cold page: requests per second, 99th percentile, CPU milliseconds per request
(meaningful on a busy machine too), and memory, as medians of alternating rounds. granian is not among the site's packages:
`pip install --target DIRECTORY granian`, with DIRECTORY in PYTHONPATH.
"""

import contextlib
from importlib.util import find_spec

from bench import __main__ as bench


def kinds():
    from bench.server import COMMANDS

    return [kind for kind, command in COMMANDS.items() if find_spec(command[0])]


def run(fiche):
    """Returns ``({(server, page): [Load]}, {server: megabytes})``."""
    from bench import server

    with contextlib.ExitStack() as running:
        endpoints, workers = {}, {}
        for kind in kinds():
            cold, workers[kind] = running.enter_context(server.worker(kind))
            warm, warm_pid = running.enter_context(server.worker(kind, kept=64))
            size = len(server.get(cold, fiche))
            server.get(warm, fiche)
            endpoints[kind, "vue constante"] = server.Endpoint(cold, f"/constante/{size}/", bench.FEW, (workers[kind],))
            endpoints[kind, "fiche gardée"] = server.Endpoint(warm, fiche, bench.FEW, (warm_pid,))
            endpoints[kind, "fiche à neuf"] = server.Endpoint(cold, fiche, bench.FEW, (workers[kind],))
        return server.loads(endpoints), {kind: server.resident_mb(pid) for kind, pid in workers.items()}


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
