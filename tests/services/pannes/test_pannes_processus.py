"""Processes that are killed, stopped and reloaded in the middle of everything: nothing acknowledged is lost or doubled."""

import contextlib
import os
import random
import signal
import socket
import threading
import time
from collections import Counter

import requests

from tests.pictures import picture, pixels
from tests.services.pannes.screens import (
    RECOVERY,
    Publisher,
    Senders,
    assert_dossiers_are_whole,
    assert_fiches_are_whole,
    retry,
)
from tests.services.pannes.serveurs import until


def kill_worker(site, web):
    workers = site.workers(web)
    if workers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.choice(workers), signal.SIGKILL)


def test_workers_killed_at_random_lose_and_double_nothing(site, seed, rounds):
    web, queue = site.serve(), site.work()
    with Publisher(site, seed["fiches"]) as publisher, Senders(site, seed["dossiers"]) as senders:
        for turn in range(rounds(12)):
            known = len(senders.acknowledged)
            until(lambda: len(senders.acknowledged) > known or not senders.secrets)  # noqa: B023 - as above
            time.sleep(random.uniform(0.0, 0.3))
            kill_worker(site, web)
            if turn % 4 == 3:
                queue.send(signal.SIGKILL)
                queue = site.work()
    started = time.monotonic()
    assert retry(lambda: site.get("/fiches/")).status_code == 200
    assert time.monotonic() - started < RECOVERY
    assert (senders.odd, dict(publisher.odd)) == ([], {})
    assert len(senders.acknowledged) > 5
    assert_dossiers_are_whole(site, senders.acknowledged)
    assert_fiches_are_whole(site, publisher)


def test_an_upload_under_way_is_finished_before_the_server_stops(site, seed):
    web = site.serve()
    link = f"/candidature/{seed['dossiers'][0]}/images/"
    browser = site.browser()
    token = browser.token(link)
    photo = picture(image=pixels((1600, 1200)), quality=95)
    body = b"".join(
        [
            *(_field(name, value) for name, value in (("csrfmiddlewaretoken", token), ("photo_alt", "Une vache"))),
            b'--limite\r\nContent-Disposition: form-data; name="photo"; filename="vache.jpg"\r\n'
            b"Content-Type: image/jpeg\r\n\r\n" + photo + b"\r\n--limite--\r\n",
        ]
    )
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    head = (
        f"POST {link} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nCookie: {cookies}\r\nReferer: {site.address}{link}\r\n"
        f"Content-Type: multipart/form-data; boundary=limite\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as wire:
        half = len(body) // 2
        wire.sendall(head.encode() + body[:half])
        time.sleep(0.5)
        web.send(signal.SIGTERM)
        time.sleep(0.5)
        wire.sendall(body[half:])
        answer = wire.recv(65536)
    assert answer.startswith(b"HTTP/1.1 302")
    assert web.process.wait(20) == 0
    assert site.ask("[p.fichier.storage.size(p.fichier.name) == p.taille for p in PieceJointe.objects.all()]") == [True]


def _field(name, value):
    return f'--limite\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def test_reloads_under_load_fail_no_request(site, seed, rounds):
    web = site.serve()
    outcomes, over = Counter(), threading.Event()

    def read():
        while not over.is_set():
            with requests.Session() as session:  # a new connection each time, as through a proxy
                outcomes[session.get(f"{site.address}/fiches/fiche-1/", timeout=30).status_code] += 1

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for _turn in range(rounds(3)):
            before, told = set(site.workers(web)), outcomes.total()
            web.send(signal.SIGHUP)
            until(lambda before=before: len(now := set(site.workers(web))) == 3 and not now & before, seconds=90)
            until(lambda told=told: outcomes.total() > told + 6, seconds=90)
    finally:
        over.set()
    for reader in readers:
        reader.join(60)
        assert not reader.is_alive()
    assert set(outcomes) == {200}
