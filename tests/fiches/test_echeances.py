"""Periodic work is done once, whoever looks, and one that fails stops no other."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from fiches import echeances, horloge
from fiches.lease import LEASE, Lease
from fiches.models import Echeance

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(monkeypatch):
    monkeypatch.setattr(echeances, "WORKS", {})


def test_a_work_is_done_when_it_is_due_and_not_again_before_the_next_time(works):
    done = []
    echeances.register_periodic("ranger", lambda: done.append(1) or len(done), every=timedelta(hours=1))
    now = timezone.now()
    assert echeances.run_due(now) == {"ranger": 1}
    assert echeances.run_due(now + timedelta(minutes=59)) == {}
    assert echeances.run_due(now + timedelta(minutes=60)) == {"ranger": 2}


def test_a_work_that_another_server_claimed_is_left_to_it(works):
    echeances.register_periodic("ranger", lambda: "fait", every=timedelta(hours=1))
    Echeance.objects.create(nom="ranger", prochaine=timezone.now() + timedelta(hours=1))
    assert echeances.run_due() == {}


def test_a_work_that_fails_lets_the_others_run_then_is_told(works):
    done = []

    def fail():
        raise ZeroDivisionError

    echeances.register_periodic("casse", fail, every=timedelta(hours=1))
    echeances.register_periodic("ranger", lambda: done.append(1), every=timedelta(hours=1))
    with pytest.raises(ExceptionGroup) as caught:
        echeances.run_due()
    assert [type(error) for error in caught.value.exceptions] == [ZeroDivisionError]
    assert done == [1]


def test_one_that_fails_is_tried_again_in_five_minutes(works):
    tries = []

    def fail():
        tries.append(1)
        raise ZeroDivisionError

    echeances.register_periodic("casse", fail, every=timedelta(days=1))
    now = timezone.now()
    for minutes in (0, 4, 5):
        with suppress(ExceptionGroup):
            echeances.run_due(now + timedelta(minutes=minutes))
    assert len(tries) == 2


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit])
def test_a_work_that_is_interrupted_is_due_again_at_once(works, interruption):
    def die():
        raise interruption

    echeances.register_periodic("ranger", die, every=timedelta(days=1))
    now = timezone.now()
    with pytest.raises(interruption):
        echeances.run_due(now)
    echeances.register_periodic("ranger", lambda: "fait", every=timedelta(days=1))
    assert echeances.run_due(now) == {"ranger": "fait"}


def test_a_work_that_a_dead_server_holds_is_done_by_another_within_a_minute(works):
    now = timezone.now()
    held = []
    echeances.register_periodic(
        "ranger", lambda: held.append(dict(Echeance.objects.values_list())), every=timedelta(days=1)
    )
    echeances.run_due(now)
    Echeance.objects.update(prochaine=held[0]["ranger"])  # as it stood while the work ran
    echeances.register_periodic("ranger", lambda: "fait", every=timedelta(days=1))
    assert echeances.run_due(now + timedelta(seconds=30)) == {}
    assert echeances.run_due(now + timedelta(seconds=59)) == {"ranger": "fait"}


def test_a_work_that_lasts_longer_than_its_lease_is_left_to_the_server_that_does_it(works):
    now = timezone.now()
    lease = Lease("ranger", now + LEASE)
    Echeance.objects.create(nom="ranger", prochaine=lease.until)
    echeances.register_periodic("ranger", lambda: "fait", every=timedelta(hours=1))
    lease.renew()
    assert lease.until > now + LEASE
    assert echeances.run_due(now + LEASE) == {}
    lease.release(now + LEASE)
    assert echeances.run_due(now + LEASE) == {"ranger": "fait"}


def test_who_lost_its_lease_leaves_that_of_its_successor_alone(works):
    now = timezone.now()
    lost = Lease("ranger", now)
    Echeance.objects.create(nom="ranger", prochaine=now + LEASE)
    lost.renew()
    lost.release(now)
    assert Echeance.objects.get(nom="ranger").prochaine == now + LEASE


def test_one_item_that_fails_stops_no_other_and_is_named(db, caplog):
    done = []

    def act(item):
        if item == 2:
            raise ZeroDivisionError
        done.append(item)

    with pytest.raises(ExceptionGroup) as caught:
        echeances.for_each([1, 2, 3], act)
    assert done == [1, 3]
    assert [type(error) for error in caught.value.exceptions] == [ZeroDivisionError]
    assert [record.key for record in caplog.records if record.message == "item_failed"] == [2]
    assert echeances.for_each([1, 3], act) == 2


def test_the_command_says_by_its_exit_code_that_a_work_failed(works):
    def fail():
        raise ZeroDivisionError

    echeances.register_periodic("casse", fail, every=timedelta(hours=1))
    with pytest.raises(ExceptionGroup):
        call_command("echeances")


def test_a_date_that_a_wrong_clock_wrote_holds_nothing_up(works):
    echeances.register_periodic("ranger", lambda: "fait", every=timedelta(hours=1))
    Echeance.objects.create(nom="ranger", prochaine=timezone.now() + timedelta(days=400))
    assert echeances.run_due() == {"ranger": "fait"}


@pytest.mark.parametrize("days", [400, -400])
def test_nothing_is_done_at_a_date_that_nobody_believes(works, days):
    echeances.register_periodic("ranger", lambda: "fait", every=timedelta(hours=1))
    Echeance.objects.create(nom=horloge.MEMORY, prochaine=timezone.now() - timedelta(days=days))
    with pytest.raises(horloge.WrongClock, match="--horloge-juste"):
        echeances.run_due()
    with pytest.raises(CommandError, match="--horloge-juste"):
        call_command("retention")
    call_command("echeances", "--horloge-juste")
    assert Echeance.objects.filter(nom="ranger", prochaine__gt=timezone.now()).exists()
