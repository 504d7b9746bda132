"""The dashboard: what there is to do, and the lists that it leads to."""

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.utils import timezone
from wagtail.models import WorkflowPage

from fiches.admin.dashboard import day_of
from fiches.admin.gap_records import measure_pending
from fiches.diffusion.models import Webhook
from fiches.mail.outbox import post
from fiches.models import FichePage, RechercheVaine
from tests.factories import CarnetPageFactory, EtapePageFactory, FichePageFactory, UserFactory
from tests.redaction.seen_text import text

pytestmark = pytest.mark.django_db


def dashboard_lines(user):
    """``{label: (number, address)}``."""
    return {line.label: (line.number, line.address) for _title, lines in day_of(user).sections for line in lines}


def titles(client, address):
    """The fiches of a list, as they stand in its context."""
    return {fiche.title for fiche in client.get(address).context["object_list"]}


def test_each_line_leads_to_the_list_of_just_those(client, tree):
    redaction = UserFactory(role="redaction")
    client.force_login(redaction)
    FichePageFactory(parent=tree.fiches, title="Nulle part", sans_localisation=False, commune_id="25056", revision=True)
    FichePageFactory(parent=tree.fiches, title="Sans lieu voulu", complete=True, revision=True)
    waiting = FichePageFactory(parent=tree.fiches, title="À lire", live=False, complete=True)
    waiting.get_workflow().start(waiting, None)
    FichePageFactory(parent=tree.fiches, title="Mon brouillon", live=False, owner=redaction, complete=True)
    for label, expected in {
        "fiche à lire": {"À lire"},
        "brouillon de vous à soumettre": {"Mon brouillon"},
        "fiche sans texte": {"Nulle part"},
        "fiches sans image": {"Nulle part", "Sans lieu voulu", "À lire", "Mon brouillon"},
    }.items():
        number, address = dashboard_lines(redaction)[label]
        assert (label, number, titles(client, address)) == (label, len(expected), expected)


def test_a_partner_is_told_of_their_own_fiches_only(tree):
    partner = UserFactory(role="partenaire")
    FichePageFactory(parent=tree.fiches, live=False)
    FichePageFactory(parent=tree.fiches, live=False, owner=partner)
    assert {label: number for label, (number, _address) in dashboard_lines(partner).items()} == {
        "brouillon de vous à soumettre": 1,
        "fiche sans commune": 1,
        "fiche sans texte": 1,
        "fiche sans image": 1,
    }


def test_a_moderator_is_told_of_what_awaits_their_approval_and_of_what_waits_too_long(client, tree):
    moderator = UserFactory(role="moderation")
    client.force_login(moderator)
    reader = UserFactory(role="redaction")
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, title="À approuver")
    fiche.get_workflow().start(fiche, None)
    state = fiche.current_workflow_task_state
    state.task.on_action(state, reader, "approve")
    assert dashboard_lines(moderator)["fiche à approuver"][0] == 1
    assert "fiche à lire" not in dashboard_lines(moderator)
    fiche = FichePage.objects.get(pk=fiche.pk)
    state = fiche.current_workflow_task_state
    state.started_at = timezone.now() - timezone.timedelta(days=8)
    state.save()
    number, address = dashboard_lines(moderator)["fiche qui attend une décision depuis plus d’une semaine"]
    assert (number, titles(client, address)) == (1, {"À approuver"})


def awaiting_approval(page, submitter, days):
    """The page, submitted and read, that has awaited its approval for some days."""
    page.save_revision()
    workflow = page.get_workflow().start(page, submitter)
    state = workflow.current_task_state
    state.started_at = timezone.now() - timezone.timedelta(days=days)
    state.save()
    return page


@pytest.fixture
def reader(client, tree):
    user = UserFactory(role="redaction")
    client.force_login(user)
    return user


@pytest.fixture
def reviewed(tree, reader):
    """Two étapes, a road book and an editorial page that wait for their reading."""
    ContentPage = apps.get_model("home.ContentPage")
    for parent in (tree.carnets, tree.home):
        WorkflowPage.objects.get_or_create(page=parent, defaults={"workflow": tree.fiches.get_workflow()})
    writer = UserFactory(role="admin", first_name="Ugo", last_name="Blanc")
    page = tree.home.add_child(instance=ContentPage(title="Qui sommes-nous", slug="qui", live=False))
    stages = [EtapePageFactory(parent=tree.etapes, title=f"Étape {town}", live=False) for town in ("à Dole", "à Lure")]
    return [
        awaiting_approval(stages[0], writer, 9),
        awaiting_approval(stages[1], writer, 2),
        awaiting_approval(CarnetPageFactory(parent=tree.carnets, live=False), writer, 3),
        awaiting_approval(page, writer, 1),
    ]


def test_all_that_waits_for_this_person_is_counted_and_listed_since_when_one_click_from_the_decision(
    client, reader, reviewed
):
    _old, _young, carnet, page = reviewed
    lines = dashboard_lines(reader)
    assert lines["étapes à lire"] == (2, "/admin/#fiches-a-relire-section")
    assert lines["carnet de route à lire"] == (1, f"/admin/pages/{carnet.pk}/edit/")
    assert lines["page à lire"] == (1, f"/admin/pages/{page.pk}/edit/")
    assert lines["étape qui attend une décision depuis plus d’une semaine"] == (1, "/admin/#fiches-a-relire-section")
    home = client.get("/admin/")
    assert "2 étapes à lire depuis 1 semaine" in text(home)
    rows = BeautifulSoup(home.content, "html.parser").select("#fiches-a-relire-section tbody tr")
    assert [(row.select_one("a").get_text(), row.select_one("a.button")["href"]) for row in rows] == [
        (each.draft_title, f"/admin/pages/{each.pk}/edit/") for each in (reviewed[0], carnet, reviewed[1], page)
    ]
    assert {row.select("td")[2].get_text() for row in rows} == {"Ugo Blanc"}
    assert dashboard_lines(UserFactory(role="partenaire")) == {}


def test_what_is_mended_leaves_the_dashboard_at_its_next_save(tree):
    redaction = UserFactory(role="redaction")
    fiche = FichePageFactory(parent=tree.fiches, complete=False, revision=True)
    assert dashboard_lines(redaction)["fiche sans commune"][0] == 1
    fiche.sans_localisation = True
    fiche.save_revision()
    assert "fiche sans commune" not in dashboard_lines(redaction)


def test_fiches_written_before_the_measure_are_measured_by_the_periodic_work(tree):
    fiche = FichePageFactory(parent=tree.fiches, revision=True)
    fiche.bilan.delete()
    assert measure_pending() == 1
    assert FichePage.objects.get(pk=fiche.pk).bilan.manques == "|corps|commune|photo|"
    assert measure_pending() == 0


def test_searches_that_found_nothing_are_told_to_who_may_see_them(client, tree):
    RechercheVaine.objects.create(jour=timezone.localdate(), mots="four solaire")
    RechercheVaine.objects.create(jour=timezone.localdate() - timezone.timedelta(days=60), mots="vieux")
    redaction = UserFactory(role="redaction")
    label = "recherche sans résultat depuis 30 jours"
    number, address = dashboard_lines(redaction)[label]
    client.force_login(redaction)
    assert (number, [each.mots for each in client.get(address).context["object_list"]]) == (1, ["four solaire"])
    assert label not in dashboard_lines(UserFactory(role="moderation"))
    RechercheVaine.objects.create(jour=timezone.localdate(), mots="four à pain")
    assert dashboard_lines(redaction)["recherches sans résultat depuis 30 jours"][0] == 2


def test_nothing_to_do_is_said(client, tree):
    FichePageFactory(parent=tree.fiches, complete=True)
    client.force_login(UserFactory(role="partenaire"))
    assert "Vous n’avez rien à faire" in client.get("/admin/").content.decode()


def test_a_paused_webhook_and_mails_about_to_leave_are_told_to_who_may_see_them(client, tree):
    Webhook.objects.create(nom="Site", adresse="https://x.test/", actif=False)
    Webhook.objects.create(nom="Autre", adresse="https://y.test/")
    post("un", modele="inscription_rappel", destinataires=["a@b.example"])
    redaction = UserFactory(role="redaction")
    assert dashboard_lines(redaction)["webhook suspendu"] == (1, "/admin/webhooks/abonnes/")
    assert dashboard_lines(redaction)["courriel à envoyer"] == (1, "/admin/redaction/courriels/")
    assert not {"webhook suspendu", "courriel à envoyer"} & set(dashboard_lines(UserFactory(role="moderation")))


def test_a_line_says_since_when_the_oldest_waits(client, tree):
    redaction = UserFactory(role="redaction")
    client.force_login(redaction)
    EtapePageFactory(parent=tree.etapes, date=timezone.localdate() - timezone.timedelta(days=3))
    EtapePageFactory(parent=tree.etapes, date=timezone.localdate() - timezone.timedelta(days=9))
    page = text(client.get("/admin/"))
    assert "2 étapes terminées sans compte rendu depuis 1 semaine" in page
