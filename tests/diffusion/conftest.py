"""What the tests of diffusion start with."""

import json
import re

import pytest
from django.db import transaction
from jsonschema import Draft202012Validator

from fiches import http
from fiches.diffusion import webhooks
from fiches.diffusion.models import Webhook
from fiches.models import FicheFinanceur, FicheIndexPage, FichePage
from tests.diffusion import receveur
from tests.factories import CritereFactory, DimensionFactory, EditionFactory, FichePageFactory, PartenaireFactory

FICHE = ["fiche.publiee", "fiche.modifiee", "fiche.retiree"]
"""The events of a fiche that a subscriber may hear of."""


@pytest.fixture(scope="session")
def openapi():
    """The published description of the API."""
    from fiches.diffusion.api.documentation import schema
    from fiches.diffusion.api.urls import api

    return schema(api)


@pytest.fixture
def read(client, openapi):
    """Reads an address of the API and holds the answer against its description: ``read("fiches?q=pain")``."""

    def get(address, status=200, **headers):
        response = client.get(f"/api/v1/{address}", headers=headers)
        assert response.status_code == status, response.content
        if status == 200:
            check(openapi, address.partition("?")[0], response.json())
        return response

    return get


def check(openapi, resource, data):
    path = next(path for path in openapi["paths"] if _matches(path, f"/api/v1/{resource}"))
    content = openapi["paths"][path]["get"]["responses"]["200"]["content"]
    schema = {**next(iter(content.values()))["schema"], "components": openapi["components"]}
    Draft202012Validator(schema).validate(data)


def _matches(template, path):
    return re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path) is not None


BODY = [
    {"type": "texte", "value": "<p>Du pain <b>partagé</b>.</p>"},
    {"type": "citation", "value": {"texte": "On partage tout.", "auteur": "Une boulangère", "fonction": ""}},
    {"type": "chiffres_cles", "value": {"chiffres": [{"valeur": "15", "libelle": "personnes"}]}},
    {"type": "mise_en_oeuvre", "value": {"etapes": [{"quand": "2012", "titre": "Le four", "texte": "Acheté."}]}},
    {"type": "video", "value": {"adresse": "https://video.example/1", "titre": "Le film", "duree": "3 min"}},
]


@pytest.fixture(scope="module")
def module_epicerie(module_tree, django_db_blocker):
    """The key of `epicerie`, made once for the module; None where `module_tree` is, in a module whose tests commit."""
    if not module_tree:
        yield None
        return
    with django_db_blocker.unblock(), transaction.atomic():
        yield create_epicerie(FicheIndexPage.objects.get(pk=module_tree[1]["fiches"]))
        transaction.set_rollback(True)


@pytest.fixture
def epicerie(module_epicerie, tree):
    """A fiche with everything that a fiche can have, in Besançon. What a test does to it is undone."""
    return FichePage.objects.get(pk=module_epicerie or create_epicerie(tree.fiches))


def create_epicerie(index_page):
    dimension = DimensionFactory(nom="centrée sur", slug="centree-sur")
    criterion = CritereFactory(dimension=dimension, name="entreprise")
    CritereFactory(dimension=dimension, name="territoire")
    fiche = FichePageFactory(
        parent=index_page,
        title="L’épicerie qui partage",
        slug="epicerie",
        organisation="Agrodoubs",
        corps=json.dumps(BODY),
        commune_id="25056",
        adresse="1 rue des Essais",
        point="SRID=4326;POINT(6.02 47.24)",
        statut="cooperative",
        sphere="ess",
        effectif=15,
        edition=EditionFactory(),
        partenaire=PartenaireFactory(nom="Pôle des essais", sigle="PDE", slug="pde"),
        contact_nom="Jeanne Essai",
        contact_nom_public=True,
        contact_courriel="secret-QZX@example.org",
        contact_telephone="+33381405757",
        partenaire_contact_courriel="secret-QZY@example.org",
    )
    fiche.criteres.add(criterion)
    fiche.mots_cles.add("pain")
    fiche.financements = [FicheFinanceur(partenaire=PartenaireFactory(nom="Région", slug="region"), mention="")]
    fiche.save_revision().publish()
    return fiche.pk


@pytest.fixture
def receiver():
    with receveur.receiving() as receiver:
        yield receiver


@pytest.fixture
def loopback_webhooks(monkeypatch, settings):
    """The machine itself may be called; nothing is waited for longer than a second."""
    settings.RALLYNOV_WEBHOOKS_LOOPBACK = True
    monkeypatch.setattr(http, "SECONDS", 1)


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """What is done inside is committed: the worker hears of it."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def subscribe(loopback_webhooks, receiver, tree):
    def create(adresse=None):
        webhook = Webhook(nom="Réseau", adresse=adresse or receiver.address, sel="a" * 64)
        webhook.full_clean()
        webhooks.follow(webhook)
        return webhook

    return create
