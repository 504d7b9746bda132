"""The database stops, comes back, has no place left, or is migrated twice at once: told in French, whole afterwards."""

import time

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
