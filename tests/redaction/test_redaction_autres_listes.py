"""The list of the étapes."""

import csv
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.images import get_image_model

from etapes.models import EtapePage, Inscription
from tests import pictures
from tests.factories import EtapePageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def redaction(client, tree):
    user = UserFactory(role="redaction")
    client.force_login(user)
    return user


def picture():
    return get_image_model().objects.create(title="x", file=SimpleUploadedFile("x.jpg", pictures.picture()))


@pytest.mark.parametrize(
    ("manque", "complete"),
    [
        ("commune", {"commune_id": "25056"}),
        ("heure", {"moment": "matin"}),
        ("photo", {"photo": picture}),
        ("programme", {"programme": [{"type": "pause", "value": {"debut": "10:00", "titre": "Café"}}]}),
        ("compte-rendu", {"compte_rendu": [{"type": "texte", "value": "<p>Salle pleine.</p>"}]}),
    ],
)
def test_the_etapes_that_lack_something_are_filtered(client, tree, redaction, manque, complete):
    bare = {"commune": None, "debut": None, "fin": None, "moment": "", "date": date(2020, 5, 4)}
    lacking = EtapePageFactory(parent=tree.etapes, title="Nue", **bare)
    given = {name: value() if callable(value) else value for name, value in complete.items()}
    EtapePageFactory(parent=tree.etapes, title="Dite", **{**bare, **given})
    found = list(client.get(f"/admin/etapes/?manque={manque}").context["object_list"])
    assert [etape.pk for etape in found] == [lacking.pk]


def bulk(model, action, items, **more):
    ids = "&".join(f"id={getattr(item, 'pk', item)}" for item in items)
    return f"/admin/bulk/{model}/{action}/?{ids}&next={more.get('next', '/admin/')}"


def rows(answer):
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    return list(csv.DictReader(lines, delimiter=";" if ";" in lines[0] else ","))


def test_etapes_are_searched_by_title_and_place_drafts_too_and_sorted_beside_it(client, tree, redaction):
    EtapePageFactory(parent=tree.etapes, title="Le canal", lieu="Salle Proudhon", live=False)
    EtapePageFactory(parent=tree.etapes, title="La forêt", commune_id="39198")
    found = [
        [etape.title for etape in client.get("/admin/etapes/", query).context["object_list"]]
        for query in ({"q": "canal proudhon"}, {"q": "dole"}, {"q": "l", "ordering": "-commune__nom_normalise"})
    ]
    assert found[:2] == [["Le canal"], ["La forêt"]]
    assert set(found[2]) == {"Le canal", "La forêt"}


def test_the_list_of_etapes_is_exported_as_it_is_shown(client, tree, redaction):
    EtapePageFactory(parent=tree.etapes, live=False, title="=Le canal", numero=3, lieu="Salle", capacite=40)
    EtapePageFactory(parent=tree.etapes, title="Autre")
    (row,) = rows(client.get("/admin/etapes/?q=canal&export=csv"))
    assert (row["Numéro sur la route"], row["Étape"], row["Lieu"], row["Nombre de places"], row["État"]) == (
        *("3", "'=Le canal", "Salle", "40", "terminée"),
    )


def test_etapes_to_which_people_come_are_not_deleted_in_a_lot(client, tree, redaction):
    awaited = EtapePageFactory(parent=tree.etapes, date=timezone.localdate() + timedelta(days=9), live=False)
    Inscription.objects.create(etape=awaited, nom="Anne", courriel="a@b.example")
    free = EtapePageFactory(parent=tree.etapes, live=False)
    client.force_login(UserFactory(role="admin"))
    client.post(bulk("wagtailcore/page", "delete", [awaited, free]), follow=True)
    assert list(EtapePage.objects.all()) == [awaited]


def test_a_past_etape_is_not_said_to_be_planned_neither_in_the_list_nor_in_its_export(client, tree, redaction):
    EtapePageFactory(parent=tree.etapes, title="Ancienne", date=date(2013, 4, 16))
    EtapePageFactory(parent=tree.etapes, title="Prochaine", date=timezone.localdate() + timedelta(days=9))
    told = {}
    for title in ("Ancienne", "Prochaine"):
        table = client.get("/admin/etapes/", {"q": title}).content.decode().split("<tbody>")[1].split("</tbody>")[0]
        told[title] = [state for state in ("prévue", "terminée") if state in table]
    assert told == {"Ancienne": ["terminée"], "Prochaine": ["prévue"]}
    states = {row["Étape"]: row["État"] for row in rows(client.get("/admin/etapes/?export=csv"))}
    assert states == {"Ancienne": "terminée", "Prochaine": "prévue"}
