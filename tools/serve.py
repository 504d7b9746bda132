"""`make run`: runs the site, its queue worker and its periodic work. Ctrl-C, or the end of one process, stops all."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def refuse_taken(port: int) -> None:
    if not is_free(port):
        sys.exit(f"Le port {port} est déjà pris : PORT=8001 make run")


def commands(port: int) -> dict[str, list[str]]:
    """What runs, each under the name that is told when it stops."""
    reload = ["--reload"] if os.environ.get("DEBUG") == "1" else []
    web = ["-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2", "--log-level", "warning"]
    # Threads, since no nginx stands before it: a browser opens connections in advance, and each would hold a whole process.
    web += ["--threads", "4"]
    web += ["--timeout", "120"]  # the first PDF may take more than gunicorn's default of thirty seconds
    return {
        "le site": [*web, "--chdir", "site", "--limit-request-line", "8190", *reload],
        "le travailleur des tâches": ["manage.py", "db_worker", "--no-startup-delay"],
        "le travail périodique": ["manage.py", "echeances", "--boucle"],
    }


def stop(children: list[subprocess.Popen]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 10
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()


def ending(code: int) -> str:
    """How a process ended, from its return code."""
    return f"signal {-code}" if code < 0 else f"code {code}"


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    port = int(os.environ.get("PORT", "8000"))
    refuse_taken(port)
    if sys.argv[1:] == ["--port"]:  # says only whether the port is free
        return 0
    address = f"http://{HOST}:{port}"
    signal.signal(signal.SIGTERM, interrupted)
    with tempfile.TemporaryDirectory(prefix="rallynov-compteurs-") as counters:
        settings = {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "BASE_URL": address,
            "RALLYNOV_COUNTERS_FOLDER": counters,
        }
        return serve(port, address, settings | os.environ)


def serve(port: int, address: str, environment: dict[str, str]) -> int:
    children: dict[str, subprocess.Popen] = {}
    try:
        for name, arguments in commands(port).items():
            # In a session of their own: Ctrl-C reaches this process only, which then stops them.
            children[name] = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=environment, start_new_session=True
            )
        print(
            f"Rally’nov : {address}/ (administration : {address}/admin/, jury : {address}/jury/) ; Ctrl-C pour arrêter.",
            flush=True,
        )
        while not (stopped := [name for name, child in children.items() if child.poll() is not None]):
            time.sleep(0.3)
        names = " et ".join(f"{name} ({ending(children[name].returncode)})" for name in stopped)
        print(f"Arrêt inattendu : {names}. Le reste est arrêté aussi.", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("\nArrêt…", flush=True)
        return 0
    finally:
        stop(list(children.values()))
    return 1


if __name__ == "__main__":
    sys.exit(main())
