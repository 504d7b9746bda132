"""Colleagues are named as they are called, in every list; by their account where they gave no name."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from fiches.models import Importation
from fiches.upkeep.recycle_bin import discard
from tests.factories import FichePageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[("Ada", "Lovelace", "Ada Lovelace"), ("", "", "alovelace")])
def member_and_name(request):
    """A member of the staff, and how a screen says them."""
    first, last, name = request.param
    return UserFactory(role="redaction", username="alovelace", first_name=first, last_name=last), name


@pytest.fixture
def reader(client, tree):
    user = UserFactory(role="moderation", first_name="Mona", last_name="Lecture")
    client.force_login(user)
    return client


def cells(client, address):
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return [cell.get_text(" ", strip=True) for cell in page.main.find_all("td")]


def test_who_submitted_a_fiche(reader, tree, member_and_name):
    someone, name = member_and_name
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=someone, revision=someone)
    fiche.get_workflow().start(fiche, someone)
    assert name in cells(reader, "/admin/")


def test_who_deleted_a_fiche(reader, tree, member_and_name):
    someone, name = member_and_name
    discard(FichePageFactory(parent=tree.fiches), by=someone)
    assert name in cells(reader, reverse("fiches_corbeille"))


def test_who_sent_a_file(reader, member_and_name):
    someone, name = member_and_name
    Importation.objects.create(auteur=someone, nom="fiches.csv")
    reader.force_login(someone)
    assert name in cells(reader, reverse("fiches_imports"))


def test_to_whom_a_dossier_may_be_given_in_the_filters_of_the_inbox(reader, member_and_name):
    _someone, name = member_and_name
    page = BeautifulSoup(reader.get(reverse("dossiers:index")).content, "html.parser")
    offered = page.find(attrs={"name": "responsable"}).find_all("option")
    assert {name, "Mona Lecture"} <= {option.text for option in offered}


def test_who_may_change_what_a_partner_organises(client, member_and_name):
    _someone, name = member_and_name
    client.force_login(UserFactory(role="redaction", first_name="Rémi", last_name="Lecture"))
    page = BeautifulSoup(client.get("/admin/snippets/rallynov_fiches/partenaire/add/").content, "html.parser")
    offered = {option.text for option in page.find(attrs={"name": "membres"}).find_all("option")}
    assert {name, "Rémi Lecture"} <= offered


def test_who_logs_in(client, member_and_name):
    someone, name = member_and_name
    someone.set_password("une phrase de passe")
    someone.save()
    form = {"login": "alovelace", "password": "une phrase de passe"}
    assert f"Connexion avec {name} réussie." in client.post("/admin/login/", form, follow=True).content.decode()


REPORTS = ("locked", "workflow", "workflow_tasks", "site-history", "aging-pages")


def test_the_receipt_of_an_erasure_names_who_erased(client, tree):
    client.force_login(UserFactory(role="admin", username="adm7", first_name="Ada", last_name="Lovelace"))
    data = {"courriel": "a@b.example", "confirmation": "a@b.example", "action": "effacer"}
    page = client.post(reverse("fiches_donnees_personnelles"), data, follow=True)
    assert "<dd>Ada Lovelace</dd>" in page.text
