"""The screen of one innovation: it opens on what changed, and the decisions that one may take are taken there."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment

from fiches.models import Courriel, FichePage
from fiches.moderation.decision import decide
from tests.candidatures.conftest import text
from tests.factories import FichePageFactory, UserFactory
from tests.fiches.screens import states
from tests.formulaires import filled_form
from tests.redaction.screens import address, open_screen, section, send_action
from tests.redaction.screens import fiche as fiche
from tests.redaction.screens import moderation as moderation
from tests.redaction.screens import module_review as module_review
from tests.redaction.screens import partenaire as partenaire
from tests.redaction.screens import redaction as redaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def to_approve(fiche, redaction):
    decide(
        task_state=fiche.current_workflow_task_state,
        action="approve",
        by=redaction,
        revision_read=fiche.latest_revision_id,
    )
    return FichePage.objects.get(pk=fiche.pk)


def test_to_read_and_decide_opens_the_screen(client, fiche, redaction):
    client.force_login(redaction)
    home = BeautifulSoup(client.get(reverse("wagtailadmin_home")).content, "html.parser")
    assert [link["href"] for link in home.find_all("a", string="Lire et décider")] == [address(fiche)]
    assert f'href="{address(fiche)}"' in client.get(reverse("wagtailadmin_pages:edit", args=[fiche.pk])).text


def test_a_fiche_is_passed_on_then_approved_there(client, fiche, redaction, moderation):
    screen = open_screen(client, redaction, fiche)
    page_text = section(screen, "decider")
    assert "Transmettre à l’approbation" in page_text
    mail.outbox.clear()
    assert send_action(client, fiche, "approve").url == f"{reverse('wagtailadmin_home')}#a-faire-section"
    assert states(fiche) == (False, "in_progress", ["approved", "in_progress"])
    screen = open_screen(client, moderation, fiche)
    assert "s’enregistre seul" not in screen.text  # nothing of the fiche is written there
    page_text = section(screen, "decider")
    assert "Approuver et publier" in page_text
    send_action(client, fiche, "approve")
    assert states(fiche) == (True, "approved", ["approved", "approved"])


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_the_mail_of_a_decision_waits_in_the_outbox_and_is_stopped_there(client, to_approve, moderation, action):
    Courriel.objects.all().delete()
    client.force_login(moderation)
    send_action(client, to_approve, action, **({"comment": "Une date."} if action == "reject" else {}))
    (courriel,) = client.get("/admin/redaction/courriels/").context["object_list"]
    answer = client.post(f"/admin/redaction/courriels/{courriel.pk}/", {"arreter": ""}, follow=True)
    assert "il ne partira pas" in answer.content.decode()


def test_a_fiche_is_approved_for_a_later_date_and_the_date_can_be_cancelled(client, to_approve, moderation):
    client.force_login(moderation)
    day = timezone.localtime().replace(second=0, microsecond=0) + timedelta(days=3)
    send_action(client, to_approve, "approve", publier_le=day.strftime("%Y-%m-%dT%H:%M"))
    page = FichePage.objects.get(pk=to_approve.pk)
    assert (page.live, page.scheduled_revision.approved_go_live_at) == (False, day)
    screen = client.get(address(page))
    assert "Cette fiche est approuvée, et sera en ligne le" in section(screen, "decider")
    cancel = reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, page.scheduled_revision.pk])
    assert f"{cancel}?next={address(page)}" in screen.text
    assert client.post(cancel, {"next": address(page)}).url == address(page)
    assert FichePage.objects.get(pk=page.pk).approved_schedule is False
    for ask in (client.get, client.post):  # from a screen that was opened before
        assert "C’est déjà fait : cette décision n’est plus attendue." in text(ask(cancel, follow=True))


def test_a_date_of_the_draft_is_proposed_and_left_out_the_fiche_is_online_at_once(client, to_approve, moderation):
    draft = to_approve.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(days=3)
    draft.save_revision()
    client.force_login(moderation)
    form = filled_form(client.get(address(to_approve)), "form:has(input[name=action][value=approve])")
    assert form["publier_le"] == timezone.localtime(draft.go_live_at).strftime("%Y-%m-%dT%H:%M")
    client.post(address(to_approve), {**form, "publier_le": ""})
    assert FichePage.objects.get(pk=to_approve.pk).live


@pytest.mark.parametrize("typed", ["2020-01-01T10:00", "9999-12-31T10:00", "demain"])
def test_a_date_that_cannot_be_is_refused_and_is_still_there(client, to_approve, moderation, typed):
    client.force_login(moderation)
    answer = send_action(client, to_approve, "approve", publier_le=typed)
    assert answer.status_code == 422
    assert list(answer.context["approve"].errors) == ["publier_le"]
    assert f'value="{typed}"' in answer.text
    assert states(to_approve) == (False, "in_progress", ["approved", "in_progress"])


def test_corrections_are_asked_with_a_reason_that_its_author_reads(client, fiche, redaction, partenaire):
    open_screen(client, redaction, fiche)
    answer = send_action(client, fiche, "reject", comment="")
    assert (answer.status_code, answer.context["reject"].errors["comment"]) == (
        422,
        ["Écrivez ce qu’il faut corriger."],
    )
    assert states(fiche) == (False, "in_progress", ["in_progress"])
    send_action(client, fiche, "reject", comment="Dites combien.")
    assert states(fiche) == (False, "needs_changes", ["rejected"])
    assert "Dites combien." in text(open_screen(client, partenaire, fiche))


def test_what_changed_while_one_read_stops_the_decision_and_is_shown(client, to_approve, moderation):
    client.force_login(moderation)
    form = filled_form(client.get(address(to_approve)), "form:has(input[name=action][value=approve])")
    to_approve.title = "Texte que personne n’a lu"
    to_approve.save_revision()
    answer = client.post(address(to_approve), form)
    assert answer.status_code == 409
    assert states(to_approve) == (False, "in_progress", ["approved", "in_progress"])
    assert "a modifié « Texte que personne n’a lu » pendant votre lecture" in text(answer)
    assert "Texte que personne n’a lu" in section(answer, "changements")


def test_reasons_that_come_too_late_are_still_there(client, fiche, redaction):
    client.force_login(redaction)
    form = filled_form(client.get(address(fiche)), "form:has(input[name=action][value=reject])")
    fiche.chapo = "Récrit."
    fiche.save_revision()
    answer = client.post(address(fiche), {**form, "comment": "Dites combien."})
    assert (answer.status_code, answer.context["reject"]["comment"].value()) == (409, "Dites combien.")
    again = filled_form(answer, "form:has(input[name=action][value=reject])")
    client.post(address(fiche), again)
    assert states(fiche) == (False, "needs_changes", ["rejected"])


def test_the_screen_opens_on_what_changed_since_one_last_decided(client, fiche, redaction, partenaire):
    assert "lisez-la en entier" in section(open_screen(client, redaction, fiche), "changements")
    send_action(client, fiche, "reject", comment="Dites combien.")
    page = FichePage.objects.get(pk=fiche.pk)
    page.chapo = "Trois fours."
    page.save_revision(user=partenaire, log_action=True)
    page.current_workflow_state.resume(partenaire)
    screen = open_screen(client, redaction, fiche)
    assert "depuis votre dernière décision" in section(screen, "changements")
    assert [change.label for change in screen.context["changements"]] == ["Chapô"]
    assert BeautifulSoup(screen.content, "html.parser").select_one("main h2")["id"] == "changements"
    assert "Rien n’a changé" in section(open_screen(client, partenaire, fiche), "changements")


def test_remarks_to_settle_are_on_the_screen_with_their_field(client, fiche, redaction):
    for text_, resolved in (("Trop long.", None), ("Réglé.", timezone.now())):
        Comment.objects.create(page=fiche, user=redaction, text=text_, contentpath="chapo", resolved_at=resolved)
    remarks = section(open_screen(client, redaction, fiche), "remarques")
    assert "Chapô Trop long. – Rose" in remarks
    assert "Réglé." not in remarks


def test_what_will_be_published_is_shown_as_the_public_will_read_it(client, fiche, redaction):
    page = FichePage.objects.get(pk=fiche.pk)
    page.chapo, page.contact_courriel = "Trois fours.", "anne@x.test"
    page.save_revision()
    frame = BeautifulSoup(open_screen(client, redaction, fiche).content, "html.parser").select_one("iframe")
    shown = client.get(frame["src"])
    assert "Trois fours." in shown.content.decode()
    assert "anne@x.test" not in shown.content.decode()
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_partner_reads_its_own_fiche_and_decides_nothing(client, fiche, partenaire):
    screen = open_screen(client, partenaire, fiche)
    assert screen.status_code == 200
    assert screen.context["decision"] is None
    assert "rien à relire ni à approuver" in section(screen, "decider")
    state = fiche.current_workflow_task_state
    forged = {"action": "approve", "tache": state.pk, "revision": fiche.latest_revision_id}
    client.post(address(fiche), forged)
    assert states(fiche) == (False, "in_progress", ["in_progress"])


def test_who_may_not_edit_the_fiche_sees_nothing_of_it(client, fiche, redaction):
    state = fiche.current_workflow_task_state
    for role in ("partenaire", ""):
        client.force_login(UserFactory(role=role))
        answer = client.get(address(fiche), follow=True)
        assert "Recette" not in text(answer)
        client.post(address(fiche), {"action": "approve", "tache": state.pk, "revision": fiche.latest_revision_id})
    assert states(fiche) == (False, "in_progress", ["in_progress"])


def test_who_wrote_the_fiche_reads_who_may_approve_it(client, to_approve, redaction):
    author = UserFactory(role="moderation")
    other = UserFactory(role="moderation", first_name="Lise")
    to_approve.chapo = "Récrit."
    to_approve.save_revision(user=author)
    screen = open_screen(client, author, to_approve)
    assert "approve" not in screen.context["decision"].actions
    assert other.first_name in " ".join(screen.context["avis"])


def test_a_fiche_online_is_taken_off_by_who_may(client, tree, moderation, redaction):
    fiche = FichePageFactory(parent=tree.fiches)
    off = reverse("wagtailadmin_pages:unpublish", args=[fiche.pk])
    assert off in open_screen(client, moderation, fiche).text
    assert off not in open_screen(client, redaction, fiche).text


def test_a_decision_that_means_nothing_decides_nothing(client, fiche, redaction):
    """Such as a key that is longer than a number, or than what int() reads."""
    client.force_login(redaction)
    long = [{"action": "approve", "tache": "9" * size} for size in (30, 5000)]
    for asked in ({}, {"action": "x"}, {"action": "approve"}, *long):
        assert client.post(address(fiche), {"revision": "x", **asked}).status_code in {404, 409}
    assert states(fiche) == (False, "in_progress", ["in_progress"])


def create_changed_fiche(tree, by, **values):
    """A fiche online, with a draft that ``by`` wrote and did not submit."""
    fiche = FichePageFactory(parent=tree.fiches, complete=True, title="Fournil", **values)
    fiche.save_revision().publish()
    draft = FichePage.objects.get(pk=fiche.pk)
    draft.chapo = "Deux fours."
    draft.save_revision(user=by, log_action=True)
    return FichePage.objects.get(pk=fiche.pk)


def test_changes_not_submitted_are_shown_said_and_submitted_in_one_click(client, tree, redaction, moderation):
    UserFactory(role="redaction")  # who reads it
    fiche = create_changed_fiche(tree, redaction)
    screen = open_screen(client, redaction, fiche)
    assert "Publiée + brouillon" in text(screen)
    assert [change.label for change in screen.context["changements"]] == ["Chapô"]
    assert "Soumettre les modifications à la relecture" in section(screen, "decider")
    assert "Fournil" in text(client.get("/admin/fiches/?etape_de_relecture=modifiees"))
    assert send_action(client, fiche, "submit").url == address(fiche)
    assert states(fiche) == (True, "in_progress", ["in_progress"])


def test_a_fiche_taken_off_goes_back_to_review_in_one_click(client, tree, moderation, redaction):
    fiche = FichePageFactory(parent=tree.fiches, complete=True)
    fiche.save_revision().publish()
    client.force_login(moderation)
    client.post(reverse("wagtailadmin_pages:unpublish", args=[fiche.pk]))
    screen = client.get(address(fiche))
    assert "Remettre la fiche en relecture" in section(screen, "decider")
    send_action(client, fiche, "submit")
    assert states(fiche) == (False, "in_progress", ["in_progress"])


def test_a_partner_submits_its_own_draft_there_and_then_corrects_nothing(client, tree, partenaire, redaction):
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=partenaire, revision=partenaire)
    edit = f'href="{reverse("wagtailadmin_pages:edit", args=[fiche.pk])}"'
    screen = open_screen(client, partenaire, fiche)
    assert "Corriger la page" in section(screen, "decider")
    assert send_action(client, fiche, "submit").url == address(fiche)
    assert states(fiche) == (False, "in_progress", ["in_progress"])
    screen = client.get(address(fiche))
    assert edit not in screen.text
    assert "Corriger la page" not in text(screen)
    assert "Corriger la page" in section(open_screen(client, redaction, fiche), "decider")


def test_a_fiche_read_at_a_version_that_is_no_number_is_not_submitted(client, partenaire, tree):
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=partenaire, revision=partenaire)
    client.force_login(partenaire)
    assert client.post(address(fiche), {"action": "submit", "revision": "9" * 5000}).status_code == 409
    assert not FichePage.objects.get(pk=fiche.pk).workflow_in_progress


def test_an_incomplete_fiche_is_not_submitted_and_what_is_missing_is_said(client, tree, partenaire):
    fiche = FichePageFactory(
        parent=tree.fiches, live=False, complete=True, owner=partenaire, chapo="", revision=partenaire
    )
    client.force_login(partenaire)
    answer = send_action(client, fiche, "submit")
    assert answer.status_code == 409
    assert "Cette fiche est incomplète : rien n’a changé. Écrivez le chapô" in text(answer)
    assert not FichePage.objects.get(pk=fiche.pk).workflow_in_progress


def test_what_changed_after_one_read_is_not_submitted(client, tree, partenaire):
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=partenaire, revision=partenaire)
    client.force_login(partenaire)
    form = filled_form(client.get(address(fiche)), "form:has(input[name=action][value=submit])")
    fiche.chapo = "Récrit."
    fiche.save_revision()
    answer = client.post(address(fiche), form)
    assert answer.status_code == 409
    assert "pendant votre lecture" in text(answer)
    assert not FichePage.objects.get(pk=fiche.pk).workflow_in_progress
