"""Wagtail's own APIs beside ours: the same privacy, and a token writes what its owner could."""

import json

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from wagtail.models import APIToken, Collection, CollectionViewRestriction, PageViewRestriction

from fiches.models import FichePage
from home.models import Illustration
from tests.factories import FichePageFactory, UserFactory
from tests.pictures import picture

PRIVATE = ("QZX", "QZY", "contact_courriel", "contact_telephone")


def text(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.content.decode()


@pytest.fixture
def hidden_pages(tree, epicerie):
    """Pages and a picture that the public may not see, all marked."""
    FichePageFactory(parent=tree.fiches, title="Brouillon QZX", live=False)
    private = FichePageFactory(parent=tree.fiches, title="Privée QZX")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    shelf = Collection.get_first_root_node().add_child(name="Candidatures (essai)")
    CollectionViewRestriction.objects.create(collection=shelf, restriction_type=CollectionViewRestriction.LOGIN)
    Illustration.objects.create(title="Image QZX", file=ContentFile(picture(), "qzx.jpg"), collection=shelf)
    epicerie.title = "Brouillon QZX de la suite"
    epicerie.save_revision()
    return epicerie


@pytest.mark.parametrize(
    "address",
    [
        "/api/v2/pages/?type=rallynov_fiches.FichePage&fields=*",
        "/api/v2/pages/{pk}/",
        "/api/v2/images/?fields=*",
        "/api/v2/pages/?search=QZX",
        "/api/v3/pages/?type=rallynov_fiches.FichePage",
        "/api/v3/pages/{pk}/",
        "/api/v3/images/",
        "/api/v3/pages/?search=QZX",
    ],
)
def test_nothing_private_is_in_wagtails_apis(client, hidden_pages, address):
    shown = text(client, address.format(pk=hidden_pages.pk)).replace("search=QZX", "")
    assert not [marker for marker in PRIVATE if marker in shown]


def test_they_show_the_public_fields(client, epicerie):
    fiche = json.loads(text(client, f"/api/v2/pages/{epicerie.pk}/"))
    assert (fiche["organisation"], fiche["effectif"], fiche["departement"]) == ("Agrodoubs", 15, "25")
    assert fiche["corps"][0]["type"] == "texte"
    assert (fiche["commune"]["id"], fiche["criteres"], fiche["mots_cles"]) == ("25056", ["entreprise"], ["pain"])
    assert json.loads(text(client, f"/api/v3/pages/{epicerie.pk}/"))["organisation"] == "Agrodoubs"


@pytest.mark.parametrize(
    "query", ["contact_courriel=secret-QZX@example.org", "order=contact_courriel", "fields=contact_nom"]
)
def test_a_private_contact_filters_and_orders_nothing(client, epicerie, query):
    response = client.get(f"/api/v2/pages/?type=rallynov_fiches.FichePage&{query}")
    assert response.status_code == 400


def test_the_answer_of_v3_is_the_same_whatever_is_asked_of_a_contact(client, epicerie):
    plain = json.loads(text(client, "/api/v3/pages/?type=rallynov_fiches.FichePage"))
    asked = json.loads(text(client, "/api/v3/pages/?type=rallynov_fiches.FichePage&contact_courriel=autre@example.org"))
    assert asked == plain


@pytest.fixture
def as_editor(client, tree):
    """Calls v3 as one of two editors, by token: the other one reads what this one writes."""
    editor, _reader = UserFactory(role="redaction"), UserFactory(role="redaction")
    _token, key = APIToken.create_token(user=editor, name="essai")

    def call(method, address, data=None):
        return getattr(client, method)(
            address,
            data=json.dumps(data or {}),
            content_type="application/json",
            headers={"authorization": f"Bearer {key}"},
        )

    return call


def new_fiche(tree, **meta):
    return {
        "meta": {"type": "rallynov_fiches.FichePage", "parent_id": tree.fiches.pk, **meta},
        "title": "Écrite par jeton",
        "slug": "par-jeton",
        "organisation": "Une coopérative",
        "sans_localisation": True,
    }


def test_a_fiche_written_by_token_is_a_draft_in_moderation(as_editor, client, tree):
    response = as_editor("post", "/api/v3/pages/", new_fiche(tree))
    assert response.status_code == 201, response.content
    fiche = FichePage.objects.get()
    assert (fiche.live, fiche.workflow_in_progress) == (False, True)
    assert client.get("/api/v1/fiches").json()["count"] == 0


def test_a_program_writes_the_whole_fiche_and_changes_one_thing_of_it(as_editor, tree, epicerie):
    """Criteria by their names; what a change doesn't mention stays."""
    told = new_fiche(tree) | {
        "chapo": "Deux phrases.",
        "corps": [{"type": "texte", "value": "<p>Un texte.</p>"}],
        "effectif": 12,
        "commune_id": "25056",
        "sans_localisation": False,
        "criteres": ["entreprise"],
        "mots_cles": ["pain", "sel"],
    }
    response = as_editor("post", "/api/v3/pages/", told)
    assert response.status_code == 201, response.content
    key = response.json()["id"]
    response = as_editor("patch", f"/api/v3/pages/{key}/", {"chapo": "Une autre phrase."})
    assert response.status_code == 200, response.content
    fiche = FichePage.objects.get(pk=key).get_latest_revision_as_object()
    assert (fiche.organisation, fiche.chapo, fiche.effectif) == ("Une coopérative", "Une autre phrase.", 12)
    assert (fiche.commune.nom, fiche.departement) == ("Besançon", "25")
    assert "Un texte.</p>" in str(fiche.corps[0].value)
    assert [critere.name for critere in fiche.criteres.all()] == ["entreprise"]
    assert sorted(word.name for word in fiche.mots_cles.all()) == ["pain", "sel"]


def test_a_block_that_has_not_its_shape_is_refused_with_its_place(as_editor, tree):
    told = new_fiche(tree) | {
        "corps": [{"type": "texte", "value": "<p>Un.</p>"}, {"type": "citation", "value": "Deux."}]
    }
    response = as_editor("post", "/api/v3/pages/", told)
    assert response.status_code == 422, response.content
    told = [{"msg": "corps-1-value\xa0: cette valeur n’a pas la forme d’un bloc «\xa0citation\xa0»."}]
    assert response.json()["errors"] == told
    assert not FichePage.objects.exists()


def test_an_incomplete_fiche_is_not_published_by_token_and_the_reason_is_told(client, tree):
    _token, key = APIToken.create_token(user=UserFactory(role="admin"), name="essai")
    response = client.post(
        "/api/v3/pages/",
        json.dumps(new_fiche(tree, action="publish")),
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )
    assert response.status_code == 422, response.content
    assert {"chapo", "corps"} <= {error["loc"][-1] for error in response.json()["errors"]}
    assert not FichePage.objects.exists()


def test_an_editor_s_token_cannot_publish(as_editor, tree):
    assert as_editor("post", "/api/v3/pages/", new_fiche(tree, action="publish")).status_code == 403
    assert not FichePage.objects.filter(live=True).exists()
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    assert as_editor("post", f"/api/v3/pages/{fiche.pk}/actions/publish/").status_code == 403
    assert not FichePage.objects.filter(live=True).exists()


def test_a_draft_saved_in_the_admin_stays_a_draft(client, tree):
    """Only tokens submit at once: a person says when."""
    client.force_login(UserFactory(role="redaction"))
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    page = client.get(f"/admin/pages/{fiche.pk}/edit/")
    assert page.status_code == 200
    data = _form_data(page.context["form"])
    data["title"] = "Changée dans l’administration"
    client.post(f"/admin/pages/{fiche.pk}/edit/", data)
    fiche.refresh_from_db()
    assert fiche.get_latest_revision_as_object().title == "Changée dans l’administration"
    assert not fiche.workflow_in_progress


def _form_data(form):
    data = {}
    for bound in form:
        value = bound.value()
        data[bound.html_name] = "" if value is None else value
    for name in form.formsets:
        data |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    data |= {"corps-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    return {key: value for key, value in data.items() if value is not False and key != "corps"}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL ranks all matches: its backend is Wagtail's own")
@pytest.mark.parametrize("api", ["/api/v2", "/api/v3"])
def test_a_search_ranks_few_matches_and_gives_many_in_the_order_of_the_list(client, tree, monkeypatch, api):
    others = [FichePageFactory(parent=tree.fiches, title=f"Ferme {rank}", chapo="Une ruche ici.") for rank in range(3)]
    best = FichePageFactory(parent=tree.fiches, title="Ruche", chapo="Ruche, ruche et ruche.")
    in_order = [page.pk for page in [*others, best]]

    def ids_found():
        return [item["id"] for item in json.loads(text(client, f"{api}/pages/?search=ruche"))["items"]]

    assert (ids_found()[0], sorted(ids_found())) == (best.pk, sorted(in_order))
    monkeypatch.setattr("config.sqlite_search.MOST_RANKED", 3)
    assert ids_found() == in_order


def test_a_snippet_of_the_api_v3_is_said_not_to_be_offered(client, tree):
    for address in (
        "/api/v3/snippets/",
        "/api/v3/snippets/rallynov_fiches.Partenaire/",
        "/api/v3/snippets/rallynov_fiches.Partenaire/1/",
    ):
        answer = client.get(address, headers={"accept-language": "fr"})
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert answer.json()["detail"] == (
            "Ce site ne donne aucun extrait (snippet) par l’API. Voyez les pages, les images et les documents\xa0: /api/v3/docs/."
        )


def test_an_unknown_address_of_wagtail_s_apis_answers_a_problem(client, tree):
    for address in ("/api/v3/", "/api/v3/rien/", "/api/v2/rien/"):
        answer = client.get(address, headers={"accept-language": "fr"})
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert answer.json()["detail"] == "Cette adresse n’existe pas, ou n’est pas publique."
