"""A prize is its fiche's in every language, for programs as on the page."""

import pytest

from fiches.palmares.models import Rang
from fiches.palmares.transitions import publish_now, withdraw_announcement
from tests.langues.conftest import translate
from tests.palmares.conftest import Rally

pytestmark = pytest.mark.django_db


def prizes(client, fiche):
    return [prize["libelle"] for prize in client.get(f"/api/v1/fiches/{fiche.slug}?langue=en").json()["prix"]]


def test_a_translated_fiche_has_its_prize_in_the_api_at_once(translations, tree, client):
    rally = Rally(tree)
    rally.nominations[0].fiche = translations.fr.fiche
    rally.nominations[0].save()
    rally.open()
    rally.close()
    rally.decide((0, Rang.PREMIER, "Bravo"))
    assert prizes(client, translations.en.fiche) == []
    publish_now(rally.fresh())
    assert prizes(client, translations.en.fiche) == ["First prize"]
    assert client.get(translations.en.fiche.url).content.decode().count("First prize") == 2
    withdraw_announcement(rally.fresh())
    assert prizes(client, translations.en.fiche) == []


def test_a_translation_is_among_the_prized_fiches_as_soon_as_it_is_published(translations, tree, client):
    rally = Rally(tree)
    rally.nominations[0].fiche = translations.seule
    rally.nominations[0].save()
    rally.open()
    rally.close()
    rally.decide((0, Rang.PREMIER, "Bravo"))
    publish_now(rally.fresh())

    def titles():
        return [item["titre"] for item in client.get("/api/v1/fiches?prime=1&langue=en").json()["items"]]

    assert titles() == []
    translate(translations.seule, "en", title="The bike")
    assert titles() == ["The bike"]
