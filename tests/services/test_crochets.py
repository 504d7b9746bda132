"""The reference receivers of webhooks, run as a subscriber runs them, against the messages that the site signs."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64decode
from pathlib import Path

import pytest
import requests

from fiches.diffusion.webhooks import encode_secret, sign

CLIENTS = Path(__file__).parents[2] / "docs" / "clients"
PROGRAMS = {
    "python": lambda port: [sys.executable, CLIENTS / "crochet.py", str(port)],
    "node": lambda port: [shutil.which("node"), CLIENTS / "crochet.mjs", str(port)],
}
BODY = '{"type": "fiche.publiee", "data": {"url": "https://rallynov.example/fiches/été/"}}'.encode()


@pytest.fixture(scope="module")
def secrets():
    """``(the one that the receiver has, the one of somebody else)``."""
    return [encode_secret(os.urandom(32)) for _ in range(2)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module", params=PROGRAMS)
def receiver(request, secrets):
    """Where a receiver that has the first secret listens."""
    port = free_port()
    program = subprocess.Popen(
        PROGRAMS[request.param](port),
        env={**os.environ, "RALLYNOV_SECRET": secrets[0]},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/crochet"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(requests.ConnectionError):
            requests.post(address, timeout=5)
            break
        time.sleep(0.05)
    yield address
    program.terminate()
    program.wait(timeout=10)


def post(address, secret, body=BODY, at=None, **changed):
    key = b64decode(secret.removeprefix("whsec_"))
    headers = sign([key], "msg_1", int(at or time.time()), BODY) | {
        name.replace("_", "-"): value for name, value in changed.items()
    }
    return requests.post(address, data=body, headers=headers, timeout=10).status_code


def test_a_message_of_the_site_is_accepted_and_any_other_refused(receiver, secrets):
    mine, other = secrets
    assert post(receiver, mine) == 204
    assert post(receiver, other) == 401
    assert post(receiver, mine, body=BODY + b" ") == 401
    assert post(receiver, mine, webhook_id="msg_2") == 401
    assert post(receiver, mine, webhook_signature="") == 401
    assert post(receiver, mine, at=time.time() - 600) == 401
    for at in ("demain", "9" * 400, "²"):
        assert post(receiver, mine, webhook_timestamp=at.encode()) == 401
    assert post(receiver, mine, webhook_signature="v1,é".encode()) == 401


def test_of_several_signatures_one_is_enough(receiver, secrets):
    """As other senders of Standard Webhooks sign while a secret changes."""
    keys = [b64decode(secret.removeprefix("whsec_")) for secret in secrets]
    both = sign(keys, "msg_1", int(time.time()), BODY)["webhook-signature"]
    assert post(receiver, secrets[0], webhook_signature=both) == 204
