"""The database stops, comes back, has no place left, or is migrated twice at once: told in French, whole afterwards."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

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
