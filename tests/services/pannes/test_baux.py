"""A process that is killed or stopped in the middle of a work or of a task: another one takes it up."""

import contextlib
import signal
import sys

import psycopg
import pytest

from fiches.upkeep.lost_tasks import LONGEST
from tests.services.pannes.serveurs import Process, until

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture
def lock_rows(cluster, base):
    """``with locked(sql)``: the rows that this SELECT gives are held from other writers; ``waits()`` says whether one waits."""

    @contextlib.contextmanager
    def hold(sql):
        with psycopg.connect(cluster.url(base)) as holder, psycopg.connect(cluster.url(base), autocommit=True) as seer:
            assert holder.execute(f"{sql} FOR NO KEY UPDATE").fetchall()
            yield lambda: seer.execute(WAITING).fetchone()[0]

    return hold


def start(site, *arguments):
    process = Process([sys.executable, "manage.py", *arguments], log=site.folder / "travail.log", env=site.env)
    site.running.append(process)
    return process


@pytest.fixture
def due_fiches(site, seed):
    """The keys of eight fiches that are due to go online, in the order of their dates."""
    pks = seed["fiches"][:8]
    site.ask(f"[p.unpublish() for p in FichePage.objects.filter(pk__in={pks})]")
    for minutes, pk in enumerate(reversed(pks), start=1):
        due = f"timezone.now() - timedelta(minutes={minutes})"
        site.ask(f"FichePage.objects.get(pk={pk}).save_revision(approved_go_live_at={due}).pk")
    return pks


def online(site, pks):
    return site.ask(f"FichePage.objects.filter(pk__in={pks}, live=True).count()")


def test_who_is_killed_while_it_publishes_is_replaced_and_not_before(site, due_fiches, lock_rows):
    with lock_rows(f"SELECT id FROM wagtailcore_page WHERE id = {due_fiches[1]}") as waits:
        working = start(site, "echeances")
        until(waits)
        assert online(site, due_fiches) == 1
        assert "publications" not in site.manage("echeances").stdout
        working.send(signal.SIGKILL)
        working.process.wait()
    until(lambda: site.manage("echeances") and online(site, due_fiches) == 8, every=2)


def test_who_is_stopped_while_it_publishes_gives_the_work_back_at_once(site, due_fiches, lock_rows):
    with lock_rows(f"SELECT id FROM wagtailcore_page WHERE id = {due_fiches[1]}") as waits:
        working = start(site, "echeances", "--boucle")
        until(waits)
        working.send(signal.SIGTERM)
        assert working.process.wait(20) == 128 + signal.SIGTERM
    assert "publications : 7" in site.manage("echeances").stdout
    assert online(site, due_fiches) == 8


def test_a_task_whose_worker_was_killed_is_done_by_the_next_and_once(site, lock_rows):
    dossier = site.ask("Dossier.objects.order_by('pk').first().pk")
    site.ask(f"submit_dossier(dossier=Dossier.objects.get(pk={dossier})).numero")
    told = (
        "[[t.status, len(t.worker_ids)] for t in DBTaskResult.objects.filter(task_path__endswith='.make_fiche_of_dossier')]"
        f" + [WorkflowState.objects.filter(object_id=str(Dossier.objects.get(pk={dossier}).fiche_id)).count()]"
    )
    with lock_rows(f"SELECT id FROM rallynov_candidatures_dossier WHERE id = {dossier}") as waits:
        worker = site.work()
        until(waits)
        assert site.ask(told) == [["RUNNING", 1], 0]
        worker.send(signal.SIGKILL)
        worker.process.wait()
    long_ago = f"timezone.now() - timedelta(seconds={LONGEST.total_seconds() + 1})"
    site.ask(f"DBTaskResult.objects.filter(status='RUNNING').update(started_at={long_ago})")
    site.work()
    done = [["SUCCESSFUL", 2], 1]
    until(lambda: site.manage("echeances") and site.ask(told) == done, every=5)
