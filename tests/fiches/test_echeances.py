"""Periodic work is done once, whoever looks, and one that fails stops no other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fiches import echeances
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
