"""The lists of the partners, the étapes and the dossiers."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.images import get_image_model

from etapes.lacunes import CHOICES, labels_of
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.models import Vue
from tests import pictures
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory, UserFactory

pytestmark = pytest.mark.django_db

PARTNERS = "/admin/snippets/fiches/partenaire/"


@pytest.fixture
def redaction(client, tree):
    user = UserFactory(role="redaction")
    client.force_login(user)
    return user


def picture():
    return get_image_model().objects.create(title="x", file=SimpleUploadedFile("x.jpg", pictures.picture()))


def names(client, **query):
    return [str(each) for each in client.get(PARTNERS, query).context["object_list"]]


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_partners_are_filtered_by_role_and_by_what_they_lack_searched_and_sorted_by_their_fiches(
    client, tree, redaction
):
    funder = PartenaireFactory(nom="Région", roles=["financeur"], site="https://region.example", logo=picture())
    PartenaireFactory(nom="Réseau", roles=["associe", "organisateur"])
    FichePageFactory(parent=tree.fiches, partenaire=funder)
    assert names(client, roles="financeur") == ["Région"]
    assert set(names(client, roles=["financeur", "associe"])) == {"Région", "Réseau"}
    assert names(client, manque="logo") == ["Réseau"]
    assert names(client, q="rés", manque="site") == ["Réseau"]
    assert names(client, ordering="-nombre") == ["Région", "Réseau"]
    assert f'href="/admin/fiches/?partenaire={funder.pk}"' in client.get(PARTNERS).content.decode()


def test_a_partner_s_name_leads_to_its_form_and_what_it_lacks_is_said(client, tree, redaction):
    partner = PartenaireFactory(
        nom="Réseau", logo=picture(), site="", contact_nom="", contact_courriel="", presentation="x"
    )
    page = client.get(PARTNERS).content.decode()
    assert f'href="{PARTNERS}edit/{partner.pk}/"' in page
    assert "sans site web, sans contact" in page
    assert "sans logo" not in page.split("<tbody>")[1]


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
def test_the_filter_of_what_an_etape_lacks_and_its_column_say_the_same(client, tree, redaction, manque, complete):
    bare = {"commune": None, "debut": None, "fin": None, "moment": "", "date": date(2020, 5, 4)}
    lacking = EtapePageFactory(parent=tree.etapes, title="Nue", **bare)
    given = {name: value() if callable(value) else value for name, value in complete.items()}
    EtapePageFactory(parent=tree.etapes, title="Dite", **{**bare, **given})
    found = list(client.get(f"/admin/etapes/?manque={manque}").context["object_list"])
    assert [etape.pk for etape in found] == [lacking.pk]
    label = str(dict(CHOICES)[manque])
    every = client.get("/admin/etapes/").context["object_list"]
    assert {etape.title: label in map(str, labels_of(etape)) for etape in every} == {"Nue": True, "Dite": False}


def test_the_partners_cost_the_same_for_one_and_for_thirty(client, tree, redaction):
    PartenaireFactory(logo=picture())
    one = cost(client, PARTNERS)
    for _each in range(29):
        PartenaireFactory(logo=picture())
    cost(client, PARTNERS)  # thumbnails are made once
    assert (one, cost(client, PARTNERS)) == (16, 16)


def test_the_etapes_show_their_picture_at_no_cost_that_grows(client, tree, redaction):
    EtapePageFactory(parent=tree.etapes, photo=picture())
    one = cost(client, "/admin/etapes/")
    for _each in range(29):
        EtapePageFactory(parent=tree.etapes, photo=picture())
    cost(client, "/admin/etapes/")
    assert (one, cost(client, "/admin/etapes/")) == (27, 27)


@pytest.mark.parametrize(
    ("liste", "address", "question"),
    [
        ("partenaires", PARTNERS, "manque=logo"),
        ("etapes", "/admin/etapes/", "quand=a-venir"),
        ("dossiers", "/admin/candidatures/dossiers/", "pile=retard"),
    ],
)
def test_each_list_keeps_views(client, tree, redaction, liste, address, question):
    Dossier.objects.create(courriel="a@b.example", etat=Etat.RECU, soumis=timezone.now())
    assert "Garder cette vue" in client.get(f"{address}?{question}").content.decode()
    answer = client.post(reverse("fiches_vue_garder", args=[liste]), {"nom": "La mienne", "question": question})
    assert answer.url == f"{address}?{question}"
    assert Vue.objects.get().liste == liste
    assert f'href="{address}?{question}"' in client.get(address).content.decode()


def test_an_unknown_list_keeps_nothing(client, tree, redaction):
    assert client.post(reverse("fiches_vue_garder", args=["inconnue"]), {"nom": "x", "question": ""}).status_code == 302
    assert Vue.objects.count() == 0
