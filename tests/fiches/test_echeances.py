"""Periodic work is done once, whoever looks, and one that fails stops no other."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from fiches.models import Courriel, Echeance
from fiches.models.enums import Envoi
from fiches.upkeep import periodic
from fiches.upkeep.retention import delete_when_due

pytestmark = pytest.mark.django_db

# On a server, the database's clock contradicts the one that these tests move: tests/services/pannes/test_pannes_alentours.py.
ONE_CLOCK = pytest.mark.skipif(connection.vendor != "sqlite", reason="the database has a clock of its own")


@pytest.fixture
def no_works(monkeypatch):
    monkeypatch.setattr(periodic, "WORKS", {})


def test_a_work_is_done_when_it_is_due_and_not_again_before_the_next_time(no_works):
    done = []
    periodic.register_periodic("ranger", lambda: done.append(1) or len(done), every=timedelta(hours=1))
    now = timezone.now()
    assert periodic.run_due(now) == {"ranger": 1}
    assert periodic.run_due(now + timedelta(minutes=59)) == {}
    assert periodic.run_due(now + timedelta(minutes=60)) == {"ranger": 2}


def test_a_work_that_is_being_done_is_left_to_who_does_it(no_works):
    inner = []
    periodic.register_periodic("ranger", lambda: inner.append(in_another_thread()) or "fait", every=timedelta(hours=1))

    def in_another_thread():
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(hold).result()

    def hold():
        with periodic._held("ranger") as free:
            return free

    assert periodic.run_due() == {"ranger": "fait"}
    assert inner == [False]


def test_a_work_that_fails_lets_the_others_run_then_is_told(no_works):
    done = []

    def fail():
        raise ZeroDivisionError

    periodic.register_periodic("casse", fail, every=timedelta(hours=1))
    periodic.register_periodic("ranger", lambda: done.append(1), every=timedelta(hours=1))
    with pytest.raises(ExceptionGroup) as caught:
        periodic.run_due()
    assert [type(error) for error in caught.value.exceptions] == [ZeroDivisionError]
    assert done == [1]


def test_one_that_fails_is_tried_again_in_five_minutes(no_works):
    tries = []

    def fail():
        tries.append(1)
        raise ZeroDivisionError

    periodic.register_periodic("casse", fail, every=timedelta(hours=12))
    now = timezone.now()
    for minutes in (0, 4, 5):
        with suppress(ExceptionGroup):
            periodic.run_due(now + timedelta(minutes=minutes))
    assert len(tries) == 2


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit])
def test_a_work_that_is_interrupted_is_due_again_at_once(no_works, interruption):
    def die():
        raise interruption

    periodic.register_periodic("ranger", die, every=timedelta(hours=12))
    now = timezone.now()
    with pytest.raises(interruption):
        periodic.run_due(now)
    periodic.register_periodic("ranger", lambda: "fait", every=timedelta(hours=12))
    assert periodic.run_due(now) == {"ranger": "fait"}


def test_one_item_that_fails_stops_no_other_and_is_named(db, caplog):
    done = []

    def act(item):
        if item == 2:
            raise ZeroDivisionError
        done.append(item)

    with pytest.raises(ExceptionGroup) as caught:
        periodic.for_each([1, 2, 3], act)
    assert done == [1, 3]
    assert [type(error) for error in caught.value.exceptions] == [ZeroDivisionError]
    assert [record.key for record in caplog.records if record.message == "item_failed"] == [2]
    assert periodic.for_each([1, 3], act) == 2


@pytest.fixture
def new_site():
    """A site that was migrated today and has never looked at its periodic work."""
    Echeance.objects.all().delete()
    MigrationRecorder.Migration.objects.update(applied=timezone.now())


@pytest.fixture
def clock(monkeypatch):
    """Sets the machine's clock so many days ahead, and returns what it then says."""
    now = timezone.now()
    moved = SimpleNamespace(days=0)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=moved.days))
    return moved


@ONE_CLOCK
def test_nothing_is_deleted_at_the_first_look_and_a_day_later_it_is(no_works, new_site, clock):
    Courriel.objects.create(
        cle="a", modele="lien", message_id="<a>", etat=Envoi.ENVOYE, cree=timezone.now() - timedelta(days=400)
    )
    periodic.register_periodic("conservation", delete_when_due, every=timedelta(days=1))
    periodic.register_periodic("courriels", lambda: "fait", every=timedelta(minutes=10))
    assert periodic.run_due() == {"courriels": "fait"}
    assert Courriel.objects.count() == 1
    clock.days = 1
    periodic.run_due()
    assert Courriel.objects.count() == 0


@ONE_CLOCK
def test_a_date_far_from_the_last_deletion_deletes_nothing_until_a_person_says_that_it_is_right(new_site, clock):
    delete_when_due()
    clock.days = 400
    Courriel.objects.create(cle="a", modele="lien", message_id="<a>", etat=Envoi.ENVOYE)
    Courriel.objects.update(cree=timezone.now() - timedelta(days=400))
    with pytest.raises(CommandError, match="--horloge-juste"):
        call_command("retention")
    assert Courriel.objects.count() == 1
    call_command("retention", horloge_juste=True)
    assert Courriel.objects.count() == 0
