"""What the page of the palmarès shows is found by the search, and nothing sooner."""

import pytest
from bs4 import BeautifulSoup

from fiches.palmares.scoring import agree_to_be_named
from fiches.palmares.transitions import publish_now, withdraw_announcement
from fiches.upkeep.personal_data.erasure import erase, key_of, replace_in
from fiches.upkeep.personal_data.search import find_person

pytestmark = pytest.mark.django_db


def is_found(client, word):
    return 'href="/palmares/"' in client.get("/recherche/", {"q": word}).content.decode().partition("<main")[2]


def test_a_juror_is_found_while_they_agree_to_be_named(client, embargoed):
    juror = embargoed.rally.jury[0]
    juror.nom = "Ysoline Brun"
    juror.save()
    assert not is_found(client, "Ysoline")
    agree_to_be_named(jure=juror, agrees=True)
    assert is_found(client, "Ysoline")
    agree_to_be_named(jure=juror, agrees=False)
    assert not is_found(client, "Ysoline")


@pytest.mark.parametrize("has_account", [True, False])
def test_an_erased_juror_leaves_the_public_jury(client, rally, embargoed, has_account):
    erased, other = rally.jury
    erased.nom, erased.fonction = "Ysoline Brun", "menuisière"
    erased.compte = erased.compte if has_account else None
    for juror in (erased, other):
        juror.save()
        agree_to_be_named(jure=juror, agrees=True)
    if has_account:
        erase(find_person(erased.compte.email))
    else:
        replace_in(find_person("", "Ysoline Brun"), key_of(erased))
    page = BeautifulSoup(client.get("/palmares/").content, "html.parser")
    assert [item.get_text(" ", strip=True) for item in page.select(".jury li")] == ["Jurée 2"]
    (edition,) = client.get("/api/v1/pages?chemin=/palmares/").json()["items"][0]["palmares"]["editions"]
    assert edition["jury"] == [{"nom": "Jurée 2", "fonction": ""}]
    assert not is_found(client, "menuisière")


def test_categories_and_criteria_are_found_and_citations_once_the_embargo_ends(client, rally, embargoed):
    assert is_found(client, "coopération") and is_found(client, "utilité")
    assert not is_found(client, "zinzolin")
    publish_now(rally.palmares)
    assert is_found(client, "zinzolin")
    withdraw_announcement(rally.palmares)
    assert not is_found(client, "zinzolin")


def test_a_fiche_is_found_by_its_prizes_once_they_are_public(client, rally, embargoed):
    def finds(words):
        return f'href="{embargoed.fiche.url}?q=' in client.get("/fiches/", {"q": words}).content.decode()

    assert not finds("zinzolin")
    publish_now(rally.palmares)
    assert finds("zinzolin") and finds("premier prix coopération")
    withdraw_announcement(rally.palmares)
    assert not finds("zinzolin")
