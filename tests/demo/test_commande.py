"""`manage.py demo`: once, for nobody else's database."""

import io

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from wagtail.models import Page

from fiches.models import MotCle, Partenaire
from home.models import Illustration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def run(*arguments):
    output = io.StringIO()
    call_command("demo", *arguments, stdout=output)
    return output.getvalue()


def stored_state():
    """Each page with what could have changed, each account with its password."""
    pages = Page.objects.order_by("path").values_list("pk", "path", "title", "slug", "latest_revision", "live")
    users = get_user_model().objects.order_by("pk").values_list("pk", "username", "password", "email")
    records = [
        list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in (Partenaire, Illustration, MotCle)
    ]
    return list(pages), list(users), records


def test_a_second_run_changes_nothing_and_says_so(monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    before = stored_state()
    assert run() == "La démonstration est déjà en place.\n"
    assert stored_state() == before


def test_a_given_password_is_set_again_and_only_then(monkeypatch):
    admin = get_user_model().objects.get(username="admin")
    admin.set_password("changé-par-une-personne")
    admin.save()
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    run()
    admin.refresh_from_db()
    assert admin.check_password("changé-par-une-personne")
    monkeypatch.setenv("DEMO_PASSWORD", "donné-par-l-opérateur")
    assert "donné-par-l-opérateur" in run()
    admin.refresh_from_db()
    assert admin.check_password("donné-par-l-opérateur")
