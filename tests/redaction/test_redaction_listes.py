"""The lists that editors live in: their filters, their search, their views, what is done to many at once."""

import pytest
from bs4 import BeautifulSoup

from fiches.models import Commune, FichePage
from tests.factories import (
    CritereFactory,
    DimensionFactory,
    EditionFactory,
    FichePageFactory,
    PartenaireFactory,
    UserFactory,
)
from tests.redaction.seen_text import text

pytestmark = pytest.mark.django_db

LIST = "/admin/fiches/"


@pytest.fixture
def redaction(client, tree):
    user = UserFactory(role="redaction")
    client.force_login(user)
    return user


def titles(client, **query):
    return [fiche.title for fiche in client.get(LIST, query).context["object_list"]]


def bulk(action, fiches, **more):
    """The address of a bulk action on these fiches, left from the list."""
    ids = "&".join(f"id={getattr(fiche, 'pk', fiche)}" for fiche in fiches)
    return f"/admin/bulk/rallynov_fiches/fichepage/{action}/?{ids}&next={more.get('next', LIST)}"


def test_the_fiches_are_filtered_by_the_grid_the_place_and_what_they_lack(client, tree, redaction):
    dimension = DimensionFactory(slug="centree-sur")
    first, second = CritereFactory(dimension=dimension), CritereFactory(dimension=dimension)
    dole = FichePageFactory(
        parent=tree.fiches, title="À Dole", commune=Commune.objects.get(nom="Dole"), effectif=8, revision=True
    )
    dole.criteres.add(first)
    dole.save()
    other = FichePageFactory(parent=tree.fiches, title="Ailleurs", complete=True, effectif=60, revision=True)
    other.criteres.add(second)
    other.save()
    assert titles(client, **{"centree-sur": first.pk}) == ["À Dole"]
    assert set(titles(client, **{"centree-sur": [first.pk, second.pk]})) == {"À Dole", "Ailleurs"}
    assert titles(client, departement="39") == ["À Dole"]
    assert titles(client, manque="corps") == ["À Dole"]
    assert set(titles(client, manque="photo")) == {"À Dole", "Ailleurs"}


def test_six_filters_come_first_and_the_others_are_folded(client, tree, redaction):
    menu = BeautifulSoup(client.get(LIST).content, "html.parser").select_one(".w-drilldown__menu")
    folded = menu.select("details .w-drilldown__toggle")
    first = [each.contents[0].strip() for each in menu.select(".w-drilldown__toggle") if each not in folded]
    assert first == ["Publiée", "Relecture", "Année du rallye", "Partenaire associé", "Département", "À compléter"]
    assert menu.select_one("summary").text == "Plus de filtres"
    assert len(folded) >= 6
    other = BeautifulSoup(client.get("/admin/etapes/").content, "html.parser").select_one(".w-drilldown__menu")
    assert other.select("details") == []


def test_the_screens_of_a_fiche_are_in_good_french(client, tree, redaction):
    fiche = FichePageFactory(parent=tree.fiches, live=False, title="Le four", revision=redaction)
    new = f"/admin/pages/add/rallynov_fiches/fichepage/{tree.fiches.pk}/"
    pages = {each: text(client.get(each)) for each in (LIST, new, f"/admin/pages/{fiche.pk}/edit/", "/admin/")}
    assert "Ajouter : Fiche" in pages[new]
    assert "Fiche : Le four" in pages[f"/admin/pages/{fiche.pk}/edit/"]
    assert "Rechercher dans toutes les pages…" in client.get("/admin/").text
    bad = ("Nouveau:", "Modification de", "Status", "Terme de recherche", "Date mise à jour")
    assert [(where, words) for where, page in pages.items() for words in bad if words in page] == []


def test_a_search_finds_drafts_and_filters_and_sorts_beside_it(client, tree, redaction):
    partner = PartenaireFactory()
    FichePageFactory(parent=tree.fiches, title="Le four partagé", live=False, partenaire=partner)
    FichePageFactory(parent=tree.fiches, title="Un four solaire", organisation="Zénith")
    FichePageFactory(parent=tree.fiches, title="La scierie")
    assert titles(client, q="four", ordering="-title") == ["Un four solaire", "Le four partagé"]
    assert titles(client, q="four", partenaire=partner.pk) == ["Le four partagé"]
    assert titles(client, q="zénith") == ["Un four solaire"]
    assert titles(client, q="scieries") == ["La scierie"]
    assert titles(client, q='%"') == []


def test_an_edition_is_given_to_many_at_once_and_what_is_online_stays(client, tree, redaction):
    draft = FichePageFactory(parent=tree.fiches, live=False)
    online = FichePageFactory(parent=tree.fiches)
    edition = EditionFactory(annee=2014)
    client.post(bulk("edition", [draft, online]), {"edition": edition.pk})
    for fiche in (draft, online):
        assert FichePage.objects.get(pk=fiche.pk).get_latest_revision_as_object().edition == edition
    read = FichePage.objects.get(pk=online.pk)
    assert (read.edition, read.has_unpublished_changes) == (None, True)


def test_all_means_all_that_the_list_shows(client, tree, redaction):
    shown = FichePageFactory(parent=tree.fiches, live=False)
    hidden = FichePageFactory(parent=tree.fiches)
    edition = EditionFactory(annee=2014)
    client.post(bulk("edition", ["all"], next=f"{LIST}%3Flive=false"), {"edition": edition.pk})
    assert FichePage.objects.get(pk=shown.pk).edition == edition
    assert FichePage.objects.get(pk=hidden.pk).get_latest_revision_as_object().edition is None


def test_only_complete_fiches_are_submitted_and_the_others_are_told_why(client, tree, redaction):
    ready = FichePageFactory(parent=tree.fiches, live=False, complete=True, title="Prête")
    bare = FichePageFactory(parent=tree.fiches, live=False, title="Vide")
    page = client.get(bulk("soumettre", [ready, bare])).content.decode()
    assert (
        "Vide : Cette fiche est incomplète : rien n’a changé. Écrivez le texte de la fiche : au moins un bloc."
        in page.replace("\u00a0", " ")
    )
    client.post(bulk("soumettre", [ready, bare]))
    assert FichePage.objects.get(pk=ready.pk).workflow_in_progress
    assert not FichePage.objects.get(pk=bare.pk).workflow_in_progress


def test_a_fiche_that_one_may_not_change_is_left_out_of_a_bulk_action(client, tree, redaction):
    waiting = FichePageFactory(parent=tree.fiches, live=False, complete=True, title="Chez la modération")
    waiting.get_workflow().start(waiting, None)
    state = waiting.current_workflow_task_state
    state.task.on_action(state, redaction, "approve")
    edition = EditionFactory(annee=2014)
    page = client.get(bulk("edition", [waiting])).content.decode()
    assert "Chez la modération : La fiche est verrouillée" in page.replace("\u00a0", " ")
    client.post(bulk("edition", [waiting]), {"edition": edition.pk})
    assert FichePage.objects.get(pk=waiting.pk).get_latest_revision_as_object().edition is None


def test_a_partner_reaches_only_their_own_fiches_with_all(client, tree):
    partner = UserFactory(role="partenaire")
    client.force_login(partner)
    own = FichePageFactory(parent=tree.fiches, live=False, owner=partner)
    other = FichePageFactory(parent=tree.fiches, live=False, title="D’un autre")
    edition = EditionFactory(annee=2014)
    client.post(bulk("edition", [own, other]), {"edition": edition.pk})
    client.post(bulk("edition", ["all"]), {"edition": edition.pk})
    assert FichePage.objects.get(pk=own.pk).edition == edition
    assert FichePage.objects.get(pk=other.pk).edition is None


def test_who_may_not_change_a_fiche_does_not_submit_it(client, tree):
    client.force_login(UserFactory(role="partenaire"))
    other = FichePageFactory(parent=tree.fiches, live=False, complete=True)
    client.post(bulk("soumettre", [other]))
    assert not FichePage.objects.get(pk=other.pk).workflow_in_progress


def test_a_draft_that_a_program_made_is_submitted_too(client, tree, redaction):
    made = FichePageFactory(parent=tree.fiches, live=False, complete=True)
    FichePage.objects.filter(pk=made.pk).update(latest_revision=None)
    client.post(bulk("soumettre", [made]))
    assert FichePage.objects.get(pk=made.pk).workflow_in_progress


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("redaction", "La liste est vide. Ajoutez le premier élément avec le bouton ci-dessus."),
        ("moderation", "Vous ne pouvez rien modifier ici. Ce qui attend votre décision est sur la page d’accueil."),
    ],
)
def test_an_empty_list_offers_to_add_only_to_who_may(client, tree, role, told):
    client.force_login(UserFactory(role=role))
    assert told in text(client.get("/admin/etapes/"))
