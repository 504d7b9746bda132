"""Several servers: two nodes behind Varnish, as shipped."""

import itertools
import os
import signal
import threading
import time
from collections import Counter

import pytest
import requests

from tests.services.front_servers import Varnish
from tests.services.pannes.serveurs import Valkey, free_port, owned_folder, until
from tests.services.pannes.test_pannes_processus import Publisher


@pytest.fixture
def replica(cluster):
    with owned_folder() as folder:
        server = cluster.replica(folder)
        yield server
        server.stop()


class Readers:
    """Visitors, each with a new connection, until told to stop."""

    def __init__(self, address, paths):
        self.outcomes, self.over, self.turns = Counter(), threading.Event(), itertools.count()
        self.threads = [threading.Thread(target=self._run, args=(address, paths)) for _ in range(3)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def _run(self, address, paths):
        turn = 0
        while not self.over.is_set():
            turn += 1
            path = f"{paths[turn % len(paths)]}?tour={next(self.turns) // 2}"  # one made anew, one kept
            try:
                self.outcomes[requests.get(address + path, timeout=30).status_code] += 1
            except requests.RequestException as error:
                self.outcomes[type(error).__name__] += 1


def test_two_nodes_lose_one_then_the_replica_then_the_cache_without_a_failed_read(
    site, cluster, base, replica, seed, tmp_path
):
    cache = Valkey(tmp_path / "valkey")
    ports = [free_port(), free_port()]
    proxy = Varnish(tmp_path / "varnish", *ports)
    address = proxy.address
    site.env |= {
        "DATABASE_REPLICA_URL": replica.url(base), "CACHE_URL": cache.url, "PURGE_URL": address, "BASE_URL": address,
        "RALLYNOV_WORKERS": "2", "RALLYNOV_TRUSTED_PROXIES": "1",
    }  # fmt: skip
    first, _second = (site.serve(port=port) for port in ports)
    site.port = proxy.port
    until(lambda: requests.get(f"{address}/sante/vivant").status_code == 200)
    try:
        # Anonymous reading is really done by the replica.
        reads = f"SELECT coalesce(sum(xact_commit), 0) FROM pg_stat_database WHERE datname = '{base}'"
        before = int(replica.query(reads))
        requests.get(f"{address}/fiches/fiche-3/", timeout=30)
        until(lambda: int(replica.query(reads)) > before)

        with Readers(address, ["/fiches/", "/fiches/fiche-1/", "/fiches/fiche-2/"]) as readers:
            for loss in (
                lambda: os.killpg(first.pid, signal.SIGKILL),
                replica.stop,
                lambda: cache.send(signal.SIGSTOP),
            ):
                seen = readers.outcomes[200]
                until(lambda seen=seen: readers.outcomes[200] > seen + 5)
                loss()
            seen = readers.outcomes[200]
            until(lambda: readers.outcomes[200] > seen + 10)
        assert set(readers.outcomes) == {200}

        # Staff go on once it is known which server is gone (what is sent isn't sent twice); what they do is public at once.
        until(lambda: all(requests.post(f"{address}/admin/login/").status_code != 503 for _turn in range(4)))
        publisher = Publisher(site, seed["fiches"][:1])
        for action, status in (("unpublish", 404), ("publish", 200)):
            assert publisher.act(action, seed["fiches"][0]).status_code == 302
            assert requests.get(f"{address}/fiches/fiche-0/", timeout=30).status_code == status
    finally:
        proxy.stop()
        cache.stop(signal.SIGKILL)


def test_a_change_reaches_the_readers_of_the_replica_within_a_second(site, base, replica, seed):
    site.env |= {"DATABASE_REPLICA_URL": replica.url(base), "RALLYNOV_RESPONSE_CACHE_MB": "16"}
    site.serve()
    publisher = Publisher(site, seed["fiches"][:1])
    for action, status in (("unpublish", 404), ("publish", 200), ("unpublish", 404)):
        site.get("/fiches/fiche-0/")
        assert publisher.act(action, seed["fiches"][0]).status_code == 302
        told = time.monotonic()
        until(lambda status=status: site.get("/fiches/fiche-0/").status_code == status, seconds=10, every=0.02)
        assert time.monotonic() - told < 2.0  # one second, and what a loaded machine adds
