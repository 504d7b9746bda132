"""What several test modules of this room do and read on its screens."""

import io

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from openpyxl import Workbook
from wagtail import hooks

from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import FichePageFactory, UserFactory
from tests.formulaires import filled_form

FICHE = "rallynov_fiches/fichepage"
FORM = 'main form[method="post"]'


@pytest.fixture
def admin(client, tree):
    user = UserFactory(role="admin")
    client.force_login(user)
    return user


def bulk(model, action, items):
    return f"/admin/bulk/{model}/{action}/?{'&'.join(f'id={item.pk}' for item in items)}&next=/admin/"


def message_texts(answer):
    """Returns the texts of the messages at the top of a response's page."""
    items = BeautifulSoup(answer.content, "html.parser").select(".messages > ul > li")
    return [" ".join(item.get_text().split()) for item in items]


def run_before_bulk_action(run_action):
    """What another user does after the bulk action chose its pages, and before it changes them."""
    return hooks.register_temporarily("before_bulk_action", lambda *_args: run_action())


def book(*sheets):
    """An XLSX of these sheets, each a list of rows."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


@pytest.fixture(scope="module")
def module_review(module_tree, django_db_blocker):
    """``({role: account}, a fiche of the partner's that awaits its reading)``, made once for the module."""
    names = {"partenaire": "Paul", "redaction": "Rose", "moderation": "Max"}
    with module_transaction(django_db_blocker):
        people = {role: UserFactory(role=role, first_name=name) for role, name in names.items()}
        draft = {"live": False, "complete": True, "owner": people["partenaire"], "revision": people["partenaire"]}
        fiche = FichePageFactory(parent=read_tree(module_tree).fiches, title="Recette", **draft)
        fiche.get_workflow().start(fiche, people["partenaire"])
        yield people, fiche


@pytest.fixture
def partenaire(module_review, tree):
    return reload_record(module_review[0]["partenaire"])


@pytest.fixture
def redaction(module_review, tree):
    return reload_record(module_review[0]["redaction"])


@pytest.fixture
def moderation(module_review, tree):
    return reload_record(module_review[0]["moderation"])


@pytest.fixture
def fiche(module_review, partenaire, redaction, moderation):
    """A fiche of a partner's, which awaits its reading."""
    return reload_record(module_review[1])


def address(fiche):
    return reverse("fiches_innovation", args=[fiche.pk])


def open_screen(client, user, fiche):
    client.force_login(user)
    return client.get(address(fiche))


def send_action(client, fiche, action, **typed):
    """Sends the form of an action as it is on screen, with what was typed."""
    form = f"form:has(input[name=action][value={action}])"
    return client.post(address(fiche), {**filled_form(client.get(address(fiche)), form), **typed})


def section(response, name):
    """The text of a section of the screen, with single spaces."""
    part = BeautifulSoup(response.content, "html.parser").select_one(f"section[aria-labelledby={name}]")
    return " ".join(part.get_text().split())
