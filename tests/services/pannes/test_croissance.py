"""Several servers: two nodes that share Valkey, behind nginx as shipped."""

import itertools
import os
import signal
import threading
import time
from collections import Counter

import requests

from tests.services.front_servers import Nginx
from tests.services.pannes.screens import Publisher
from tests.services.pannes.serveurs import Valkey, free_port, until
from tests.services.screens import _name as _name
from tests.services.screens import get


class Readers:
    """Visitors, each with a new connection, until told to stop."""

    def __init__(self, proxy, paths):
        self.outcomes, self.over, self.turns = Counter(), threading.Event(), itertools.count()
        self.threads = [threading.Thread(target=self._run, args=(proxy, paths)) for _ in range(3)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def _run(self, proxy, paths):
        turn = 0
        while not self.over.is_set():
            turn += 1
            path = f"{paths[turn % len(paths)]}?tour={next(self.turns) // 2}"  # one made anew, one kept
            try:
                self.outcomes[get(proxy, path).status_code] += 1
            except requests.RequestException as error:
                self.outcomes[type(error).__name__] += 1
            time.sleep(0.1)  # nginx limits what one visitor asks


def test_two_nodes_lose_one_then_the_cache_without_a_failed_read(site, seed, tmp_path):
    cache = Valkey(tmp_path / "valkey")
    ports = [site.port, free_port()]
    site.env |= {"CACHE_URL": cache.url, "ALLOWED_HOSTS": f"127.0.0.1,{Nginx.host}", "WEB_CONCURRENCY": "2"}
    site.env |= {"RALLYNOV_TRUSTED_PROXIES": "1"}
    _first, second = (site.serve(port=port) for port in ports)
    proxy = Nginx(tmp_path / "nginx", *ports, media=site.folder / "media", static=tmp_path)
    try:
        # What one node made is kept for the other.
        for port, status in zip(ports, ("rallynov; fwd=miss; stored", "rallynov; hit"), strict=True):
            answer = requests.get(f"http://127.0.0.1:{port}/fiches/fiche-3/", headers={"Host": Nginx.host}, timeout=30)
            assert answer.headers["Cache-Status"] == status

        with Readers(proxy, ["/fiches/", "/fiches/fiche-1/", "/fiches/fiche-2/"]) as readers:
            for loss in (lambda: os.killpg(second.pid, signal.SIGKILL), lambda: cache.send(signal.SIGSTOP)):
                seen = readers.outcomes[200]
                until(lambda seen=seen: readers.outcomes[200] > seen + 5)
                loss()
            seen = readers.outcomes[200]
            until(lambda: readers.outcomes[200] > seen + 10)
        assert set(readers.outcomes) == {200}

        # What staff do is public at once.
        publisher = Publisher(site, seed["fiches"][:1])
        for action, status in (("unpublish", 404), ("publish", 200)):
            assert publisher.act(action, seed["fiches"][0]).status_code == 302
            assert get(proxy, "/fiches/fiche-0/").status_code == status
    finally:
        proxy.stop()
        cache.stop(signal.SIGKILL)
