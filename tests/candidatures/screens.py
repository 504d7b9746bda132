"""What several test modules of this room do and read on its screens."""

import json
import re
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader
from wagtail.images import get_image_model
from wagtail.models import Page

from etapes.models import EtapePage, PresentationDeFiche
from fiches.candidatures.consentements import CONTACT
from fiches.candidatures.models import Dossier
from fiches.candidatures.pieces import private_collection
from fiches.models import FichePage
from tests.addresses import accounts_and_records as accounts_and_records
from tests.addresses import module_accounts_and_records as module_accounts_and_records
from tests.candidatures.conftest import CONTACTS, INNOVATION, ORGANISATION, Visitor, photo
from tests.conftest import module_transaction
from tests.factories import CarnetPageFactory, UserFactory
from tests.formulaires import filled_form


def pictures_of(response):
    """Returns the addresses of the pictures of the fiche in a page."""
    article = BeautifulSoup(response.content, "html.parser").select_one("article")
    sources = [each.get("src") or each["srcset"] for each in article.select("img, source")]
    return {address.split()[0] for source in sources for address in source.split(",")}


def second_dossier(visitor, *, courriel="autre@tilleuls.test", contacts=(), innovation=(), **changes):
    link = visitor.ask_for_link(courriel)[0]
    visitor.fill_in_all(link)
    visitor.fill(link, "innovation", {**INNOVATION, **dict(innovation)})
    visitor.fill(link, "contacts", {**CONTACTS, **dict(contacts)})
    visitor.fill(link, "organisation", {**ORGANISATION, **changes})
    visitor.post(f"{link}envoyer/")
    return link, Dossier.objects.latest("pk")


def address(dossier):
    return reverse("dossiers:detail", args=[dossier.pk])


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def section(response, name):
    """The text of a section of the screen, with single spaces."""
    return " ".join(soup(response).select_one(f"section[aria-labelledby={name}]").get_text().split())


def logged_in(role):
    return browser_of(UserFactory(role=role))


def browser_of(user):
    client = Client()
    client.force_login(user)
    visitor = Visitor(client)
    visitor.user = user
    return visitor


def take_decision(visitor, dossier, action="approve", **typed):
    form = f"form:has(input[name=action][value={action}])"
    return visitor.post(address(dossier), {**filled_form(visitor.get(address(dossier)), form), **typed})


SLUG = "le-lait-de-nuit"
CONTACT_MARKERS = {
    "nom": "zanzibar",
    "fonction": "zakouski",
    "courriel": "zambeze@ferme.test",
    "telephone": "381865859",
}
PICTURE_MARKER = "zibeline"
ANSWERS = {
    "contact_nom": "Jeanne Zanzibar",
    "contact_fonction": "Zakouskière",
    "contact_courriel": "zambeze@ferme.test",
    "contact_telephone": "03.81.86.58.59",
    "consentement_publication": "on",
    "consentement_droits_photo": "on",
    **{f"consentement_{name}": "on" for name in CONTACT},
}


@pytest.fixture(scope="module")
def module_published(module_call, module_accounts_and_records, django_db_blocker):
    """The link of a dossier whose published fiche shows a contact and a photo, and is on a carnet and an étape too; made once for the
    module."""
    with module_transaction(django_db_blocker):
        yield put_online(Visitor())


@pytest.fixture
def published(module_published, visitor, accounts_and_records):
    return module_published


def put_online(visitor):
    [link] = visitor.ask_for_link("zambeze@ferme.test")
    visitor.fill_in_all(link)
    visitor.fill(link, "innovation", INNOVATION | {"citation": "On dort.", "citation_auteur": "Jeanne Zanzibar"})
    pictures = {"photo": magenta_photo(), "photo_alt": f"Une {PICTURE_MARKER}", "photo_credit": "Jeanne Zanzibar"}
    visitor.fill(link, "images", pictures)
    visitor.fill(link, "contacts", ANSWERS)
    visitor.post(f"{link}envoyer/")
    with visitor.capture(execute=True):
        fiche = FichePage.objects.get(slug=SLUG)
        fiche.get_latest_revision().publish(user=UserFactory(role="admin"), skip_permission_checks=True)
        PresentationDeFiche.objects.create(etape=EtapePage.objects.get(slug="dole"), fiche=fiche)
        block = {"type": "fiches", "value": {"titre": "À lire", "fiches": [fiche.pk]}}
        CarnetPageFactory(parent=Page.objects.get(slug="carnets"), slug="carnet-2", corps=[block])
    return link


def magenta_photo():
    return photo(image=Image.new("RGB", (1200, 900), "#ff00ff"))


def read(client, address):
    """Returns ``(text, images)`` of a response, without the words of the search, which a page repeats."""
    response = client.get(address)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    if response.status_code != 200:
        return "", []
    if kind == "application/pdf":
        pages = PdfReader(BytesIO(content)).pages
        return "\n".join(page.extract_text() for page in pages), [each.image for page in pages for each in page.images]
    if kind.startswith("image/") and kind != "image/svg+xml":
        return "", [Image.open(BytesIO(content))]
    text = content.decode("utf-8", "replace")
    if "=" in address:
        text = text.replace(address.rpartition("=")[2], "")
    return json.dumps(json.loads(text), ensure_ascii=False) if kind.endswith("json") else text, []


def plain(text):
    """Converts to lower case, and removes spaces and points between digits, for phone numbers."""
    return re.sub(r"(?<=\d)[\s\u00a0\u202f.]+(?=\d)", "", text.lower())


TIP = {
    "organisation": "Boulangerie du Coin, Dole",
    "innovation": "Elle forme des personnes éloignées de l’emploi.",
    "contact": "pain@coin.test",
    "de": "voisine@exemple.test",
}


def send(visitor, **changes):
    mark = visitor.get("/signaler/").context["form"]["depart"].value()
    return visitor.post("/signaler/", {**TIP, "depart": mark, **changes})


def kept_picture(name):
    """An image in the private collection."""
    file = photo(f"{name}.jpg")
    return get_image_model().objects.create(title=name, file=file, collection=private_collection())


def ask(staff, dossier, *reasons):
    data = {"raisons-TOTAL_FORMS": len(reasons), "raisons-INITIAL_FORMS": 0}
    for index, (champ, raison) in enumerate(reasons):
        data |= {f"raisons-{index}-champ": champ, f"raisons-{index}-raison": raison}
    return staff.post(f"/admin/candidatures/dossiers/{dossier.pk}/corriger/", data)


CONSENTS = {**CONTACTS, "consentement_droits_photo": "on", "consentement_contact_telephone": "on"}
FOUR = ("contact_nom", "contact_telephone", "contact_courriel", "droits_photo")
