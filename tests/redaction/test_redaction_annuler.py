"""A decision on a fiche that the staff or a partner wrote, without a dossier, is undone within ten minutes."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState

from fiches.formats import hour
from fiches.models import FichePage
from fiches.moderation.decision import decide
from tests.candidatures.conftest import text
from tests.factories import FichePageFactory, UserFactory
from tests.formulaires import filled_form
from tests.redaction.test_redaction_innovation import address, open_screen, section, send_action, states
from tests.undo_delay import clock_ahead, send_delayed_mails, ten_minutes_later

pytestmark = pytest.mark.django_db
UNDO = "form:has(input[name=action][value=undo])"


@pytest.fixture
def partenaire(tree):
    return UserFactory(role="partenaire")


@pytest.fixture
def redaction(tree):
    return UserFactory(role="redaction")


@pytest.fixture
def moderation(tree):
    return UserFactory(role="moderation")


@pytest.fixture
def fiche(tree, partenaire, redaction, moderation):
    """A fiche of a partner's, which awaits its reading."""
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=partenaire, revision=partenaire)
    fiche.get_workflow().start(fiche, partenaire)
    return FichePage.objects.get(pk=fiche.pk)


@pytest.fixture
def to_approve(fiche, redaction):
    state = fiche.current_workflow_task_state
    decide(task_state=state, action="approve", by=redaction, revision_read=fiche.latest_revision_id)
    return FichePage.objects.get(pk=fiche.pk)


@pytest.fixture(autouse=True)
def _earlier_mails_left(request, fiche):
    """Lets the mails leave of what was done before the test."""
    if "to_approve" in request.fixturenames:
        request.getfixturevalue("to_approve")
    send_delayed_mails()
    mail.outbox.clear()


def undo_decision(client, user, page):
    form = filled_form(open_screen(client, user, page), UNDO)
    return client.post(address(page), form, follow=True)


def visible_state(client, page, *people):
    """What the staff may decide, and what the public reads."""
    page = FichePage.objects.get(pk=page.pk)
    shown = [section(open_screen(client, user, page), "decider") for user in people]
    client.logout()
    listed = [each["titre"] for each in client.get("/api/v1/fiches").json()["items"]]
    return shown, listed, states(page), page.first_published_at, page.go_live_at


@pytest.mark.parametrize(("action", "typed"), [("approve", {}), ("reject", {"comment": "Dites combien."})])
def test_a_decision_of_the_reading_is_undone_and_nobody_is_told(
    client,
    fiche,
    redaction,
    moderation,
    partenaire,
    action,
    typed,
):
    before = visible_state(client, fiche, redaction, moderation, partenaire)
    client.force_login(redaction)
    send_action(client, fiche, action, **typed)
    assert visible_state(client, fiche, redaction, moderation, partenaire) != before
    assert "La décision est annulée" in text(undo_decision(client, redaction, fiche))
    assert visible_state(client, fiche, redaction, moderation, partenaire) == before
    send_delayed_mails()
    assert mail.outbox == []


def in_three_days():
    return (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize("typed", [{}, {"publier_le": True}, {"comment": "Dites combien."}])
def test_a_decision_of_the_approval_is_undone_and_nobody_is_told(
    client,
    to_approve,
    redaction,
    moderation,
    partenaire,
    typed,
):
    before = visible_state(client, to_approve, redaction, moderation, partenaire)
    typed = {name: in_three_days() if value is True else value for name, value in typed.items()}
    client.force_login(moderation)
    send_action(client, to_approve, "reject" if "comment" in typed else "approve", **typed)
    assert visible_state(client, to_approve, redaction, moderation, partenaire) != before
    undo_decision(client, moderation, to_approve)
    assert visible_state(client, to_approve, redaction, moderation, partenaire) == before
    send_delayed_mails()
    assert mail.outbox == []


def test_the_next_reviewers_are_told_ten_minutes_after_unless_they_decided_first(
    client,
    fiche,
    redaction,
    moderation,
):
    client.force_login(redaction)
    send_action(client, fiche, "approve")
    client.force_login(moderation)
    send_action(client, fiche, "approve")
    send_delayed_mails()
    assert [letter.to for letter in mail.outbox if letter.to == [moderation.email]] == []


def test_the_undoing_is_in_the_history(client, fiche, redaction):
    client.force_login(redaction)
    send_action(client, fiche, "reject", comment="Dites combien.")
    undo_decision(client, redaction, fiche)
    assert "Décision annulée" in section(open_screen(client, redaction, fiche), "histoire")
    assert "Dites combien." not in " ".join(open_screen(client, redaction, fiche).context["avis"])


def test_the_partner_that_may_not_decide_does_not_undo(client, fiche, redaction, partenaire):
    client.force_login(redaction)
    send_action(client, fiche, "approve")
    form = filled_form(client.get(address(fiche)), UNDO)
    client.force_login(partenaire)
    assert "Annuler cette décision" not in text(client.get(address(fiche)))
    client.post(address(fiche), form, follow=True)
    assert states(fiche) == (False, "in_progress", ["approved", "in_progress"])


def test_what_is_submitted_again_meanwhile_stays_submitted(client, fiche, redaction, partenaire):
    client.force_login(redaction)
    send_action(client, fiche, "reject", comment="Dites combien.")
    form = filled_form(client.get(address(fiche)), UNDO)
    client.force_login(partenaire)
    send_action(client, fiche, "submit")
    client.force_login(redaction)
    assert "Trop tard : depuis cette décision" in text(client.post(address(fiche), form, follow=True))
    assert TaskState.objects.filter(status="in_progress").count() == 1


def test_the_mail_of_a_decision_leads_to_the_screen_of_the_fiche(client, fiche, redaction, moderation):
    client.force_login(redaction)
    send_action(client, fiche, "approve")
    send_delayed_mails()
    [letter] = [each for each in mail.outbox if each.to == [moderation.email]]
    assert letter.subject.replace("\xa0", " ") == f"À approuver : « {fiche.title} »"
    assert address(fiche) in letter.body
    assert "/edit/" not in letter.body


def test_a_date_that_was_cancelled_is_not_proposed_again(client, to_approve, moderation, redaction):
    client.force_login(moderation)
    send_action(client, to_approve, "approve", publier_le=in_three_days())
    page = FichePage.objects.get(pk=to_approve.pk)
    cancel = reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, page.scheduled_revision.pk])
    asked = client.get(f"{cancel}?next={address(page)}")
    answer = client.post(
        BeautifulSoup(asked.content, "html.parser").select_one("main form")["action"], filled_form(asked, "main form")
    )
    assert answer.url == address(page)
    reader = UserFactory(role="redaction")
    client.force_login(redaction)
    send_action(client, page, "submit")
    with ten_minutes_later():
        for person in (reader, moderation):
            client.force_login(person)
            screen = client.get(address(page))
            if person is moderation:
                form = filled_form(screen, "form:has(input[name=action][value=approve])")
                assert form["publier_le"] == ""
            send_action(client, page, "approve")
    assert FichePage.objects.get(pk=page.pk).live


def test_an_approval_at_a_near_date_is_undone_until_that_date_only(client, to_approve, moderation):
    client.force_login(moderation)
    soon = timezone.localtime() + timedelta(minutes=4)
    send_action(client, to_approve, "approve", publier_le=f"{soon:%Y-%m-%dT%H:%M}")
    page = open_screen(client, moderation, to_approve)
    assert f"Vous pouvez l’annuler jusqu’à {hour(soon)}.".replace("\u00a0", " ") in text(page)
    form = filled_form(page, UNDO)
    with clock_ahead(timedelta(minutes=5)):
        answer = client.post(address(to_approve), form, follow=True)
    assert "Trop tard : la date décidée est arrivée." in text(answer)
    assert FichePage.objects.get(pk=to_approve.pk).approved_schedule


def undoable_lines(client, user):
    """``[(words, address)]`` of what ``user`` can still undo, on their home page."""
    client.force_login(user)
    page = BeautifulSoup(client.get("/admin/").content, "html.parser")
    links = page.select("section:has(> h3:-soup-contains('encore annuler')) a")
    return [(" ".join(link.get_text().split()), link["href"]) for link in links]


def test_the_home_page_lists_each_decision_of_ones_own_that_can_be_undone_one_click_from_it(
    client, tree, fiche, redaction, moderation
):
    other = FichePageFactory(parent=tree.fiches, live=False, complete=True, title="Un four", revision=moderation)
    other.get_workflow().start(other, moderation)
    client.force_login(redaction)
    send_action(client, fiche, "reject", comment="Dites combien.")
    send_action(client, other, "approve")
    until = hour(timezone.now() + timedelta(minutes=10)).replace("\xa0", " ")
    assert undoable_lines(client, redaction) == [
        (f"1 transmission à l’approbation : « Un four », jusqu’à {until}", f"{address(other)}#annuler"),
        (f"1 demande de corrections : « {fiche.title} », jusqu’à {until}", f"{address(fiche)}#annuler"),
    ]
    assert undoable_lines(client, moderation) == []
    undo_decision(client, redaction, other)
    assert [href for _words, href in undoable_lines(client, redaction)] == [f"{address(fiche)}#annuler"]
    with clock_ahead(timedelta(minutes=11)):
        assert undoable_lines(client, redaction) == []


def test_the_home_page_lists_no_decision_that_was_followed_by_another_or_by_a_new_version(
    client, fiche, redaction, moderation, partenaire
):
    client.force_login(redaction)
    send_action(client, fiche, "reject", comment="Dites combien.")
    page = FichePage.objects.get(pk=fiche.pk)
    page.chapo = "Trois fours."
    page.save_revision(user=partenaire)
    assert undoable_lines(client, redaction) == []
    client.force_login(partenaire)
    send_action(client, fiche, "submit")
    client.force_login(redaction)
    send_action(client, fiche, "approve")
    assert len(undoable_lines(client, redaction)) == 1
    client.force_login(moderation)
    send_action(client, fiche, "approve")
    assert undoable_lines(client, redaction) == []
    [(words, _address)] = undoable_lines(client, moderation)
    assert words.startswith("1 approbation : ")
