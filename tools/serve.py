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


def commands(port: int) -> list[list[str]]:
    reload = ["--reload"] if os.environ.get("DEBUG") == "1" else []
    web = ["-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2", "--log-level", "warning"]
    web += ["--timeout", "120"]  # the first PDF may take more than gunicorn's default of thirty seconds
    return [
        [*web, "--chdir", "site", "--limit-request-line", "8190", *reload],
        ["manage.py", "db_worker", "--no-startup-delay"],
        ["manage.py", "echeances", "--boucle"],
    ]


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


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    port = int(os.environ.get("PORT", "8000"))
    refuse_taken(port)
    address = f"http://{HOST}:{port}"
    signal.signal(signal.SIGTERM, interrupted)
    with tempfile.TemporaryDirectory(prefix="rallynov-compteurs-") as counters:
        settings = {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "BASE_URL": address,
            "RALLYNOV_COMPTEURS": counters,
        }
        return serve(port, address, settings | os.environ)


def serve(port: int, address: str, environment: dict[str, str]) -> int:
    children: list[subprocess.Popen] = []
    try:
        for arguments in commands(port):
            # In a session of their own: Ctrl-C reaches this process only, which then stops them.
            children.append(
                subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, start_new_session=True)
            )
        print(
            f"Rally’nov : {address}/ (administration : {address}/admin/, jury : {address}/jury/) ; Ctrl-C pour arrêter.",
            flush=True,
        )
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
    except KeyboardInterrupt:
        print("\nArrêt…", flush=True)
        return 0
    finally:
        stop(children)
    return 1


if __name__ == "__main__":
    sys.exit(main())
