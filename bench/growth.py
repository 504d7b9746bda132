"""`python -m bench.growth [SIZE…]`: the cost of a request as the number of fiches grows, for docs/dimensionnement.md.

Measures, in this process and without cache, the CPU milliseconds of each page and of publishing a fiche (the database
server's included), and the size of the database. Since only CPU time is counted, ratios between sizes are meaningful on a
busy machine too. Uses a new ``build/croissance.sqlite3``, filled from one size to the next, or ``BENCH_DATABASE`` as it is.
"""

import os
import statistics
import sys
import time
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "build/croissance.sqlite3"
OWN_DATABASE = "BENCH_DATABASE" not in os.environ
if OWN_DATABASE:  # not those of `make bench`, whose sizes must not change
    os.environ["BENCH_DATABASE"] = f"sqlite:///{FILE}"

from bench import __main__ as bench  # noqa: E402 - reads the variable on import

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))


def database_cpu(connection):
    """CPU seconds that the database server spent on this connection; 0 for SQLite, which runs in this process."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def cost(act):
    """CPU milliseconds of calling ``act``: the median of this process plus the mean of the database server."""
    from django.db import connection

    act()
    before, spent = database_cpu(connection), []
    for _round in range(ROUNDS):
        started = time.process_time()
        act()
        spent.append(time.process_time() - started)
    in_database = (database_cpu(connection) - before) / ROUNDS
    return 1000 * (statistics.median(spent) + in_database)


def database_bytes():
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return cursor.fetchone()[0]
        cursor.execute(
            "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        )
        return cursor.fetchone()[0]


def republish():
    """Returns a function that publishes a fiche again."""
    from fiches.models import FichePage

    fiche = FichePage.objects.visible().order_by("-pk").first()
    return lambda: fiche.save_revision().publish()


def measure(size):
    """Returns ``{name: CPU milliseconds}`` with ``size`` fiches."""
    from django.test import Client

    bench.COUNT = size
    bench.prepare()
    client = Client()
    costs = {name: cost(lambda address=address: client.get(address)) for name, address in bench.addresses().items()}
    return costs | {"publier une fiche": cost(republish())}


def main():
    import django

    sizes = sorted(map(int, sys.argv[1:])) or [5_000, 20_000]
    if OWN_DATABASE:
        for left in FILE.parent.glob(f"{FILE.name}*"):
            left.unlink()
    django.setup()
    from django.conf import settings
    from django.db import connection

    settings.ALLOWED_HOSTS = ["testserver", *settings.ALLOWED_HOSTS]
    columns, bytes_ = [], []
    for size in sizes:
        columns.append(measure(size))
        bytes_.append(database_bytes())
        print(f"{size} fiches : {bytes_[-1] / 1e6:.0f} Mo, {bytes_[-1] / size / 1000:.1f} ko par fiche", flush=True)
    print(f"\n{connection.vendor}, ms de processeur par demande")
    for name in columns[0]:
        values = [column[name] for column in columns]
        print(f"{name:20}" + "".join(f"{value:10.1f}" for value in values) + f"   × {values[-1] / values[0]:.1f}")


if __name__ == "__main__":
    main()
