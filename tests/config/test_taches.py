"""`manage.py taches`: the failed background tasks are listed, run again as they were asked, or forgotten."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from fiches.mail.outbox import send_due

pytestmark = pytest.mark.django_db


def failed(path=send_due.module_path):
    return DBTaskResult.objects.create(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        args_kwargs={"args": [42], "kwargs": {}},
        task_path=path,
        backend_name="default",
        run_after=get_date_max(),
        exception_class_path="builtins.OSError",
        traceback="Traceback\nOSError: disk full\n",
    )


def taches(*options):
    out, err = StringIO(), StringIO()
    call_command("taches", *options, stdout=out, stderr=err)
    return out.getvalue() + err.getvalue()


def test_the_failed_tasks_are_listed_with_their_cause_and_stay():
    task = failed()
    told = taches()
    assert str(task.pk) in told and task.task_path in told and "OSError: disk full" in told
    assert list(DBTaskResult.objects.failed()) == [task]


def test_a_failed_task_runs_again_as_it_was_asked_and_the_others_stay(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    task, other = failed(), failed()
    taches("--reprendre", str(task.pk))
    again = DBTaskResult.objects.exclude(pk=other.pk).get()
    assert (again.status, again.task_path, again.args_kwargs) == ("READY", task.task_path, task.args_kwargs)
    assert list(DBTaskResult.objects.failed()) == [other]


def test_a_failed_task_is_forgotten():
    failed()
    taches("--oublier")
    assert not DBTaskResult.objects.exists()


def test_a_task_that_this_version_lacks_stays_and_an_unknown_key_changes_nothing():
    task = failed("fiches.mail.gone.send_letter")
    assert "Cette version du site ne connaît plus cette tâche" in taches("--reprendre")
    with pytest.raises(CommandError, match="Aucune tâche en échec"):
        taches("--oublier", "00000000-0000-4000-8000-000000000001")
    assert list(DBTaskResult.objects.failed()) == [task]
