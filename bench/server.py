"""Starts the servers to measure (the site, nginx, Varnish), and measures their throughput, latency and CPU time."""

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
    """Cost of a request: milliseconds of CPU and of wall clock, bytes of the body."""

    cpu: float
    clock: float
    size: int


@dataclass(frozen=True)
class Load:
    """Result of a load test: requests per second, 50th and 99th percentile of latency in ms, CPU ms per request."""

    rate: float
    p50: float
    p99: float
    cpu: float


@dataclass(frozen=True)
class Endpoint:
    """What a load test requests. ``connections``: concurrent ones; ``pids``: of the serving processes; ``gzip``: whether gzip
    is accepted."""

    port: int
    address: str
    connections: int
    pids: tuple[int, ...]
    gzip: bool = False


@contextlib.contextmanager
def process(command, port, **env):
    """Starts a server, waits until it listens, yields its :class:`subprocess.Popen`."""
    server = subprocess.Popen(list(map(str, command)), cwd=ROOT, env={**os.environ, **env})
    try:
        await_answer(port)
        yield server
    finally:
        server.terminate()
        server.wait(15)


@contextlib.contextmanager
def worker(kind=APPLICATION, *, app="bench.site_app:application", kept=0, **env):
    """Starts the site with one worker and a response cache of ``kept`` MB; yields ``(port, pid of the worker)``."""
    port = free_port()
    command = [sys.executable, "-m", *(part.format(app=app, port=port) for part in COMMANDS[kind])]
    env = {"DJANGO_SETTINGS_MODULE": "bench.settings", "RALLYNOV_RESPONSE_CACHE_MB": str(kept), **env}
    with process(command, port, **env) as server:
        yield port, worker_of(server.pid)


@contextlib.contextmanager
def shipped(*, workers, kept, **env):
    """Starts the site with the configuration of site/deploy; yields ``(port, pids of the workers)``."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", ROOT / "site/deploy/gunicorn.conf.py", "config.wsgi"]
    env = {"DJANGO_SETTINGS_MODULE": "bench.settings", "RALLYNOV_RESPONSE_CACHE_MB": str(kept), **env}
    with process(command, port, **env, RALLYNOV_BIND=f"127.0.0.1:{port}", RALLYNOV_WORKERS=str(workers)) as server:
        while len(children_of(server.pid)) < workers:
            time.sleep(0.05)
        yield port, children_of(server.pid)


def children_of(pid):
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def worker_of(pid):
    """The pid of the child that serves requests: granian and gunicorn have a master process above it."""
    for _attempt in range(100):
        if children := children_of(pid):
            return max(children, key=resident_mb)
        time.sleep(0.05)
    return pid


@contextlib.contextmanager
def varnish(folder, port, *, own=None):
    """Starts Varnish with the configuration of site/deploy in front of ``port``; yields ``(its own port, its pids)``."""
    folder.mkdir()
    deploy, own = ROOT / "site/deploy/varnish", own or free_port()
    for name in ("rallynov.vcl", "rallynov.cli"):
        shutil.copy(deploy / name, folder)
    backend = (deploy / "application.vcl").read_text().replace('"8000"', f'"{port}"')
    (folder / "application.vcl").write_text(backend)
    command = [
        "varnishd", "-F", "-n", folder / "work", "-f", folder / "rallynov.vcl", "-p", f"vcl_path={folder}",
        "-I", folder / "rallynov.cli", "-a", f"127.0.0.1:{own}", "-s", "malloc,128m", "-T", "none", "-j", "none",
    ]  # fmt: skip
    with process(command, own) as server:
        time.sleep(2)  # until its health check has succeeded
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
    """Starts nginx serving ``files`` (``{name: bytes}``), gzipped if there is a ``name.gz``; yields ``(its port, its pids)``."""
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
    """CPU milliseconds that a process and its threads have used since its start."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


def resident_mb(pid):
    match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(match[1]) / 1024 if match else 0.0


def own_mb(pid):
    """PSS of a process in megabytes: shared pages are divided by the number of processes that share them."""
    match = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(match[1]) / 1024 if match else 0.0


def get(port, address, *, gzip=False):
    """Returns the body of the response, still gzipped if ``gzip``.

    :raises AssertionError: the status is not 200.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"} if gzip else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, (address, answer.status)
    assert not gzip or answer.headers["Content-Encoding"] == "gzip", address
    return body


def load(endpoint, *, seconds=SECONDS):
    """Runs a load test with one thread of wrk; returns its :class:`Load`.

    :raises AssertionError: a status other than 2xx or 3xx was returned.
    """
    before = sum(map(processor_ms, endpoint.pids))
    output = subprocess.run(
        ["wrk", "-t1", f"-c{endpoint.connections}", f"-d{seconds}s", "--timeout", "60s", "--latency",
         *(["-H", "Accept-Encoding: gzip"] if endpoint.gzip else []), f"http://127.0.0.1:{endpoint.port}{endpoint.address}"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    spent = sum(map(processor_ms, endpoint.pids)) - before
    assert "Non-2xx" not in output, (endpoint, output)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    p50, p99 = (_milliseconds(re.search(rf"\n\s+{part}%\s+([\d.]+\w+)", output)[1]) for part in (50, 99))
    return Load(rate, p50, p99, spent / max(1, int(re.search(r"(\d+) requests in", output)[1])))


def _milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def loads(endpoints, *, rounds=ROUNDS):
    """Tests ``{name: Endpoint}`` one after the other, in alternating order; returns ``{name: [Load of each round]}``."""
    seen = {name: [] for name in endpoints}
    for number in range(rounds):
        for name in list(endpoints)[:: -1 if number % 2 else 1]:
            seen[name].append(load(endpoints[name]))
    return seen


def middle(loads):
    """The :class:`Load` of the medians of some loads."""
    return Load(*(median(getattr(one, part) for one in loads) for part in ("rate", "p50", "p99", "cpu")))


def share(loads, of):
    """The median ratio of requests per second, each round compared with the same round of the other."""
    return median(one.rate / other.rate for one, other in zip(loads, of, strict=True))


def measure(port, pid, addresses, *, rounds, requests, gzip=False):
    """Measures some paths in alternating rounds of ``requests`` requests; returns ``{path: Cost}`` of the medians."""
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
