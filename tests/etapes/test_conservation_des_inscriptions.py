"""What is known of those who came leaves by itself: needs the day after, all the rest N days after the étape."""

import datetime
import io
import json
import zipfile

import pytest
from django.core import mail

from etapes.inscriptions.periodic_work import old_registrations
from etapes.models import EtapePage
from fiches.candidatures.personal_data import export_person
from fiches.models import Courriel
from fiches.upkeep.personal_data.erasure import erase
from fiches.upkeep.personal_data.search import find_person
from fiches.upkeep.retention import delete_too_old
from tests.etapes.conftest import in_days, links


def after_the_end(etape, **delta):
    return etape.termine_le + datetime.timedelta(**delta)


def test_needs_are_forgotten_the_day_after_and_the_people_n_days_after(etape, register_people):
    register_people("anne", "bruno", "carole", besoins="Un fauteuil")
    delete_too_old(after_the_end(etape, hours=23))
    assert set(etape.inscrits.values_list("besoins", flat=True)) == {"Un fauteuil"}
    delete_too_old(after_the_end(etape, hours=25))
    assert set(etape.inscrits.values_list("besoins", flat=True)) == {""}
    delete_too_old(after_the_end(etape, days=29))
    assert etape.inscrits.count() == 3
    delete_too_old(after_the_end(etape, days=31))
    assert etape.inscrits.count() == 0


def test_the_links_and_the_outbox_go_with_them(visitor, etape):
    visitor.register("jeanne@x.test")
    [link] = links(mail.outbox[0])
    assert Courriel.objects.count() == 1
    delete_too_old(after_the_end(etape, days=31))
    assert Courriel.objects.count() == 0
    assert visitor.get(link).status_code == 404


@pytest.mark.parametrize("change", [{"statut": "reportee"}, {"date": None, "commence_le": None, "termine_le": None}])
def test_an_etape_that_awaits_its_date_keeps_them_for_a_year(etape, register_people, change):
    register_people("anne", besoins="Un fauteuil")
    EtapePage.objects.update(**change)
    delete_too_old(after_the_end(etape, days=200))
    assert etape.inscrits.get().besoins == "Un fauteuil"
    delete_too_old(after_the_end(etape, days=366))
    assert not etape.inscrits.exists()


def test_one_person_is_erased_everywhere_and_who_waited_gets_the_place(etape, register_people):
    register_people("anne", "bruno", "carole")
    assert erase(find_person("anne@x.test"))["inscriptions"] == 1
    assert list(etape.inscrits.values_list("courriel", "etat")) == [
        ("bruno@x.test", "confirmee"),
        ("carole@x.test", "confirmee"),
    ]
    assert "anne@x.test" not in {to for courriel in Courriel.objects.all() for to in courriel.destinataires}


def test_one_person_gets_all_that_is_known(etape, register_people):
    register_people("anne", organisation="Les Tilleuls", besoins="Un fauteuil", accord="Oui")
    file = io.BytesIO()
    export_person("anne@x.test", file)
    with zipfile.ZipFile(file) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".json")]
        [registration] = json.loads(archive.read(name))["inscriptions"]
    assert registration | {"demandee": None} == {
        "etape": "Étape à Dole",
        "date": in_days(30).isoformat(),
        "nom": "Anne",
        "organisation": "Les Tilleuls",
        "besoins": "Un fauteuil",
        "etat": "a une place",
        "demandee": None,
        "venue": None,
        "accord": "Oui",
    }


def test_each_etape_says_how_long(etape, register_people):
    register_people("anne")
    EtapePage.objects.update(conservation=5)
    assert not old_registrations(after_the_end(etape, days=4)).exists()
    assert old_registrations(after_the_end(etape, days=6)).count() == 1
