"""The database stops, comes back, has no place left, or is migrated twice at once: told in French, whole afterwards."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.services.pannes.screens import (
    RECOVERY,
    Publisher,
    Senders,
    assert_dossiers_are_whole,
    assert_fiches_are_whole,
    assert_is_a_pause,
    retry,
)


def test_a_database_stopped_in_the_middle_leaves_no_half_page(site, cluster, seed, rounds):
    site.serve()
    with Publisher(site, seed["fiches"]) as publisher, Senders(site, seed["dossiers"]) as senders:
        for turn in range(rounds(3)):
            time.sleep(1.0 + turn % 3 * 0.3)
            cluster.stop("immediate")
            try:
                assert_is_a_pause(
                    retry(lambda turn=turn: site.get(f"/fiches/?tour={turn}"))
                )  # a page that was not kept
                assert site.get("/sante/vivant").status_code == 200
                assert site.get("/sante/pret").json()["base_de_donnees"] is False
            finally:
                cluster.start()
            back = time.monotonic()
            while site.get("/fiches/").status_code != 200:
                assert time.monotonic() - back < RECOVERY
    assert set(senders.odd) <= {503} and set(publisher.odd) <= {503}
    assert_dossiers_are_whole(site, senders.acknowledged)
    assert_fiches_are_whole(site, publisher)


@pytest.mark.nightly
def test_two_migrations_at_once_are_one_after_the_other(site, cluster, base):
    site.manage("migrate", "rallynov_diffusion", "0001")
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(site.manage, "migrate", check=False) for _each in range(2)]
        done = [each.result() for each in both]
    assert [each.returncode for each in done] == [0, 0], [each.stderr for each in done]
    assert sum("Applying rallynov_diffusion.0002" in each.stdout for each in done) == 1
    assert site.manage("migrate", "--check").returncode == 0


@pytest.mark.nightly
def test_everyday_work_goes_through_a_pooler_of_transactions(site, pooler, seed):
    site.env["DATABASE_URL"] = pooler.url
    site.serve()
    worker = site.work()
    publisher = Publisher(site, seed["fiches"][:1])
    for action, status in (("unpublish", 404), ("publish", 200)):
        assert publisher.act(action, seed["fiches"][0]).status_code == 302
        assert site.get("/fiches/fiche-0/").status_code == status
    link = f"/candidature/{seed['dossiers'][0]}/"
    assert site.browser().submit(f"{link}envoyer/", form=f"{link}relecture/").status_code == 302
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda _n: requests.get(f"{site.address}/fiches/", timeout=30).status_code, range(20)))
    assert pages == [200] * 20
    site.manage("echeances")
    deadline = time.monotonic() + 30
    while not list((site.folder / "mails").glob("*")):
        assert time.monotonic() < deadline and not worker.ended()
        threading.Event().wait(0.2)
    assert_dossiers_are_whole(site, [seed["dossiers"][0]])
