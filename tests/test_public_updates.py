"""``QuerySet.update()`` sends no signal: on a model that the public sees, the product calls ``fiches.models.bulk.update``."""

import ast
import importlib
import sys
from pathlib import Path

import pytest
from django.db.models import Model
from wagtail.models import Page

from etapes.models import EtapeOrganisation, EtapePage, PresentationDeFiche
from fiches.models import Critere, Dimension, Edition, FicheFinanceur, FichePage, MotCle, Partenaire, Synonyme
from fiches.models.bulk import update
from fiches.palmares.models import Categorie, Decision, Nomination, Prix
from home.models import Illustration, LienDeMenu, LienDePied, Navigation, Organisme, Reference
from tests.factories import EtapePageFactory, FichePageFactory

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("fiches", "etapes", "home", "search", "site/config", "site/demo")
PUBLIC = (
    *(Page, EtapeOrganisation, PresentationDeFiche, Illustration, LienDeMenu, LienDePied, Navigation, Organisme),
    *(Critere, Dimension, Edition, FicheFinanceur, MotCle, Partenaire, Synonyme, Reference),
    *(Categorie, Decision, Nomination, Prix),
)


def model_at_the_head(node, file):
    """The model of ``Model.objects.filter(…).update(…)`` in a module, or None."""
    head = node.func
    while isinstance(head, ast.Attribute | ast.Call):
        head = head.value if isinstance(head, ast.Attribute) else head.func
    dotted = file.relative_to(ROOT).with_suffix("").as_posix().removeprefix("site/").removesuffix("/__init__")
    module = sys.modules.get(name := dotted.replace("/", ".")) or importlib.import_module(name)
    found = getattr(module, head.id, None) if isinstance(head, ast.Name) else None
    return found if isinstance(found, type) and issubclass(found, Model) else None


def updates():
    """``(place, model, columns)`` of each ``Model….update(…)`` of the product."""
    for file in (each for room in ROOMS for each in sorted((ROOT / room).rglob("*.py"))):
        if "migrations" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            is_update = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"update", "bulk_update"}
            if is_update and (model := model_at_the_head(node, file)):
                yield f"{file}:{node.lineno}", model, [keyword.arg for keyword in node.keywords]


@pytest.mark.nightly
def test_no_update_of_what_the_public_sees_is_silent():
    """How many pages stand below one is no content, nor are the fields of a draft, which `RevisedWhenChanged.save` writes; a commune
    that moves tells of it by `territoire.relocate`."""
    found = [(place, model, columns) for place, model, columns in updates() if columns != ["numchild"]]
    assert len(found) > 10
    public = [place for place, model, _columns in found if issubclass(model, PUBLIC)]
    assert [Path(place.split(":")[0]).relative_to(ROOT).as_posix() for place in public] == [
        "fiches/models/revisions.py"
    ]


@pytest.mark.django_db
def test_what_is_updated_at_once_is_told_by_the_api(client, tree):
    fiches = [FichePageFactory(parent=tree.fiches, slug=f"fiche-{number}") for number in range(2)]
    etape = EtapePageFactory(parent=tree.etapes, slug="dole")
    told = [client.get(f"/api/v1/fiches/fiche-{number}").json()["organisation"] for number in range(2)]
    assert told == ["Agrodoubs"] * 2
    assert client.get("/api/v1/etapes/dole").json()["participants"] is None
    assert update(FichePage.objects.filter(pk__in=[page.pk for page in fiches]), organisation="Coopérative") == 2
    update(EtapePage.objects.filter(pk=etape.pk), participants=12)
    told = [client.get(f"/api/v1/fiches/fiche-{number}").json()["organisation"] for number in range(2)]
    assert told == ["Coopérative"] * 2
    assert [item["slug"] for item in client.get("/api/v1/fiches?q=cooperative&tri=titre").json()["items"]] == [
        page.slug for page in sorted(fiches, key=lambda page: page.title)
    ]
    assert client.get("/api/v1/etapes/dole").json()["participants"] == 12
