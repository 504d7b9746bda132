"""What time brings: the reminder of the day before, the attendance afterwards, the desk that closes by itself."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from etapes.inscriptions import periodic_work
from etapes.inscriptions.registration_transitions import cancel, check_in
from etapes.models import EtapePage
from fiches.publications import version
from tests.etapes.conftest import in_days, links, subjects


@pytest.fixture
def run_and_commit(django_capture_on_commit_callbacks):
    def run(function, *args):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*args)

    return run


def day_before(etape, hour):
    day = etape.date - datetime.timedelta(days=1)
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=timezone.get_default_timezone())


def test_who_has_a_place_is_reminded_the_day_before_and_once(etape, register_people, run_and_commit):
    _anne, bruno, _carole = register_people("anne", "bruno", "carole")
    EtapePage.objects.update(acces="Bus 3, arrêt Mairie.")
    assert run_and_commit(periodic_work.remind, day_before(etape, 8)) == 0
    assert run_and_commit(periodic_work.remind, day_before(etape, 9)) == 2
    assert subjects() == [
        ("anne@x.test", "Demain : Étape à Dole"),
        ("bruno@x.test", "Demain : Étape à Dole"),
    ]
    body = mail.outbox[0].body
    assert "Bus 3, arrêt Mairie." in body
    assert len(links(mail.outbox[0])) == 1
    run_and_commit(periodic_work.remind, day_before(etape, 10))
    run_and_commit(periodic_work.remind, day_before(etape, 23))
    assert len(mail.outbox) == 2


def test_who_cancelled_or_waits_is_not_reminded(etape, register_people, run_and_commit):
    anne, _bruno, _carole = register_people("anne", "bruno", "carole")
    EtapePage.objects.update(capacite=1)
    cancel(inscription=anne)
    run_and_commit(periodic_work.remind, day_before(etape, 12))
    assert [to for to, subject in subjects() if subject.startswith("Demain")] == ["bruno@x.test"]


@pytest.mark.parametrize("change", [{"statut": "annulee"}, {"statut": "reportee"}, {"live": False}])
def test_nobody_is_reminded_of_what_does_not_take_place(etape, register_people, run_and_commit, change):
    register_people("anne")
    EtapePage.objects.update(**change)
    assert run_and_commit(periodic_work.remind, day_before(etape, 12)) == 0
    assert mail.outbox == []


def over(etape):
    """Its day is yesterday, without a publication."""
    etape.date = in_days(-1)
    etape.derive_bounds()
    EtapePage.objects.filter(pk=etape.pk).update(
        date=etape.date, commence_le=etape.commence_le, termine_le=etape.termine_le
    )
    EtapePage.objects.filter(pk=etape.pk).update(live_revision=etape.save_revision())


def test_who_was_checked_in_makes_the_attendance_once_the_etape_is_over(etape, register_people):
    anne, bruno = register_people("anne", "bruno")
    check_in(inscription=anne)
    check_in(inscription=bruno)
    check_in(inscription=bruno, came=False)
    assert periodic_work.after_the_etapes() == 0
    over(etape)
    assert periodic_work.after_the_etapes() == 1
    assert EtapePage.objects.get().participants == 1
    # the next publication keeps it
    EtapePage.objects.get().get_latest_revision().publish()
    assert EtapePage.objects.get().participants == 1


def test_the_desk_closes_at_its_hour_and_those_who_read_elsewhere_are_told(etape, client, monkeypatch):
    closes = timezone.now() + datetime.timedelta(hours=2)
    EtapePage.objects.update(inscriptions_jusqu_au=closes)
    just_before = closes - datetime.timedelta(microseconds=1)  # earlier, midnight may come first
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: just_before)
        version.touch()
        assert version.current().valid_until == closes
        assert EtapePage.objects.get().guichet.ouvert
        patch.setattr(timezone, "now", lambda: closes)
        assert EtapePage.objects.get().guichet.ferme
    assert periodic_work.close_desks() == 0
    later = closes + datetime.timedelta(minutes=5)
    assert periodic_work.close_desks(later) == 1
    assert periodic_work.close_desks(closes + datetime.timedelta(days=2)) == 0
