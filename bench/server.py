"""The servers that are measured, one process of the site each, and what they give and cost."""

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
APPLICATION = os.environ.get("BENCH_SERVER", "gunicorn")
SECONDS = int(os.environ.get("BENCH_SECONDS", "1"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
COMMANDS = {
    "gunicorn": ["gunicorn", "{app}", "-b", "127.0.0.1:{port}", "-w", "1", "--log-level", "warning", "--timeout", "300"],
    "gthread": [
        "gunicorn", "{app}", "-b", "127.0.0.1:{port}", "-w", "1", "-k", "gthread", "--threads", "4",
        "--log-level", "warning", "--timeout", "300",
    ],
    "granian": [
        "granian", "{app}", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}", "--workers", "1",
        "--blocking-threads", "1", "--log-level", "warning", "--no-ws",
    ],
    "granian-asgi": [
        "granian", "config.asgi:application", "--interface", "asgi", "--host", "127.0.0.1", "--port", "{port}",
        "--workers", "1", "--log-level", "warning", "--no-ws",
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """Of one address: milliseconds of the worker's processor and of the clock a request, and bytes of the body."""

    cpu: float
    clock: float
    size: int


@dataclass(frozen=True)
class Load:
    """What a door gave: requests a second, milliseconds that half, and 99 in 100, didn't exceed, and of its processor each took."""

    rate: float
    p50: float
    p99: float
    cpu: float


@dataclass(frozen=True)
class Door:
    """An address where it is asked, on so many connections at once; ``pids`` answer; ``gzip``: asked as browsers do."""

    port: int
    address: str
    connections: int
    pids: tuple[int, ...]
    gzip: bool = False


@contextlib.contextmanager
def process(command, port, **env):
    """A server, once it listens; its :class:`subprocess.Popen`."""
    server = subprocess.Popen(list(map(str, command)), cwd=ROOT, env={**os.environ, **env})
    try:
        await_answer(port)
        yield server
    finally:
        server.terminate()
        server.wait(15)


@contextlib.contextmanager
def worker(kind=APPLICATION, *, app="config.wsgi:application", kept=0, **env):
    """The site on one worker that keeps ``kept`` MB of responses; yields ``(port, pid of the worker)``."""
    port = free_port()
    command = [sys.executable, "-m", *(part.format(app=app, port=port) for part in COMMANDS[kind])]
    env = {"DJANGO_SETTINGS_MODULE": "bench.settings", "RALLYNOV_REPONSES_MO": str(kept), **env}
    with process(command, port, **env) as server:
        yield port, worker_of(server.pid)


@contextlib.contextmanager
def shipped(*, workers, kept):
    """The site as site/deploy serves it; yields ``(port, pids of its workers)``."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", ROOT / "site/deploy/gunicorn.conf.py", "config.wsgi"]
    env = {"DJANGO_SETTINGS_MODULE": "bench.settings", "RALLYNOV_REPONSES_MO": str(kept)}
    with process(command, port, **env, RALLYNOV_BIND=f"127.0.0.1:{port}", RALLYNOV_PROCESSUS=str(workers)) as server:
        while len(children_of(server.pid)) < workers:
            time.sleep(0.05)
        yield port, children_of(server.pid)


def children_of(pid):
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def worker_of(pid):
    """The child that answers: granian and gunicorn both keep one process above it."""
    for _attempt in range(100):
        if children := children_of(pid):
            return max(children, key=resident_mb)
        time.sleep(0.05)
    return pid


@contextlib.contextmanager
def varnish(folder, port):
    """Varnish as site/deploy ships it, in front of ``port``; yields ``(its own, its pids)``."""
    folder.mkdir()
    deploy, own = ROOT / "site/deploy/varnish", free_port()
    for name in ("rallynov.vcl", "rallynov.cli"):
        shutil.copy(deploy / name, folder)
    backend = (deploy / "application.vcl").read_text().replace('"8000"', f'"{port}"')
    (folder / "application.vcl").write_text(backend)
    command = [
        "varnishd", "-F", "-n", folder / "work", "-f", folder / "rallynov.vcl", "-p", f"vcl_path={folder}",
        "-I", folder / "rallynov.cli", "-a", f"127.0.0.1:{own}", "-s", "malloc,128m", "-T", "none", "-j", "none",
    ]  # fmt: skip
    with process(command, own) as server:
        time.sleep(2)  # until it has seen the site alive
        yield own, (server.pid, *children_of(server.pid))


NGINX = """daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
worker_processes auto;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    open_file_cache max=1000;
    default_type text/html;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {files}; gzip_static on; keepalive_requests 1000000; }}
}}
"""


@contextlib.contextmanager
def nginx(folder, files):
    """Serves ``{name: bytes}`` as files, compressed where there is ``name.gz`` too; yields ``(its port, its pids)``."""
    port = free_port()
    folder.mkdir()
    folder.chmod(0o755)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, files=folder))
    with process(["nginx", "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "error.log"], port) as server:
        yield port, (server.pid, *children_of(server.pid))


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def await_answer(port):
    for _attempt in range(900):
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def processor_ms(pid):
    """What process ``pid`` used of the processor since it started, all its threads, in milliseconds."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


def resident_mb(pid):
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def own_mb(pid):
    """What a process costs the machine: pages that it shares with others count for its part of them (PSS)."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def get(port, address, *, gzip=False):
    """The bytes of the answer, as they came.

    :raises AssertionError: unless the address answers 200.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"} if gzip else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, (address, answer.status)
    assert not gzip or answer.headers["Content-Encoding"] == "gzip", address
    return body


def load(door, *, seconds=SECONDS):
    """:class:`Load` of a door, asked as fast as it answers by one thread of wrk.

    :raises AssertionError: when something else than 2xx or 3xx came back.
    """
    before = sum(map(processor_ms, door.pids))
    done = subprocess.run(
        ["wrk", "-t1", f"-c{door.connections}", f"-d{seconds}s", "--timeout", "60s", "--latency",
         *(["-H", "Accept-Encoding: gzip"] if door.gzip else []), f"http://127.0.0.1:{door.port}{door.address}"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    spent = sum(map(processor_ms, door.pids)) - before
    assert "Non-2xx" not in done, (door, done)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1])
    p50, p99 = (_milliseconds(re.search(rf"\n\s+{part}%\s+([\d.]+\w+)", done)[1]) for part in (50, 99))
    return Load(rate, p50, p99, spent / max(1, int(re.search(r"(\d+) requests in", done)[1])))


def _milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def loads(doors, *, rounds=ROUNDS):
    """``{name: [Load of each round]}`` of ``{name: Door}``, one after the other, there and back."""
    seen = {name: [] for name in doors}
    for number in range(rounds):
        for name in list(doors)[:: -1 if number % 2 else 1]:
            seen[name].append(load(doors[name]))
    return seen


def middle(loads):
    """The medians of some :class:`Load`."""
    return Load(*(median(getattr(one, part) for one in loads) for part in ("rate", "p50", "p99", "cpu")))


def share(loads, of):
    """What part of the other's requests a second: the median of the rounds, each compared with its neighbour in time."""
    return median(one.rate / other.rate for one, other in zip(loads, of, strict=True))


def measure(port, pid, addresses, *, rounds, requests, gzip=False):
    """``{address: Cost}``: the medians of ``rounds`` that alternate between the addresses. ``gzip``: as of :class:`Door`."""
    seen = {address: [] for address in addresses}
    for _round in range(rounds):
        for address in addresses:
            cpu, clock = processor_ms(pid), time.perf_counter()
            for _request in range(requests):
                body = get(port, address, gzip=gzip)
            seen[address].append(
                Cost((processor_ms(pid) - cpu) / requests, (time.perf_counter() - clock) * 1000 / requests, len(body))
            )
    return {
        address: Cost(median(c.cpu for c in costs), median(c.clock for c in costs), costs[-1].size)
        for address, costs in seen.items()
    }
