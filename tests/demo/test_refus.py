"""`manage.py demo` never mixes with somebody's content."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from wagtail.models import Page

from fiches.models import Partenaire
from tests.factories import FichePageFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_it_refuses_a_database_that_holds_other_content(tree):
    FichePageFactory(parent=tree.fiches)
    UserFactory(username="admin")
    with pytest.raises(CommandError) as refusal:
        call_command("demo")
    assert refusal.value.returncode == 1
    assert "contient déjà des pages ou des comptes" in str(refusal.value)
    assert Page.objects.filter(depth__gt=1).count() == 6
    assert not Partenaire.objects.exists()


def test_it_refuses_an_account_that_it_did_not_make():
    UserFactory(username="redaction")
    with pytest.raises(CommandError, match="contient déjà des pages ou des comptes"):
        call_command("demo")
    assert Page.objects.get(depth=2).title == "Welcome to your new Wagtail site!"


def test_it_refuses_a_site_in_production_and_leaves_no_account(settings):
    settings.RALLYNOV_DEMO = False
    with pytest.raises(CommandError) as refusal:
        call_command("demo")
    assert str(refusal.value) == (
        "Rien n’est chargé\u00a0: la démonstration et ses comptes ne doivent pas aller sur un site en production."
    )
    assert Page.objects.get(depth=2).title == "Welcome to your new Wagtail site!"
    assert not get_user_model().objects.exists()
