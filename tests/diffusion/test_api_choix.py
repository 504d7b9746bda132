"""Which items of a list, and which of their keys."""

import json

import pytest

from fiches.diffusion import contents
from tests.factories import (
    CarnetPageFactory,
    EtapePageFactory,
    FichePageFactory,
    PartenaireFactory,
)

pytestmark = pytest.mark.django_db


def test_the_pages_that_a_carnet_names_are_read_in_one_request(read, tree):
    fiches = FichePageFactory.create_batch(3, parent=tree.fiches)
    etapes = EtapePageFactory.create_batch(2, parent=tree.etapes)
    body = [
        {"type": "fiches", "value": {"titre": "À lire", "fiches": [fiches[0].pk, fiches[2].pk]}},
        {"type": "etapes", "value": {"titre": "À voir", "etapes": [etapes[1].pk]}},
    ]
    CarnetPageFactory(parent=tree.carnets, slug="n1", corps=json.dumps(body))
    for block in read("carnets/n1").json()["corps"]:
        address = f"{block['type']}?" + "&".join(f"id={key}" for key in block["ids"])
        assert {item["id"] for item in read(address).json()["items"]} == set(block["ids"])


@pytest.mark.parametrize("resource", ["fiches", "etapes", "carnets"])
def test_an_item_is_found_by_its_identifier(read, tree, resource):
    make = {"fiches": FichePageFactory, "etapes": EtapePageFactory, "carnets": CarnetPageFactory}[resource]
    wanted, _other = make.create_batch(2, parent=getattr(tree, resource))
    uid = read(f"{resource}?id={wanted.pk}").json()["items"][0]["uid"]
    payload = read(f"{resource}?uid={uid}").json()
    assert (payload["count"], [item["id"] for item in payload["items"]]) == (1, [wanted.pk])


def test_a_host_s_own_key_is_told_with_each_fiche_and_may_be_chosen(read, client, tree, monkeypatch):
    monkeypatch.setitem(contents._extras, "visites", lambda pks: {pk: [{"titre": "La visite"}] for pk in pks[:1]})
    shown = FichePageFactory(parent=tree.fiches)
    assert read(f"fiches/{shown.slug}").json()["visites"] == [{"titre": "La visite"}]
    assert read("fiches?champs=titre,visites").json()["items"] == [
        {"titre": shown.title, "visites": [{"titre": "La visite"}]}
    ]
    shapes = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert shapes["Fiche"]["properties"]["visites"]["type"] == "array"


def test_only_the_keys_asked_for_are_told(read, epicerie):
    assert read("fiches?champs=titre,url").json()["items"] == [
        {"titre": "L’épicerie qui partage", "url": "http://localhost/fiches/epicerie/"}
    ]


def test_fictitious_records_are_left_out_when_asked(read, tree):
    fiches = [FichePageFactory(parent=tree.fiches, exemple=is_one).pk for is_one in (False, True)]
    partners = [PartenaireFactory(exemple=is_one).slug for is_one in (False, True)]
    assert [item["id"] for item in read("fiches?exemple=0").json()["items"]] == fiches[:1]
    assert [item["id"] for item in read("fiches?exemple=1").json()["items"]] == fiches[1:]
    assert [item["slug"] for item in read("partenaires?exemple=0").json()["items"]] == partners[:1]
    assert read("facettes?exemple=0").json()["count"] == 1


@pytest.mark.parametrize(
    ("address", "parameter", "message"),
    [
        ("fiches?id=douze", "id", "« douze » n’est pas un nombre."),
        ("fiches?uid=12", "uid", "Cette valeur n’est pas un identifiant. Prenez l’identifiant dans « uid »."),
        ("fiches?autour=47,6&rayon=loin", "rayon", "« loin » n’est pas un nombre."),
        ("fiches?exemple=0&exemple=1", "exemple", "Ce filtre est écrit plusieurs fois"),
        ("etapes?du=hier", "du", "« hier » n’est pas une date. Exemples : 2026-11-25 ou 25/11/2026."),
        ("etapes?au=1969-12-31", "au", "« 1969-12-31 » n’est pas une date"),
        ("etapes?exemple=non", "exemple", "« non » n’est ni 0 ni 1."),
        ("partenaires?champs=titre", "champs", "Il n’y a pas de clé « titre » : choisissez parmi"),
        ("partenaires?id=3", "id", "Ce filtre n’existe pas."),
        ("facettes?champs=count", "champs", "Ce filtre n’existe pas."),
        ("fiches?id=" + ",".join(map(str, range(1, 102))), "id", "Trop de valeurs : 100 au plus."),
    ],
)
def test_a_choice_that_cannot_be_read_is_refused_with_the_reason(read, tree, address, parameter, message):
    problem = read(address, 400).json()["parametres"]
    assert list(problem) == [parameter]
    assert problem[parameter].replace("\u00a0", " ").startswith(message)
