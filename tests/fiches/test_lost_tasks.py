"""Tasks of the durable queue whose worker died return to it; those that run are left alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from modelsearch.tasks import insert_or_update_object_task
from wagtail.tasks import update_reference_index_task

from config import monitoring
from fiches.models import FichePage
from fiches.upkeep.lost_tasks import LONGEST, MOST_TRIES, requeue_lost
from tests.factories import FichePageFactory

pytestmark = pytest.mark.django_db
LONG_AGO = LONGEST + timedelta(minutes=1)


@task()
def tidy():
    pass


@pytest.fixture
def running():
    """``running(started=…, workers=1)``: a task that a worker began at that instant."""

    def make(*, started=None, workers=1):
        return DBTaskResult.objects.create(
            status=TaskResultStatus.RUNNING,
            started_at=started or timezone.now() - LONG_AGO,
            worker_ids=[f"w{n}" for n in range(workers)],
            args_kwargs={"args": [], "kwargs": {}},
            task_path=tidy.module_path,
            backend_name="default",
            run_after=None,
        )

    return make


@task()
def look_for_a_fiche():
    FichePage.objects.get(pk=0)


def work(function, *args):
    """What a worker of the queue does with a task; its state afterwards."""
    row = DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        started_at=timezone.now(),
        worker_ids=["w0"],
        args_kwargs={"args": args, "kwargs": {}},
        task_path=function.module_path,
        backend_name="default",
        run_after=None,
    )
    queues = {"queue_names": ["*"], "excluded_queue_names": [], "backend_name": "default"}
    Worker(**queues, interval=1, batch=True, startup_delay=False, max_tasks=None, worker_id="w0").run_task(row)
    return status(row)


@pytest.mark.parametrize("index", [insert_or_update_object_task, update_reference_index_task])
def test_what_was_deleted_before_it_could_be_indexed_is_no_failure(tree, index):
    """As when an import is undone at once."""
    kept = FichePageFactory(parent=tree.fiches)
    assert work(index, "rallynov_fiches", "fichepage", str(kept.pk)) == "SUCCESSFUL"
    assert work(index, "rallynov_fiches", "fichepage", "0") == "FAILED"
    assert monitoring.state()["taches"]
    assert work(look_for_a_fiche) == "FAILED"
    assert not monitoring.state()["taches"]


def status(task):
    task.refresh_from_db()
    return task.status


def test_a_task_that_runs_for_too_long_is_ready_again(running):
    lost, young = running(), running(started=timezone.now() - LONGEST + timedelta(minutes=1))
    assert requeue_lost() == 1
    assert (status(lost), status(young)) == ("READY", "RUNNING")
    assert list(DBTaskResult.objects.ready()) == [lost]


def test_a_task_that_kills_its_workers_is_given_up_and_told(running, caplog):
    task = running(workers=MOST_TRIES)
    assert requeue_lost() == 1
    assert status(task) == "FAILED"
    assert [(record.levelname, record.tries) for record in caplog.records if record.message == "task_lost"] == [
        ("ERROR", 5)
    ]
    assert requeue_lost() == 0


def test_what_is_done_or_waits_is_left_alone(running):
    done = running()
    DBTaskResult.objects.filter(pk=done.pk).update(status=TaskResultStatus.SUCCESSFUL)
    assert requeue_lost() == 0
    assert status(done) == "SUCCESSFUL"
