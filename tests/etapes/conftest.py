"""An étape that people register for, its organiser, and visitors with a browser and a mailbox."""

import datetime
import re
from html import unescape

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from etapes.inscriptions import registration_transitions
from fiches.forms import throttle
from fiches.moderation.decision import decide
from fiches.moderation.submitting import submit
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import EtapePageFactory, PartenaireFactory, UserFactory

LINK = re.compile(r"http://testserver(/inscription/[\w-]+/)")


def in_days(number):
    return timezone.localdate() + datetime.timedelta(days=number)


@pytest.fixture(autouse=True)
def _without_minimum_time(monkeypatch):
    """The tests fill in forms faster than people."""
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)


@pytest.fixture(scope="module")
def partner(module_tree, django_db_blocker):
    """The network that holds the étape, whose ``membres`` are its organiser alone; made once for the module."""
    with module_transaction(django_db_blocker):
        organiser = UserFactory(role="partenaire", username="organisatrice")
        yield PartenaireFactory(nom="Chambre des métiers", membres=[organiser])


@pytest.fixture(scope="module")
def module_etape(module_tree, partner, django_db_blocker):
    """What `etape` is, made once for the module."""
    with module_transaction(django_db_blocker):
        etape = EtapePageFactory(
            parent=read_tree(module_tree).etapes,
            slug="dole",
            title="Étape à Dole",
            numero=3,
            date=in_days(30),
            moment="",
            debut=datetime.time(14),
            fin=datetime.time(17, 30),
            lieu="Salle des fêtes",
            commune_id="39198",
            inscriptions="ouvertes",
            capacite=2,
            organisateurs=[partner],
        )
        etape.save_revision().publish()
        yield etape


@pytest.fixture
def network(partner, db):
    return reload_record(partner)


@pytest.fixture
def organiser(network):
    return network.membres.get()


@pytest.fixture
def etape(module_etape, tree, network):
    """Two places, in a month."""
    return reload_record(module_etape)


class Browser:
    """Somebody's browser; what its requests cause after the commit happens at once."""

    def __init__(self, capture, user=None):
        self.client = Client()
        self.capture = capture
        if user:
            self.client.force_login(user)

    def get(self, path, **kwargs):
        return self.client.get(path, **kwargs)

    def post(self, path, data=None, **kwargs):
        with self.capture(execute=True):
            return self.client.post(path, data or {}, **kwargs)

    def register(self, courriel, *, path="/etapes/dole/inscription/", **typed):
        """Opens the form, fills it in and sends it."""
        depart = self.get(path).context["form"]["depart"].value()
        data = {"nom": "Jeanne Marmier", "courriel": courriel, "accord": "on", "depart": depart}
        return self.post(path, {**data, **typed})


@pytest.fixture
def browser(django_capture_on_commit_callbacks):
    """``browser()`` is a visitor's, ``browser(user)`` somebody's who is logged in."""
    return lambda user=None: Browser(django_capture_on_commit_callbacks, user)


@pytest.fixture
def visitor(browser, etape):
    return browser()


@pytest.fixture
def register_people(etape, django_capture_on_commit_callbacks):
    """``register_people("jeanne", …)`` registers people for the étape, deletes the mails sent, and returns the registrations in order."""

    def register(*names, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            found = [
                registration_transitions.register(etape=etape, nom=name.title(), courriel=f"{name}@x.test", **fields)[0]
                for name in names
            ]
        mail.outbox.clear()
        return found[0] if len(found) == 1 else found

    return register


@pytest.fixture
def awaiting_approval(organiser, django_capture_on_commit_callbacks):
    """``awaiting_approval(etape)``: the latest version of the étape, which its organiser submitted and a reader passed on."""

    def read(etape):
        reader = UserFactory(role="redaction")
        with django_capture_on_commit_callbacks(execute=True):
            submit(etape, organiser)
            state = reload_record(etape).current_workflow_task_state
            decide(task_state=state, action="approve", by=reader, revision_read=etape.latest_revision_id)
        return reload_record(etape)

    return read


def links(message):
    """The private addresses in a mail."""
    return LINK.findall(message.body)


def subjects():
    return [(message.to[0], message.subject) for message in mail.outbox]


def text(response):
    """A page's words, with plain spaces."""
    return " ".join(unescape(response.content.decode()).replace("\u00a0", " ").split())
