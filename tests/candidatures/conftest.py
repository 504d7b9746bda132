"""Fixtures of the dossiers: an open call, an applicant with a link, a member of the staff."""

import datetime
import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.utils import timezone

from fiches.candidatures.models import Appel, Dossier
from fiches.forms import throttle
from fiches.models import Commune, Critere
from tests.conftest import module_transaction, read_tree, reload_record
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


@pytest.fixture(scope="module", autouse=True)
def _without_minimum_time():
    """Lets tests send a form faster than a person fills it in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(throttle, "MINIMUM", -1.0)
        yield


@pytest.fixture(scope="module")
def module_call(module_tree, django_db_blocker):
    """A site ready to take dossiers, once per module: ``appel``, ``privacy_page``, ``critere``."""
    now = timezone.now()
    with module_transaction(django_db_blocker):
        yield SimpleNamespace(
            appel=Appel.objects.create(
                nom="Appel 2026", ouverture=now - datetime.timedelta(days=5), cloture=now + datetime.timedelta(days=30)
            ),
            privacy_page=ContentPageFactory(
                parent=read_tree(module_tree).home, title="Confidentialité", slug="confidentialite"
            ),
            critere=CritereFactory(name="entreprise", dimension__nom="centrée sur", dimension__slug="centree-sur"),
        )


@pytest.fixture
def appel(module_call, db):
    return reload_record(module_call.appel)


@pytest.fixture
def privacy_page(module_call, db):
    """The privacy page without which the site takes no dossier."""
    return reload_record(module_call.privacy_page)


@pytest.fixture
def critere(module_call, db):
    return reload_record(module_call.critere)


@pytest.fixture
def flagey(db):
    return Commune.objects.get(nom="Flagey", departement="25")


class Visitor:
    """A browser. The on-commit callbacks of its POST requests run at once."""

    capture = TestCase.captureOnCommitCallbacks

    def __init__(self, client=None):
        self.client = client or Client()

    def get(self, path, **kwargs):
        return self.client.get(path, **kwargs)

    def post(self, path, data=None, **kwargs):
        with self.capture(execute=True):
            return self.client.post(path, data or {}, **kwargs)

    def ask_for_link(self, courriel):
        """Asks for a link, and returns the paths of the links in the mail."""
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

    def send_dossier(self):
        """Asks for a link, fills in the dossier and sends it; returns the link."""
        [link] = self.ask_for_link("jeanne@tilleuls.test")
        self.fill_in_all(link)
        self.post(f"{link}envoyer/")
        return link


@pytest.fixture
def visitor(module_call, tree):
    return Visitor()


@pytest.fixture(scope="module")
def module_link(module_call, django_db_blocker):
    """``(link, cookies)`` of a dossier that holds nothing yet, once per module."""
    with module_transaction(django_db_blocker):
        visitor = Visitor()
        yield visitor.ask_for_link("jeanne@tilleuls.test")[0], visitor.client.cookies


@pytest.fixture
def link(module_link, visitor):
    """The link that ``visitor`` asked for."""
    link, cookies = module_link
    visitor.client.cookies.load(cookies.output(header=""))
    return link


@pytest.fixture(scope="module")
def module_sent(module_call, django_db_blocker):
    """``(link, cookies)`` of a sent dossier, once per module."""
    with module_transaction(django_db_blocker):
        visitor = Visitor()
        yield visitor.send_dossier(), visitor.client.cookies


@pytest.fixture
def sent(module_sent, visitor):
    """A sent dossier: ``link``, ``dossier``, ``visitor``."""
    link, cookies = module_sent
    visitor.client.cookies.load(cookies.output(header=""))
    return SimpleNamespace(link=link, dossier=Dossier.objects.get(), visitor=visitor)


@pytest.fixture(scope="module")
def module_reviewers(module_tree, django_db_blocker):
    """``{role: account}`` of the people of the review, once per module: the first reading is skipped where nobody may do it."""
    with module_transaction(django_db_blocker):
        yield {role: UserFactory(role=role) for role in ("redaction", "moderation")}


@pytest.fixture
def staff(db):
    """An administrator, logged in."""
    user = UserFactory(role="admin")
    client = Client()
    client.force_login(user)
    visitor = Visitor(client)
    visitor.user = user
    return visitor


def text(response):
    """Returns the HTML of a page, unescaped, with no-break spaces replaced by plain ones."""
    return unescape(response.content.decode()).replace("\u00a0", " ")


def photo(name="vache.jpg", **options):
    return SimpleUploadedFile(name, picture(**options), content_type="image/jpeg")
