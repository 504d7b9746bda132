"""An étape and its translations are one meeting: one desk, one number of places, one date."""

import datetime

import pytest
from django.utils import timezone

from etapes.inscriptions.registration_transitions import cancel, register
from etapes.models import EtapePage


@pytest.fixture
def one_place(translations):
    translations.fr.etape.inscriptions, translations.fr.etape.capacite = "ouvertes", 1
    translations.fr.etape.save_revision().publish()
    return translations


def reload_record(etape):
    return EtapePage.objects.get(pk=etape.pk)


def test_the_last_place_goes_once_whatever_the_language(one_place):
    anne, _new = register(etape=reload_record(one_place.en.etape), nom="Anne", courriel="anne@x.test")
    bruno, _new = register(etape=reload_record(one_place.fr.etape), nom="Bruno", courriel="bruno@x.test")
    again, new = register(etape=reload_record(one_place.de.etape), nom="Anne", courriel="anne@x.test")
    assert (anne.etape, bruno.etape) == (one_place.fr.etape, one_place.fr.etape)
    assert (anne.etat, bruno.etat) == ("confirmee", "attente")
    assert (again, new) == (anne, False)
    cancel(inscription=anne)
    bruno.refresh_from_db()
    assert bruno.confirmee


def test_the_organiser_of_a_translation_sees_who_comes_to_the_etape(one_place, admin_client):
    register(etape=reload_record(one_place.fr.etape), nom="Anne Petit", courriel="anne@x.test")
    page = admin_client.get(f"/admin/etapes/{one_place.en.etape.pk}/inscriptions/")
    assert "Anne Petit" in page.content.decode()


def test_a_new_date_or_state_holds_in_every_language_and_words_stay(one_place):
    original = reload_record(one_place.fr.etape)
    original.date += datetime.timedelta(days=7)
    original.debut, original.moment, original.statut = datetime.time(18), "", "annulee"
    original.save_revision().publish()
    english = reload_record(one_place.en.etape)
    assert (english.date, english.debut, english.annulee) == (original.date, datetime.time(18), True)
    assert english.commence_le == reload_record(original).commence_le
    assert english.title == "Stage of Besançon"
    english.get_latest_revision().publish()
    assert reload_record(english).annulee
    draft = original.get_latest_revision_as_object()
    draft.statut = "prevue"
    draft.save_revision()
    assert reload_record(english).annulee


def test_a_new_date_holds_in_no_language_before_the_hour_at_which_it_is_published(one_place):
    one_place.fr.etape.unpublish()
    original, english = reload_record(one_place.fr.etape), reload_record(one_place.en.etape)
    assert (original.live, english.live) == (False, True)
    original.date += datetime.timedelta(days=7)
    original.go_live_at = timezone.now() + datetime.timedelta(days=1)
    original.save_revision().publish()
    assert reload_record(english).date == english.date
    original.go_live_at = None
    original.save_revision().publish()
    assert reload_record(english).date == original.date
