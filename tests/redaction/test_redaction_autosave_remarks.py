"""A value that can't be stored, or that is not right yet, never stops what is typed beside it from being saved: its field says so."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Page

from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory
from tests.formulaires import filled_form
from tests.redaction.test_redaction_autosave import address, autosave, opened

pytestmark = pytest.mark.django_db

NOT_SAVED = "Cette valeur n’est pas encore enregistrée : corrigez-la."
STORED = "Le brouillon garde cette valeur : corrigez-la avant de soumettre la page."


@pytest.fixture
def etape(tree, redaction):
    made = EtapePageFactory(parent=tree.etapes, live=False, numero=4)
    made.save_revision(user=redaction)
    return made


@pytest.fixture
def fiche(tree, redaction):
    made = FichePageFactory(
        parent=tree.fiches, live=False, complete=True, owner=redaction, site="https://four.example/"
    )
    made.save_revision(user=redaction)
    return made


def latest_draft(page):
    return page.specific_class.objects.get(pk=page.pk).get_latest_revision_as_object()


def remarks(answer):
    return {name: text.replace("\xa0", " ") for name, text in answer["remarks"].items()}


def error_messages(client, page):
    """``{field: what stands beside it}`` when the form is opened."""
    form = BeautifulSoup(client.get(address(page)).content, "html.parser").find("form", attrs={"data-edit-form": True})
    said = {}
    for message in form.select(".error-message"):
        field = message.find_parent(attrs={"data-field": True}).select_one("input, textarea")
        said[field["name"]] = " ".join(message.text.split())
    return said


@pytest.mark.parametrize(
    ("name", "typed"),
    [("numero", "-5"), ("date", "12/0"), ("debut", "9h3"), ("capacite", "beaucoup"), ("title", ""), ("expire_at", "2")],
)
def test_an_etape_saves_the_rest_of_what_is_typed_beside_a_value_it_cannot_hold(client, etape, name, typed):
    before = getattr(latest_draft(etape), name)
    answer = autosave(client, etape, opened(client, etape), lieu="Au moulin", **{name: typed})
    assert answer["success"]
    assert (latest_draft(etape).lieu, getattr(latest_draft(etape), name)) == ("Au moulin", before)
    assert list(answer["remarks"]) == [name]
    assert remarks(answer)[name].endswith(NOT_SAVED)
    mended = autosave(client, etape, opened(client, etape))
    assert mended["remarks"] == {}


def test_a_fiche_saves_the_rest_of_what_is_typed_beside_an_address_it_cannot_hold(client, fiche):
    answer = autosave(client, fiche, opened(client, fiche), site="htp:/ex", chapo="Du pain.")
    assert (latest_draft(fiche).site, latest_draft(fiche).chapo) == ("https://four.example/", "Du pain.")
    assert remarks(answer)["site"].endswith(NOT_SAVED)


def test_an_etape_saves_the_rest_of_what_is_typed_beside_a_programme_that_it_cannot_hold(client, etape):
    here = "programme-0"
    item = {f"{here}-value-{name}": "" for name in ("fin", "titre", "intervenants")} | {f"{here}-value-texte": "null"}
    item |= {
        "programme-count": "1",
        f"{here}-deleted": "",
        f"{here}-order": "0",
        f"{here}-type": "visite",
        f"{here}-id": "",
    }
    answer = autosave(client, etape, opened(client, etape) | item, lieu="Au moulin", **{f"{here}-value-debut": "9h3"})
    assert (latest_draft(etape).lieu, len(latest_draft(etape).programme)) == ("Au moulin", 0)
    assert remarks(answer)["programme"].startswith("Bloc 1, visite, de : ")
    assert remarks(answer)["programme"].endswith(NOT_SAVED)


def test_a_draft_saved_by_hand_shows_again_a_value_that_it_cannot_hold(client, etape):
    answer = client.post(address(etape), {**opened(client, etape), "numero": "-5", "lieu": "Au moulin"})
    form = answer.context["form"]
    assert (form["numero"].value(), form["lieu"].value(), list(form.errors)) == ("-5", "Au moulin", ["numero"])
    assert "Ce qui est marqué n’est pas encore enregistré. Le reste s’enregistre seul." in answer.text


def test_rows_are_saved_beside_a_value_that_one_cannot_hold(client, etape):
    partner = PartenaireFactory()
    form = opened(client, etape)
    row = {f"organisations-0-{name}": "" for name in ("id", "ORDER", "DELETE", "contact_nom", "contact_telephone")}
    form |= row | {"organisations-TOTAL_FORMS": "1", "organisations-0-contact_nom": "Anne"}
    without = autosave(client, etape, form, lieu="Au moulin")
    assert without["success"]
    assert (latest_draft(etape).lieu, latest_draft(etape).organisations.count()) == ("Au moulin", 0)
    assert remarks(without)["organisations-0-partenaire"].endswith(NOT_SAVED)
    form |= without["field_updates"] | {"overwrite_revision_id": without["revision_id"]}
    answer = autosave(client, etape, form, lieu="Au moulin", **{"organisations-0-partenaire": partner.pk})
    assert answer["remarks"] == {}
    assert latest_draft(etape).organisations.get().contact_nom == "Anne"


NEW = {
    "fiche": ("rallynov_fiches", "fichepage", "fiches"),
    "etape": ("rallynov_etapes", "etapepage", "etapes"),
    "carnet": ("rallynov_carnets", "carnetpage", "carnets"),
    "page": ("home", "contentpage", "home"),
}


@pytest.mark.parametrize("kind", NEW)
def test_a_new_page_is_saved_as_soon_as_its_title_is_written_before_its_slug_is_made(client, tree, redaction, kind):
    """Then twice: the title was pasted, and the cursor is still in it."""
    app, model, parent = NEW[kind]
    add = reverse("wagtailadmin_pages:add", args=[app, model, getattr(tree, parent).pk])
    form = filled_form(client.get(add))

    def new(**typed):
        return client.post(add, form | typed, headers={"Accept": "application/json"})

    said = new(seo_title="Au moulin")
    why = "Rien n’est encore enregistré. Écrivez le titre : la page s’enregistre ensuite seule."
    answer = said.json()
    assert (said.status_code, answer["error_code"]) == (400, "validation_error")
    assert answer["error_message"].replace("\xa0", " ") == why
    assert remarks(answer) == {"title": why}
    for title, slug in {"Le four": "le-four", "???": None}.items():
        made = [Page.objects.get(pk=new(title=title, slug="").json()["pk"]) for _again in range(2)]
        slugs = [page.slug for page in made]
        assert [page.title for page in made] == [title, title]
        assert all(slugs)
        assert slugs == [slug or slugs[0], f"{slug or slugs[0]}-2"]


def test_a_draft_stays_at_its_address_while_the_browser_has_made_no_slug(client, fiche):
    autosave(client, fiche, opened(client, fiche), title="Le four banal", slug="")
    assert (latest_draft(fiche).title, latest_draft(fiche).slug) == ("Le four banal", fiche.slug)


def test_a_new_page_is_created_beside_a_value_it_cannot_hold(client, tree, redaction):
    new = reverse("wagtailadmin_pages:add", args=["rallynov_etapes", "etapepage", tree.etapes.pk])
    form = filled_form(client.get(new)) | {"title": "Le four", "numero": "-5"}
    made = client.post(new, form, headers={"Accept": "application/json"})
    assert list(made.json()["remarks"]) == ["numero"]


WRONG = {
    "contact_telephone": "03 81",
    "contact_courriel": "anne@",
    "siret": "123",
    "code_postal": "25",
    "commune": "Flagi sur rien",
}


def test_a_draft_says_beside_each_value_that_it_is_not_right_yet(client, fiche):
    assert error_messages(client, fiche) == {}
    answer = autosave(client, fiche, opened(client, fiche), **WRONG)
    assert latest_draft(fiche).contact_telephone == "03 81"
    said = remarks(answer)
    assert set(said) == set(WRONG)
    assert all(text.endswith(STORED) for text in said.values())
    again = error_messages(client, fiche)
    assert set(again) == set(WRONG)
    assert all(text.endswith(STORED) for text in again.values())
    assert client.post(address(fiche), opened(client, fiche)).status_code == 302


def test_a_draft_says_beside_the_end_of_an_etape_that_it_comes_before_its_start(client, etape):
    answer = autosave(client, etape, opened(client, etape), debut="18:00", fin="9:00")
    assert list(answer["remarks"]) == ["fin"]
    assert list(error_messages(client, etape)) == ["fin"]
    assert error_messages(client, etape)["fin"].endswith(STORED)
