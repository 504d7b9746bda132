"""`python -m bench.readers`: 200 readers at once while a fiche is published every 30 seconds, for docs/dimensionnement.md.

Two workers with the shipped configuration, asked directly, then through Varnish, on the database that `make bench` filled for
``BENCH_FICHES``. Prints the requests answered, the errors, and the median, 99th percentile and longest latency of the minute.
"""

import os
import re
import subprocess
import tempfile
import threading
from pathlib import Path

from bench import server

READERS = 200
SECONDS = 60
PUBLISHED_AT = (15, 45)
# Asks for each path in turn.
WRK = """local paths = {{{paths}}}
local number = 0
request = function()
  number = number % #paths + 1
  return wrk.format("GET", paths[number], {{["Accept-Encoding"] = "gzip"}})
end
"""


def publish():
    """Changes what lists count in one fiche, and publishes it."""
    from fiches.models import FichePage

    fiche = FichePage.objects.visible().latest("pk")
    fiche.effectif = (fiche.effectif or 0) + 1
    fiche.save_revision().publish()


def read(port, script):
    """Reads for :data:`SECONDS`, with the publications; returns what wrk printed."""
    timers = [threading.Timer(seconds, publish) for seconds in PUBLISHED_AT]
    for timer in timers:
        timer.start()
    command = ["wrk", "-t1", f"-c{READERS}", f"-d{SECONDS}s", "--timeout", "30s", "--latency", "-s", script]
    output = subprocess.run([*command, f"http://127.0.0.1:{port}"], check=True, capture_output=True, text=True).stdout
    for timer in timers:
        timer.join()
    return output


def told(output):
    """Returns the line of the report for what wrk printed."""
    answered = re.search(r"(\d+) requests in", output)[1]
    half, most = (re.search(rf"\n\s+{part}%\s+(\S+)", output)[1] for part in (50, 99))
    longest = re.search(r"Latency\s+\S+\s+\S+\s+(\S+)", output)[1]
    errors = re.findall(r"Socket errors: .*|Non-2xx or 3xx responses: \d+", output)
    return f"{answered} réponses, erreurs : {errors or 'aucune'}, {half}, 99 % {most}, la plus longue {longest}"


def main():
    front = server.free_port()
    os.environ["PURGE_URL"] = f"http://127.0.0.1:{front}"  # read by the settings
    import django

    from bench import __main__ as bench

    django.setup()
    bench.prepare()
    from etapes.models import EtapePage
    from fiches.models import FichePage

    fiche, etape = FichePage.objects.visible().first(), EtapePage.objects.visible().first()
    paths = ["/", "/fiches/", "/fiches/?departement=25", "/recherche/?q=emploi", fiche.url, etape.url, "/api/v1/fiches"]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "paths.lua")
        script.write_text(WRK.format(paths=", ".join(f'"{path}"' for path in paths)))
        with (
            server.shipped(workers=2, kept=32) as (port, _pids),
            server.varnish(Path(folder, "varnish"), port, own=front),
        ):
            print("sans Varnish :", told(read(port, script)), flush=True)
            print("avec Varnish :", told(read(front, script)), flush=True)


if __name__ == "__main__":
    main()
