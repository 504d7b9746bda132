"""Figures for Prometheus: for who knows the token, true, and about nobody."""

from datetime import timedelta
from io import StringIO
from itertools import count

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config import monitoring
from config.backup import backup_folder
from fiches.models import Courriel, Echeance
from fiches.models.enums import Envoi
from fiches.upkeep import periodic
from fiches.upkeep.periodic import WORKS

pytestmark = pytest.mark.django_db
TOKEN = "un-jeton-de-quarante-caracteres-au-moins"


@pytest.fixture
def figures(client, settings):
    """``figures()``: ``{name with labels: value}``."""
    settings.RALLYNOV_METRICS_TOKEN = TOKEN

    def read():
        answer = client.get("/sante/metriques", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _space, value in (line.rpartition(" ") for line in lines)}

    return read


def test_without_the_token_there_is_nothing_there(client, settings):
    assert client.get("/sante/metriques").status_code == 404
    settings.RALLYNOV_METRICS_TOKEN = TOKEN
    assert client.get("/sante/metriques").status_code == 404
    assert client.get("/sante/metriques", headers={"Authorization": "Bearer autre"}).status_code == 404


def test_what_waits_is_told_with_its_age(figures):
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Courriel.objects.create(cle="a", modele="lien", message_id="<a>", destinataires=["jeanne@x.test"], cree=an_hour_ago)
    Courriel.objects.create(cle="b", modele="lien", message_id="<b>", etat=Envoi.ENVOYE, cree=an_hour_ago)
    Courriel.objects.create(cle="c", modele="lien", message_id="<c>", etat=Envoi.ABANDONNE, erreur="Obsolete")
    Courriel.objects.create(cle="d", modele="lien", message_id="<d>", etat=Envoi.ABANDONNE, erreur="SMTPSenderRefused")
    Echeance.objects.create(nom="courriels", prochaine=timezone.now() - timedelta(minutes=10))
    Echeance.objects.create(nom="d-une-autre-version", prochaine=an_hour_ago)  # after a way back, nobody does this one
    Echeance.objects.bulk_create(Echeance(nom=name) for name in WORKS if name != "courriels")
    values = figures()
    assert values["rallynov_base_de_donnees"] == 1
    assert [values[f'rallynov_courriels{{etat="{state}"}}'] for state in ("a_envoyer", "envoye", "abandonne")] == [
        1,
        1,
        1,
    ]
    assert 3600 <= values["rallynov_courriels_attente_secondes"] < 3700
    assert 600 <= values["rallynov_echeances_retard_secondes"] < 700


def dumped(folder):
    (folder / "base.dump").write_bytes(b"x")
    return folder / "base.dump"


def test_the_age_of_the_latest_backup_is_told_once_there_is_a_whole_one(figures, tmp_path, monkeypatch, settings):
    read = count()
    monkeypatch.setattr(backup_folder.database, "dump", dumped)
    monkeypatch.setattr(backup_folder.file_storages, "save", lambda folder: None)
    with monkeypatch.context() as failing_disk:
        failing_disk.setattr(backup_folder.file_storages, "file_fingerprint", lambda path: str(next(read)))
        with pytest.raises(CommandError, match="abîmée"):
            call_command("sauvegarder", tmp_path / "abimee")
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - timedelta(days=3))
    assert 259_200 <= figures()["rallynov_sauvegarde_secondes"] < 259_800  # never: since the site is there
    settings.RALLYNOV_BACKUPS = False
    assert "rallynov_sauvegarde_secondes" not in figures()
    call_command("sauvegarder", tmp_path / "entiere", stdout=StringIO())
    assert 0 <= figures()["rallynov_sauvegarde_secondes"] < 600
    backup_folder.remember({"debut": (timezone.now() - timedelta(days=2)).isoformat()})
    assert 172_800 <= figures()["rallynov_sauvegarde_secondes"] < 173_400


def test_no_figure_is_about_a_person(client, settings, figures, home_page):
    client.get("/candidature/kJ2lQx9Zp0aB7cD4eF6gH8/?q=jeanne@x.test", headers={"User-Agent": "Un navigateur"})
    Courriel.objects.create(cle="a", modele="lien", message_id="<a>", destinataires=["jeanne@x.test"])
    text = str(figures())
    assert not any(word in text for word in ("jeanne", "kJ2l", "navigateur", "127.0.0.1"))


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
    backup_folder.remember({"debut": timezone.now().isoformat()})
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
    "echeances": lambda: Echeance.objects.filter(nom="liens").delete(),
    "echecs": lambda: Echeance.objects.create(nom="echec:liens", prochaine=timezone.now() - timedelta(hours=1)),
    "sauvegardes": lambda: Echeance.objects.filter(nom=backup_folder.MEMORY).delete(),
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


@pytest.mark.parametrize("name", FAILURES)
def test_what_never_ran_or_failed_is_told_to_who_watches_and_to_admins(client, healthy_site, caplog, name):
    assert (client.get("/sante/travaux").status_code, client.get("/sante/travaux").json()) == (200, GOOD)
    FAILURES[name]()
    answer = client.get("/sante/travaux")
    never = ["sauvegardes"] if name == "sauvegardes" else []
    assert (answer.status_code, answer.json()) == (503, GOOD | {"travaux": False, name: False, "jamais": never})
    caplog.clear()
    assert monitoring.look() == 1
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.msg["event"] == f"surveillance: {name}"


def test_a_work_that_fails_every_five_minutes_is_told_until_it_succeeds(figures, healthy_site, monkeypatch):
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
    assert 1200 <= figures()["rallynov_echeances_echec_secondes"] < 1300
    periodic.run_due(timezone.now() + timedelta(minutes=20))
    assert figures()["rallynov_echeances_echec_secondes"] == 0
