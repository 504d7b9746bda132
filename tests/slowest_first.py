"""The longest groups of tests begin first, as long as they took the last time: else one process ends long after the others.

With ``RALLYNOV_ORDRE``, a seed, modules and the tests of each are in a random order instead."""

import os
from collections import Counter
from random import Random

import pytest

KEPT = "rallynov/seconds"
# From the longest: a fresh clone, as in the continuous integration, has kept no figures.
_LONGEST = """
demonstration test_markers test_redaction_couts test_seen_pages test_changements test_oubli_partout
test_redaction_import_corrections test_oubli_des_copies test_mistyped_dates test_moderation test_pdf test_fuzz
test_drafts_always_save test_erasure_of_spellings test_relecteurs test_wagtail_api_writes
test_redaction_formulaire_intact test_dossier_withdrawal test_fuzz_ecritures test_depliant test_redaction_corbeille test_hote test_access
test_redaction_export_en_nombre test_creer_site test_environment test_alertes test_doublons test_brouillons test_erasure_everywhere
test_accounts test_roles
test_rgaa test_redaction_ecrans test_finding test_editing test_admin test_candidatures test_moving_an_etape test_moderating
test_jury test_candidatures_parcours test_three_languages test_registering test_reading test_commenting
test_wheel test_nginx test_sauvegarde_test_what_was_saved_comes_back_but_for_the_erased[postgresql] test_publications test_varnish
test_sauvegarde_test_what_was_saved_comes_back_row_by_row_and_byte_by_byte[sqlite]
test_sauvegarde_test_what_was_saved_comes_back_but_for_the_erased[sqlite]
test_a_clock_that_is_wrong_by_400_days_loses_nothing[+400d]_test_pannes_alentours
test_everyday_work_goes_through_a_pooler_of_transactions_test_pannes_base
test_a_migration_that_is_undone_and_done_again_loses_nothing[sqlite]_test_migrations_aller_retour
test_a_clock_that_is_wrong_by_400_days_loses_nothing[-400d]_test_pannes_alentours
test_frontal-commits test_inscriptions_concurrence-commits test_moderation_races-commits test_candidatures_concurrence-commits
test_clients-commits test_carnets_courrier-commits test_generators-commits test_candidatures_courrier-commits
"""
FIRST = {name: seconds for seconds, name in enumerate(reversed(_LONGEST.split()))}

seconds: Counter[str] = Counter()


def group_of(item: pytest.Item) -> str:
    """As pytest-xdist names it: an item may be marked twice."""
    return "_".join(sorted({marker.args[0] for marker in item.iter_markers("xdist_group")}))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Each process gets the same figures, or they would not agree on the order."""
    node.workerinput["seconds"] = {**FIRST, **node.config.cache.get(KEPT, {})}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    took = getattr(config, "workerinput", {}).get("seconds", {})
    if seed := os.environ.get("RALLYNOV_ORDRE"):
        items.sort(key=lambda item: [Random(seed + name).random() for name in (item.path.stem, item.nodeid)])
        took = {}
    items.sort(key=lambda item: (group_of(item).endswith("-commits"), -took.get(group_of(item), 0)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    seconds[report.nodeid.rpartition("@")[2]] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("numprocesses", None) and not hasattr(session.config, "workerinput"):
        session.config.cache.set(KEPT, {**session.config.cache.get(KEPT, {}), **seconds})
