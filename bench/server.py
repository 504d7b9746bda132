"""One gunicorn worker, and what a request costs it."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Cost:
    """Of one address: milliseconds of the worker's processor and of the clock a request, and bytes of the body."""

    cpu: float
    clock: float
    size: int


@contextlib.contextmanager
def worker():
    """Start the server with one worker; yields ``(port, pid of the worker)``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}", "-w", "1", "--log-level"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    server = subprocess.Popen([*command, "warning"], env=environment)
    try:
        await_answer(port)
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        yield port, int(children[0])
    finally:
        server.terminate()
        server.wait(10)


def await_answer(port):
    for _attempt in range(100):
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def processor_ms(pid):
    """What process ``pid`` used of the processor since it started, in milliseconds (/proc/pid/schedstat, nanoseconds)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def get(port, address):
    """:raises AssertionError: unless the address answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, (address, answer.status)
    return body


def measure(port, pid, addresses, *, rounds, requests):
    """``[Cost]``, one an address: the medians of ``rounds`` that alternate between the addresses."""
    seen = {address: [] for address in addresses}
    for _round in range(rounds):
        for address in addresses:
            cpu, clock = processor_ms(pid), time.perf_counter()
            for _request in range(requests):
                body = get(port, address)
            seen[address].append(
                Cost((processor_ms(pid) - cpu) / requests, (time.perf_counter() - clock) * 1000 / requests, len(body))
            )
    return {
        address: Cost(median(c.cpu for c in costs), median(c.clock for c in costs), costs[-1].size)
        for address, costs in seen.items()
    }
