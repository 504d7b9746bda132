"""Tasks of the durable queue whose worker died return to it; those that run are left alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from fiches.models import Echeance
from fiches.upkeep.lease import LEASE
from fiches.upkeep.lost_tasks import MOST_TRIES, PREFIX, requeue_lost

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(minutes=5)


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


def status(task):
    task.refresh_from_db()
    return task.status


def test_a_task_whose_worker_says_nothing_any_more_is_ready_again(running):
    lost, young = running(), running(started=timezone.now() - LEASE + timedelta(seconds=15))
    assert requeue_lost() == 1
    assert (status(lost), status(young)) == ("READY", "RUNNING")
    assert list(DBTaskResult.objects.ready()) == [lost]


def test_a_task_that_lasts_is_left_to_the_worker_that_renews_it(running):
    task = running()
    lease = Echeance.objects.create(nom=f"{PREFIX}{task.pk}", prochaine=timezone.now() + LEASE)
    assert requeue_lost() == 0
    Echeance.objects.filter(pk=lease.pk).update(prochaine=timezone.now())
    assert requeue_lost() == 1
    assert not Echeance.objects.filter(pk=lease.pk).exists()


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
