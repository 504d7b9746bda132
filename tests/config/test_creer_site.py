"""`manage.py creer_site`: a site of another region from an empty database, to its first published fiche."""

import contextlib
import datetime
import io
import re
from html import unescape

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from wagtail.models import Page, Site

from fiches.admin.importation.fiche_export import template_rows
from fiches.candidatures.models import Appel, Dossier
from fiches.candidatures.readiness import missing_before_call
from fiches.forms import throttle
from fiches.mail.wordings import LETTERS, wording
from fiches.models import Commune, Critere, FichePage
from tests.candidatures.conftest import CONTACTS, INNOVATION, Visitor
from tests.conftest import module_transaction
from tests.factories import UserFactory
from tests.formulaires import completed_form, filled_form

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"
NAME = "Breizh’nov"
ORDER = [
    "--nom",
    NAME,
    "--departements",
    "22,29,35,56",
    "--courriel",
    "equipe@breizhnov.test",
    "--editeur",
    "Réseau breton",
]
ORGANISATION = {
    "organisation": "La crêperie des Tilleuls",
    "siret": "73282932000074",
    "commune": "Brest (29200)",
    "effectif": "12",
}
LEGAL = ["mentions-legales", "confidentialite", "accessibilite"]


@pytest.fixture
def brittany(settings, monkeypatch):
    settings.RALLYNOV_TERRITOIRE, settings.WAGTAIL_SITE_NAME = "22,29,35,56", NAME
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)


def run(capsys, *args):
    call_command("creer_site", *args)
    return capsys.readouterr().out.splitlines()


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """The lines that the command prints for :data:`ORDER`, whose site is there for the module. The settings are those that an
    installation has at first."""
    output = io.StringIO()
    sender = "Rally’nov <ne-pas-repondre@localhost>"
    with module_transaction(django_db_blocker):
        with override_settings(DEFAULT_FROM_EMAIL=sender), contextlib.redirect_stdout(output):
            call_command("creer_site", *ORDER)
        yield output.getvalue().splitlines()


def published(user, page, **typed):
    """The user opens the edit form of a page, and publishes it."""
    browser = Visitor()
    browser.client.force_login(user)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    browser.post(address, {**filled_form(browser.get(address)), **typed, "action-publish": "action-publish"})


def complete(user, page):
    """The user writes « Fait » where the page says « À compléter », and publishes it."""
    browser = Visitor()
    browser.client.force_login(user)
    form = completed_form(browser.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    published(user, page, **form)


def approve(user, fiche):
    browser = Visitor()
    browser.client.force_login(user)
    address = browser.get(reverse("fiches_innovation", args=[fiche.pk]))["Location"]  # the screen of its dossier
    browser.post(address, filled_form(browser.get(address), "form:has(input[name=action][value=approve])"))


def text_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response["Content-Type"] == "application/pdf":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return unescape(content.decode("utf-8", "replace"))


@pytest.mark.nightly
def test_brittany_from_nothing_to_its_first_published_fiche(printed, brittany, client):
    assert printed[0] == f"Le site «{NBSP}{NAME}{NBSP}» est prêt, pour le territoire «{NBSP}Bretagne{NBSP}»."
    admin = get_user_model().objects.get()
    assert (admin.get_username(), admin.email, admin.is_superuser) == ("admin", "equipe@breizhnov.test", True)
    password = re.fullmatch(
        rf"Premier compte{NBSP}: admin{NBSP}; mot de passe{NBSP}: (\S+). Changez-le dans l’administration.", printed[1]
    )
    assert admin.check_password(password[1])
    assert Commune.objects.exclude(departement__in=["22", "29", "35", "56"]).count() == 0

    # The public reads it; dossiers wait for the legal pages.
    assert client.get("/").status_code == 200
    for slug in LEGAL:
        assert client.get(f"/{slug}/").status_code == 404
        assert slug in {page.slug for page in Page.objects.filter(live=False)}
    assert len(missing_before_call()) == 1
    visitor = Visitor()
    assert "Pas encore ouvert" in text_of(visitor.get("/candidature/"))

    # A legal page that is published as it was made opens nothing.
    for slug in LEGAL:
        published(admin, Page.objects.get(slug=slug))
    assert len(missing_before_call()) == 1

    # The team completes the legal pages and opens a call.
    for slug in LEGAL:
        complete(admin, Page.objects.get(slug=slug))
    now = timezone.now()
    Appel.objects.create(nom="Appel", ouverture=now - datetime.timedelta(1), cloture=now + datetime.timedelta(9))
    assert missing_before_call() == []

    # A company sends its dossier; two people approve it.
    reviewers = [UserFactory(role=role) for role in ("redaction", "moderation")]
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill(link, "organisation", ORGANISATION)
    visitor.fill(link, "innovation", INNOVATION)
    visitor.fill(link, "caracterisation", {"criteres": list(Critere.objects.values_list("pk", flat=True))})
    visitor.fill(link, "contacts", CONTACTS)
    visitor.post(f"{link}envoyer/")
    fiche = Dossier.objects.get().fiche
    assert not fiche.live
    for reviewer in reviewers:
        approve(reviewer, fiche)
    assert FichePage.objects.get().live

    # It is on the map, in the facets and in the API.
    [feature] = client.get("/fiches/carte.geojson").json()["features"]
    assert feature["properties"]["titre"] == "Le lait de nuit"
    assert [round(number) for number in feature["geometry"]["coordinates"]] == [-4, 48]
    page = BeautifulSoup(client.get("/fiches/?departement=29").content, "html.parser")
    assert "dans le Finistère" in page.get_text()
    assert [field["value"] for field in page.select("[name=departement]")] == ["29"]
    [item] = client.get("/api/v1/fiches?departement=29").json()["items"]
    assert item["titre"] == "Le lait de nuit"
    assert client.get("/api/v1/site").json()["territoire"] == {
        "nom": "Bretagne",
        "departements": [
            {"code": "22", "nom": "Côtes-d’Armor"},
            {"code": "29", "nom": "Finistère"},
            {"code": "35", "nom": "Ille-et-Vilaine"},
            {"code": "56", "nom": "Morbihan"},
        ],
        "contours": "http://testserver/territoire/departements.geojson",
    }

    # Nowhere another region, nor the demonstration.
    client.force_login(admin)
    addresses = {
        "/",
        "/admin/",
        *ADDRESSES,
        *(f"/admin/pages/{page.pk}/edit/" for page in Page.objects.filter(depth__gt=1)),
    }
    addresses.add(f"/admin/settings/home/organisme/{Site.objects.get().pk}/")
    addresses |= {page.url for page in Page.objects.live().filter(depth__gt=1)}
    texts = {address: client.get(address) for address in addresses}
    assert {address: answer.status_code for address, answer in texts.items() if answer.status_code != 200} == {}
    written = {address: text_of(answer) for address, answer in texts.items()}
    written |= {f"mail {message.subject}": f"{message.subject} {message.body}" for message in mail.outbox}
    for foreign in ("Franche-Comté", "Haute-Saône", "Territoire de Belfort", "Agrodoubs"):
        assert [address for address, text in written.items() if foreign in text] == []
    assert [name for name, text in written.items() if name.startswith("mail") and "Rally’nov" in text] == []
    assert f"le lien vers votre dossier sur {NAME}." in written["mail Votre lien pour proposer une innovation"]
    for address in ("/admin/guide/", "/api/v1/docs"):
        assert "Rally’nov" not in BeautifulSoup(written[address], "html.parser").get_text()
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == NAME
    assert "Innovation sociale en Bretagne" in written["/"]
    for address in ("/fiches/donnees/", "/fiches/schema.json"):
        assert "rallynov" not in written[address].lower() and "breizhnov-fiches" in written[address]
    assert 'filename="breizhnov-fiches.csv"' in texts["/fiches/donnees.csv"]["Content-Disposition"]


ADDRESSES = [
    "/candidature/",
    "/signaler/",
    "/integration/",
    "/recherche/?q=lait",
    "/plan-du-site/",
    "/fiches/flux.atom",
    "/fiches/donnees/",
    "/fiches/donnees.csv",
    "/fiches/schema.json",
    "/fiches/le-lait-de-nuit/fiche.pdf",
    "/api/v1/fiches",
    "/api/v1/pages",
    "/api/v1/openapi.json",
    "/api/v1/docs",
    "/oembed?url=http://testserver/fiches/le-lait-de-nuit/",
    "/integration/fiche/le-lait-de-nuit/",
    "/sitemap.xml",
    "/territoire/departements.geojson",
    "/territoire/villes.json",
    "/admin/pages/",
    "/admin/candidatures/dossiers/",
    "/admin/guide/",
]


def test_the_operator_reads_what_is_left_to_do(printed, settings):
    assert printed[2:] == [
        f"Ce qui reste à faire{NBSP}:",
        f"- RALLYNOV_NOM='{NAME}'",
        "- RALLYNOV_TERRITOIRE='22,29,35,56'",
        f"- RALLYNOV_FROM_EMAIL='{NAME} <equipe@breizhnov.test>'",
        f"- complétez et publiez ces pages{NBSP}: Mentions légales, Confidentialité, Accessibilité. Les candidatures et les signalements ouvrent ensuite.",
        f"- ouvrez un appel, pour recevoir des dossiers. L’administration{NBSP}: {settings.WAGTAILADMIN_BASE_URL}/admin/",
    ]


def test_a_database_with_content_is_refused_and_nothing_changes(printed, capsys):
    def written():
        return [list(model.objects.order_by("pk").values()) for model in (Commune, Page, get_user_model())]

    before = written()
    with pytest.raises(CommandError, match="cette base a déjà un contenu"):
        run(capsys, *ORDER, "--departements", "29")
    assert written() == before


def test_the_examples_are_of_the_territory_and_bear_the_name_of_the_site(printed, brittany):
    headings, examples = template_rows()
    row = dict(zip(headings, examples, strict=True))
    assert (row["code postal"], row["commune"]) == ("35000", "Rennes")
    shown = " ".join(f"{objet} {texte}" for key in LETTERS for objet, texte in [wording(key)])
    assert f"{NAME} : confirmez votre abonnement" in shown
    assert not [name for name in ("Dole", "39100", "Jura", "Rally") if name in f"{shown} {examples}"]


def test_a_database_without_its_tables_is_refused_in_one_line(capsys):
    MigrationRecorder.Migration.objects.filter(app="rallynov_fiches").delete()
    with pytest.raises(CommandError, match="Lancez d’abord «\u00a0manage.py migrate\u00a0»"):
        run(capsys, *ORDER)


def test_what_is_missing_is_named(capsys):
    with pytest.raises(CommandError) as refused:
        run(capsys, "--nom", NAME)
    assert str(refused.value) == f"Rien n’a été fait. Donnez{NBSP}: --departements, --courriel."


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--departements", "22,99", "Rien n’a été fait. --departements nomme « 99 », qui n’est pas un département"),
        ("--courriel", "equipe", f"Rien n’a été fait. «{NBSP}equipe{NBSP}» n’est pas une adresse de courriel."),
        ("--nom", "x" * 81, "Rien n’a été fait. Le nom du site a de 1 à 80 caractères."),
    ],
)
def test_a_wrong_answer_is_refused_in_one_line(capsys, option, value, message):
    with pytest.raises(CommandError) as refused:
        run(capsys, *ORDER, option, value)
    assert str(refused.value).startswith(message)
    assert not Page.objects.filter(slug="fiches").exists()
