"""`/sante/travaux` says what never ran, is late or failed, and writes it to ADMINS."""

from datetime import timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config import backup, monitoring
from fiches.models import Courriel, Echeance
from fiches.upkeep import periodic
from fiches.upkeep.periodic import WORKS

pytestmark = pytest.mark.django_db


GOOD = {
    "travaux": True,
    "echeances": True,
    "echecs": True,
    "sauvegardes": True,
    "file": True,
    "taches": True,
    "courriels": True,
    "jamais": [],
}


@pytest.fixture
def healthy_site():
    """A site where everything ran a moment ago."""
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - timedelta(days=10))
    Echeance.objects.all().delete()
    Echeance.objects.bulk_create(Echeance(nom=name, prochaine=timezone.now()) for name in WORKS)
    backup.remember({"debut": timezone.now().isoformat()})
    task(status="SUCCESSFUL", finished_at=timezone.now())


def task(**fields):
    return DBTaskResult.objects.create(
        task_path="x.y",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        exception_class_path="",
        traceback="",
        **fields,
    )


FAILURES = {
    "echeances": lambda: Echeance.objects.filter(nom="courriels").delete(),
    "echecs": lambda: Echeance.objects.create(nom="echec:courriels", prochaine=timezone.now() - timedelta(hours=1)),
    "sauvegardes": lambda: Echeance.objects.filter(nom=backup.MEMORY).update(
        prochaine=timezone.now() - timedelta(days=2)
    ),
    "file": lambda: DBTaskResult.objects.filter(pk=task().pk).update(enqueued_at=timezone.now() - timedelta(hours=1)),
    "taches": lambda: task(status="FAILED", finished_at=timezone.now()),
    "courriels": lambda: Courriel.objects.create(
        cle="a",
        modele="lien",
        message_id="<a>",
        destinataires=["jeanne@x.test"],
        cree=timezone.now() - timedelta(hours=2),
    ),
}


def test_a_site_where_nothing_runs_says_so_after_a_quarter_of_an_hour(client):
    Echeance.objects.all().delete()
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - timedelta(minutes=10))
    answer = client.get("/sante/travaux")
    nothing = GOOD | {"jamais": ["echeances", "sauvegardes", "taches"]}
    assert (answer.status_code, answer.json()) == (200, nothing)
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - timedelta(minutes=30))
    answer = client.get("/sante/travaux")
    assert (answer.status_code, answer.json()) == (503, nothing | {"travaux": False, "echeances": False})


def test_a_backup_that_was_never_made_is_told_after_a_day_and_a_half(client, healthy_site):
    Echeance.objects.filter(nom=backup.MEMORY).delete()
    first = MigrationRecorder.Migration.objects.earliest("pk")
    for hours, is_made in ((35, True), (37, False)):
        MigrationRecorder.Migration.objects.exclude(pk=first.pk).update(applied=timezone.now())
        MigrationRecorder.Migration.objects.filter(pk=first.pk).update(applied=timezone.now() - timedelta(hours=hours))
        assert client.get("/sante/travaux").json()["sauvegardes"] is is_made


@pytest.mark.parametrize("name", FAILURES)
def test_what_never_ran_or_failed_is_told_to_who_watches_and_to_admins(client, healthy_site, caplog, name):
    assert (client.get("/sante/travaux").status_code, client.get("/sante/travaux").json()) == (200, GOOD)
    FAILURES[name]()
    answer = client.get("/sante/travaux")
    assert (answer.status_code, answer.json()) == (503, GOOD | {"travaux": False, name: False})
    caplog.clear()
    assert monitoring.look() == 1
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.msg["event"] == f"surveillance: {name}"


def test_a_work_that_fails_every_five_minutes_is_told_until_it_succeeds(healthy_site, monkeypatch):
    monkeypatch.setattr(periodic, "WORKS", {})
    outcomes = [ZeroDivisionError, ZeroDivisionError, None]

    def work():
        if outcome := outcomes.pop(0):
            raise outcome

    periodic.register_periodic("liens", work, every=timedelta(minutes=30))
    monkeypatch.setattr(monitoring, "WORKS", periodic.WORKS)
    for turn in range(2):
        with pytest.raises(ExceptionGroup):
            periodic.run_due(timezone.now() + timedelta(minutes=5 * turn + 1))
    Echeance.objects.filter(nom="echec:liens").update(prochaine=timezone.now() - timedelta(minutes=20))
    assert 1200 <= monitoring.failing_age() < 1300
    periodic.run_due(timezone.now() + timedelta(minutes=20))
    assert monitoring.failing_age() == 0
