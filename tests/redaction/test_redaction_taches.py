"""The admin's home page lists failed background tasks to users who may change them; one click runs a task again."""

import sys

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult, get_date_max

from fiches.admin.dashboard import day_of
from fiches.mail.outbox import send_courriel
from tests.factories import UserFactory
from tests.redaction.seen_text import text

pytestmark = pytest.mark.django_db

SCREEN = "/admin/redaction/taches/"


@pytest.fixture
def admin(client, tree):
    user = UserFactory(role="admin")
    client.force_login(user)
    return user


def failed(path=send_courriel.module_path, **more):
    values = {
        "status": TaskResultStatus.FAILED,
        "finished_at": timezone.now() - timezone.timedelta(hours=3),
        "args_kwargs": {"args": [42], "kwargs": {}},
        "task_path": path,
        "backend_name": "default",
        "run_after": get_date_max(),
        "exception_class_path": "builtins.OSError",
        "traceback": "OSError: disk full",
    }
    return DBTaskResult.objects.create(**values | more)


def dashboard_lines(user):
    return {line.label: (line.number, line.address) for _title, lines in day_of(user).sections for line in lines}


def test_failed_tasks_are_told_to_who_may_run_them_again(client, admin):
    failed()
    assert dashboard_lines(admin)["tâche de fond en échec"] == (1, SCREEN)
    assert "1 tâche de fond en échec depuis 3 heures" in text(client.get("/admin/"))
    assert "tâche de fond en échec" not in dashboard_lines(UserFactory(role="redaction"))
    page = text(client.get(SCREEN))
    assert "envoyer un courriel" in page
    assert "builtins.OSError" in page
    assert "OSError: disk full" in page
    assert "Reprendre : envoyer un courriel" in page
    assert "Task" not in page


def test_each_task_has_a_name_in_words(client, admin):

    modules = [
        module for name, module in sys.modules.items() if name.split(".")[0] in {"fiches", "etapes", "home", "wagtail"}
    ]
    paths = {task.module_path for module in modules for task in vars(module).values() if isinstance(task, Task)}
    assert send_courriel.module_path in paths and "wagtail.images.tasks.set_image_focal_point_task" in paths
    for path in paths:
        failed(path, traceback="")
    page = text(client.get(f"{SCREEN}?items_per_page=100"))
    assert "autre tâche du site" not in page
    assert [path for path in paths if path in page] == []


def test_a_task_without_a_name_shows_its_path_in_the_details_only(client, admin):
    failed("hote.travaux.compter")
    page = client.get(SCREEN)
    assert "une autre tâche du site" in text(page)
    assert [
        each.find_parent("details") is not None
        for each in BeautifulSoup(page.content, "html.parser").find_all(string="hote.travaux.compter")
    ] == [True]


def test_a_failed_task_runs_again_as_it_was_asked(client, admin, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    task = failed()
    answer = client.post(f"{SCREEN}{task.pk}/reprendre/", follow=True)
    assert "« envoyer un courriel » reprend." in text(answer)
    again = DBTaskResult.objects.get()
    assert (again.status, again.task_path, again.args_kwargs) == ("READY", task.task_path, task.args_kwargs)


def test_a_failed_task_is_forgotten(client, admin):
    task = failed()
    assert "Aucune tâche n’a échoué." in text(client.post(f"{SCREEN}{task.pk}/oublier/", follow=True))
    assert not DBTaskResult.objects.exists()


def test_a_task_that_this_version_lacks_says_so_and_stays(client, admin):
    task = failed("fiches.mail.gone.send_letter")
    answer = client.post(f"{SCREEN}{task.pk}/reprendre/", follow=True)
    assert "Cette tâche n’existe plus dans cette version du site. Oubliez-la." in text(answer)
    assert list(DBTaskResult.objects.failed()) == [task]


@pytest.mark.parametrize("role", ["redaction", "moderation", "partenaire"])
def test_nobody_else_sees_or_runs_them(client, tree, role):
    client.force_login(UserFactory(role=role))
    task = failed()
    assert client.get(SCREEN).status_code == 302
    assert client.post(f"{SCREEN}{task.pk}/reprendre/").status_code == 302
    assert list(DBTaskResult.objects.failed()) == [task]
