"""What the page of the palmarès shows is found by the search, and nothing sooner."""

import pytest

from fiches.palmares.palmares_transitions import publish_now, withdraw_announcement
from fiches.palmares.scoring import agree_to_be_named

pytestmark = pytest.mark.django_db


def found(client, word):
    return 'href="/palmares/"' in client.get("/recherche/", {"q": word}).content.decode().partition("<main")[2]


def test_a_juror_is_found_while_they_agree_to_be_named(client, sealed):
    juror = sealed.rally.jury[0]
    assert not found(client, "jurée")
    agree_to_be_named(jure=juror, agrees=True)
    assert found(client, "jurée")
    agree_to_be_named(jure=juror, agrees=False)
    assert not found(client, "jurée")


def test_categories_and_criteria_are_found_and_citations_once_the_embargo_ends(client, rally, sealed):
    assert found(client, "coopération") and found(client, "utilité")
    assert not found(client, "zinzolin")
    publish_now(rally.palmares, by=rally.staff)
    assert found(client, "zinzolin")
    withdraw_announcement(rally.palmares, by=rally.staff)
    assert not found(client, "zinzolin")


def test_a_fiche_is_found_by_its_prizes_once_they_are_public(client, rally, sealed):
    def finds(words):
        return f'href="{sealed.fiche.url}?q=' in client.get("/fiches/", {"q": words}).content.decode()

    assert not finds("zinzolin")
    publish_now(rally.palmares, by=rally.staff)
    assert finds("zinzolin") and finds("premier prix coopération")
    withdraw_announcement(rally.palmares, by=rally.staff)
    assert not finds("zinzolin")
