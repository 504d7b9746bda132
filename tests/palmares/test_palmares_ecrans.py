"""What staff read on the palmarès' screens, before and after the results."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from fiches.palmares.enums import Rang
from tests.factories import UserFactory


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def headings(response):
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


@pytest.fixture
def decided(rally):
    rally.open()
    rally.close()
    rally.decide((0, Rang.PREMIER, "Bravo."))
    return rally


def test_each_screen_says_once_what_it_is_and_of_which_edition(client, decided):
    palmares, category = decided.palmares, decided.categorie
    expected = {
        reverse("palmares:suivi", args=[palmares.pk]): f"Palmarès {palmares}",
        reverse("palmares:classement", args=[palmares.pk]): f"Classement {palmares}",
        reverse("palmares:decider", args=[palmares.pk, category.pk]): "Décision Coopération",
    }
    client.force_login(decided.staff)
    assert {address: headings(client.get(address)) for address in expected} == {
        address: [title] for address, title in expected.items()
    }


def test_each_form_says_once_what_it_changes_or_deletes(client, rally):
    palmares, category = rally.palmares, rally.categorie
    client.force_login(UserFactory(role="redaction"))
    expected = {
        reverse("palmares:edit", args=[palmares.pk]): f"Modification: {palmares}",
        reverse("palmares:delete", args=[palmares.pk]): f"Supprimer {palmares}",
        reverse("palmares:history", args=[palmares.pk]): f"Historique: {palmares}",
        reverse("palmares_categories:edit", args=[category.pk]): "Modification: Coopération",
        reverse("palmares_categories:delete", args=[category.pk]): "Supprimer Coopération",
        reverse("palmares_categories:history", args=[category.pk]): "Historique: Coopération",
    }
    found = {address: headings(client.get(address)) for address in expected}
    assert found == {address: [title] for address, title in expected.items()}


def test_the_list_gives_the_day_and_the_hour_of_results_to_come(client, decided):
    at = (timezone.localtime() + datetime.timedelta(days=40)).replace(hour=18, minute=30)
    decided.announce(at)
    client.force_login(UserFactory(role="redaction"))
    page = text_of(client.get(reverse("palmares:index")))
    assert re.search(rf"{at.day} \S+ {at.year}, 18:30", page)
    assert "Il y a" not in page


def test_the_overview_names_who_closed_and_who_announced_as_people_are_named(client, decided):
    decided.staff.first_name, decided.staff.last_name = "Mona", "Modération"
    decided.staff.save()
    decided.announce(timezone.now() + datetime.timedelta(days=1))
    client.force_login(decided.staff)
    page = text_of(client.get(reverse("palmares:suivi", args=[decided.palmares.pk])))
    assert len(re.findall(r"(?:Notation close|Annoncé) le [^.]+ par Mona Modération\.", page)) == 2
