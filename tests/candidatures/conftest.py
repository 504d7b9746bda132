"""A call that is open, people who hold links, staff who decide."""

import datetime
import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from fiches.candidatures.models import Appel, Dossier
from fiches.forms import throttle
from fiches.models import Commune, Critere
from tests.factories import ContentPageFactory, CritereFactory, UserFactory
from tests.pictures import picture

LINK = re.compile(r"http://testserver(/candidature/\S+)")
SIRET = "73282932000074"

ORGANISATION = {"organisation": "Fruitière des Tilleuls", "siret": SIRET, "commune": "Flagey (25330)", "effectif": "12"}
INNOVATION = {
    "titre": "Le lait de nuit",
    "chapo": "Une fruitière qui laisse dormir ses fromagers.",
    "besoin": "La traite commençait à quatre heures.",
    "description": "Le lait attend au frais.\n\nLes fromagers commencent à huit heures.",
    "resultats": "Plus personne ne part.",
}
CONTACTS = {
    "contact_nom": "Jeanne Marmier",
    "contact_courriel": "jeanne@tilleuls.test",
    "contact_telephone": "03.81.86.58.58",
    "consentement_publication": "on",
}


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """The tests fill in forms faster than people."""
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)


@pytest.fixture
def appel(db):
    now = timezone.now()
    return Appel.objects.create(
        nom="Appel 2026", ouverture=now - datetime.timedelta(days=5), cloture=now + datetime.timedelta(days=30)
    )


@pytest.fixture
def flagey(db):
    return Commune.objects.get(nom="Flagey", departement="25")


@pytest.fixture
def privacy_page(tree):
    """What a site says of data before it takes any."""
    return ContentPageFactory(parent=tree.home, title="Confidentialité", slug="confidentialite")


class Visitor:
    """A browser; what its requests cause after the commit happens at once."""

    def __init__(self, capture, client=None):
        self.client = client or Client()
        self.capture = capture

    def get(self, path, **kwargs):
        return self.client.get(path, **kwargs)

    def post(self, path, data=None, **kwargs):
        with self.capture(execute=True):
            return self.client.post(path, data or {}, **kwargs)

    def ask_for_link(self, courriel):
        """Asks, and returns the paths that the mail holds."""
        before = len(mail.outbox)
        form = self.get("/candidature/").context["form"]
        self.post("/candidature/", {"courriel": courriel, "depart": form["depart"].value()})
        return [path for message in mail.outbox[before:] for path in LINK.findall(message.body)]

    def fill(self, link, cle, data, **kwargs):
        revision = Dossier.objects.latest("pk").revision
        return self.post(f"{link}{cle}/", {"revision": revision, "continuer": "1", **data}, **kwargs)

    def fill_in_all(self, link):
        self.fill(link, "organisation", ORGANISATION)
        self.fill(link, "innovation", INNOVATION)
        self.fill(link, "caracterisation", {"criteres": list(Critere.objects.values_list("pk", flat=True))})
        return self.fill(link, "contacts", CONTACTS)


@pytest.fixture
def visitor(django_capture_on_commit_callbacks, tree, appel, flagey, privacy_page, critere):
    return Visitor(django_capture_on_commit_callbacks)


@pytest.fixture
def sent(visitor):
    """A dossier that was sent: ``link``, ``dossier``, ``visitor``."""
    link = visitor.ask_for_link("jeanne@tilleuls.test")[0]
    visitor.fill_in_all(link)
    visitor.post(f"{link}envoyer/")
    mail.outbox.clear()
    return SimpleNamespace(link=link, dossier=Dossier.objects.get(), visitor=visitor)


@pytest.fixture
def staff(django_capture_on_commit_callbacks, db):
    """An administrator, logged in."""
    user = UserFactory(role="admin")
    client = Client()
    client.force_login(user)
    visitor = Visitor(django_capture_on_commit_callbacks, client)
    visitor.user = user
    return visitor


@pytest.fixture
def critere(db):
    return CritereFactory(name="entreprise", dimension__nom="centrée sur", dimension__slug="centree-sur")


def text(response):
    """A page's words, with plain spaces and apostrophes."""
    return unescape(response.content.decode()).replace("\u00a0", " ")


def photo(name="vache.jpg", **options):
    return SimpleUploadedFile(name, picture(**options), content_type="image/jpeg")
