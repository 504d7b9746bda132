"""A fiche is read by people who didn't write it, and approved by another than its reader, whatever the way."""

import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from fiches.models import Courriel, FichePage
from fiches.moderation.decision import AlreadyDecided, ChangedSinceRead, IncompletePage, OwnPage, decide
from fiches.moderation.submitting import submit
from tests.factories import FichePageFactory, UserFactory
from tests.fiches.screens import create_draft, create_submitted_fiche, reload_fiche, save_correction, state_of
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(tree):
    return UserFactory(role="redaction", first_name="Rose", last_name="Dupré")


@pytest.fixture
def moderator(tree):
    return UserFactory(role="moderation", first_name="Max", last_name="Modeste")


def review_state(fiche):
    """(live, [(step, status)])."""
    workflow = WorkflowState.objects.for_instance(fiche).latest("pk")
    steps = workflow.task_states.order_by("pk").values_list("task__name", "status")
    return reload_fiche(fiche).live, list(steps)


def edit(fiche):
    return reverse("wagtailadmin_pages:edit", args=[fiche.pk])


def message_text(response):
    return " ".join(" ".join(str(message) for message in get_messages(response.wsgi_request)).split())


def offered(response):
    """The decisions that the form offers, by name."""
    return {action[0] for action in response.context["page"].current_workflow_task.get_actions(
        response.context["page"], response.wsgi_request.user
    )}  # fmt: skip


def by_the_form(client, user, fiche):
    form = filled_form(client.get(edit(fiche)))
    client.post(edit(fiche), {**form, "action-workflow-action": "true", "workflow-action-name": "approve"})


def by_its_address(client, user, fiche):
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[fiche.pk, "approve", state_of(fiche).pk]))


def by_its_dialogue(client, user, fiche):
    address = reverse("wagtailadmin_pages:collect_workflow_action_data", args=[fiche.pk, "approve", state_of(fiche).pk])
    client.post(address, {"comment": "oui"}, headers={"x-requested-with": "XMLHttpRequest"})


def by_the_task(client, user, fiche):
    state = state_of(fiche)
    with pytest.raises(OwnPage):
        state.task.specific.on_action(state, user, "approve")


def by_the_task_state(client, user, fiche):
    with pytest.raises(OwnPage):
        state_of(fiche).approve(user=user)


def by_our_function(client, user, fiche):
    with pytest.raises(OwnPage):
        decide(task_state=state_of(fiche), action="approve", by=user, revision_read=fiche.latest_revision_id)


FUNCTIONS = [by_the_task, by_the_task_state, by_our_function]
WAYS = [by_the_form, by_its_address, by_its_dialogue, *FUNCTIONS]
TO_READ = (False, [("Relecture", "in_progress")])
TO_APPROVE = (False, [("Relecture", "approved"), ("Approbation", "in_progress")])


@pytest.mark.parametrize("role", ["redaction", "admin"])
@pytest.mark.parametrize("tie", ["owner", "submitter", "author", "submitted it again"])
def test_nobody_reads_their_own_fiche_in_any_way(client, tree, reader, role, tie):
    person, other = UserFactory(role=role), UserFactory(role="partenaire")
    fiche = FichePageFactory(
        parent=tree.fiches, live=False, complete=True, owner=person if tie == "owner" else other,
        revision=person if tie == "author" else other,
    )  # fmt: skip
    submit(fiche, person if tie == "submitter" else other)
    if tie == "submitted it again":
        state_of(fiche).reject(user=reader, comment="Précisez.")
        submit(reload_fiche(fiche), person)
    before = review_state(fiche)
    client.force_login(person)
    for way in WAYS if tie == "author" else FUNCTIONS:
        way(client, person, reload_fiche(fiche))
        assert review_state(fiche) == before, way
    state_of(fiche).approve(user=reader)
    assert review_state(fiche)[1][-1] == ("Approbation", "in_progress")


def test_who_read_a_fiche_does_not_approve_it_in_any_way(client, tree, reader):
    admin = UserFactory(role="admin")
    fiche = create_submitted_fiche(tree, UserFactory(role="partenaire"))
    state_of(fiche).approve(user=admin)
    client.force_login(admin)
    for way in WAYS:
        way(client, admin, fiche)
        assert review_state(fiche) == TO_APPROVE, way


def test_an_author_whose_text_somebody_saved_over_stays_one(client, tree, reader, moderator):
    fiche = create_submitted_fiche(tree, UserFactory(role="partenaire"))
    state_of(fiche).approve(user=reader)
    for person, text in ((moderator, "Une virgule,"), (UserFactory(role="moderation"), "Deux virgules,,")):
        fiche = reload_fiche(fiche).get_latest_revision_as_object()
        fiche.chapo = text
        fiche.save_revision(user=person)
    latest = reload_fiche(fiche).latest_revision_id
    with pytest.raises(OwnPage):
        decide(task_state=state_of(fiche), action="approve", by=moderator, revision_read=latest)


def test_who_wrote_what_is_online_already_may_approve_what_comes_after(tree, reader, moderator):
    fiche = create_draft(tree, moderator)
    FichePage.objects.filter(pk=fiche.pk).update(owner=None)
    reload_fiche(fiche).get_latest_revision().publish()
    fiche = reload_fiche(fiche)
    fiche.chapo = "Une suite."
    partner = UserFactory(role="partenaire")
    fiche.save_revision(user=partner)
    submit(fiche, partner)
    state_of(fiche).approve(user=reader)
    state_of(fiche).approve(user=moderator)
    assert reload_fiche(fiche).chapo == "Une suite."


def test_a_fiche_by_the_only_reader_goes_straight_to_its_approval_and_says_so(client, tree, reader, moderator):
    fiche = create_submitted_fiche(tree, reader)
    assert review_state(fiche) == (False, [("Relecture", "skipped"), ("Approbation", "in_progress")])
    client.force_login(moderator)
    page = client.get(edit(fiche))
    page_text = message_text(page)
    assert f"Personne d’autre que son auteur ne pouvait relire « {fiche.title} » : elle est passée à l’ap" in page_text
    by_the_form(client, moderator, fiche)
    assert reload_fiche(fiche).live


def test_a_fiche_by_a_reader_goes_to_another_one(client, tree, reader):
    other = UserFactory(role="redaction", first_name="Ana", last_name="Petit")
    UserFactory(role="redaction", is_active=False, first_name="Partie")
    fiche = create_submitted_fiche(tree, other)
    assert review_state(fiche) == TO_READ
    client.force_login(other)
    page = client.get(edit(fiche))
    assert "approve" not in offered(page)
    assert message_text(page).endswith(
        "une autre personne doit la relire. Demandez à : Rose Dupré (groupe « Rédaction »)."
    )
    assert "Partie" not in message_text(page)


def test_who_corrects_a_comma_is_told_who_can_approve(client, tree, reader, moderator):
    UserFactory(role="moderation", first_name="Ana", last_name="Petit")
    fiche = create_submitted_fiche(tree, UserFactory(role="partenaire"))
    state_of(fiche).approve(user=reader)
    client.force_login(moderator)
    assert "approve" in offered(client.get(edit(fiche)))
    client.post(edit(fiche), {**filled_form(client.get(edit(fiche))), "chapo": "Une virgule, de plus."})
    page = client.get(edit(fiche))
    assert "approve" not in offered(page)
    assert message_text(page).endswith(
        "une autre personne doit l’approuver. Demandez à : Ana Petit (groupe « Modération »)."
    )


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (["admin"], "Demandez à un administrateur du site : Sophie Admin."),
        ([], "Il faut ajouter un compte au groupe « Modération ». L’administrateur du site le fait dans « Paramètres », « Utilisateurs »."),
    ],
)  # fmt: skip
def test_the_only_moderator_who_is_an_author_is_told_whom_to_ask(client, tree, reader, moderator, others, words):
    for role in others:
        UserFactory(role=role, first_name="Sophie", last_name="Admin")
    fiche = create_submitted_fiche(tree, moderator)
    state_of(fiche).approve(user=reader)
    client.force_login(moderator)
    assert words in message_text(client.get(edit(fiche)))


def test_a_superuser_alone_is_told_what_to_do_and_so_is_everybody_else(client, tree):
    alone = UserFactory(role="admin")
    fiche = create_submitted_fiche(tree, alone)
    assert review_state(fiche)[1][-1] == ("Approbation", "in_progress")
    client.force_login(alone)
    assert "Il faut ajouter un compte au groupe « Modération »" in message_text(client.get(edit(fiche)))
    client.force_login(UserFactory(role="redaction"))
    assert "Il faut ajouter un compte au groupe « Modération »" in message_text(client.get(edit(fiche)))


def awaiting(client, user):
    """The titles of the fiches that the dashboard says to await ``user``."""
    client.force_login(user)
    page = BeautifulSoup(client.get("/admin/").content, "html.parser")
    return [link.text for link in page.select("#a-faire-section .taches__titre")]


def test_a_fiche_no_longer_awaits_the_moderator_who_corrected_it_and_awaits_the_others(client, tree, reader, moderator):
    other = UserFactory(role="moderation")
    fiche = create_submitted_fiche(tree, reader)
    assert (awaiting(client, moderator), awaiting(client, other)) == ([fiche.title], [fiche.title])
    save_correction(fiche, moderator)
    assert (awaiting(client, moderator), awaiting(client, other)) == ([], [fiche.title])


def test_the_authors_are_not_asked_to_read_by_mail(tree, reader):
    author, fiche = UserFactory(role="redaction"), None
    fiche = create_draft(tree, author)
    submit(fiche, UserFactory(role="partenaire"))
    told = {address for mail in Courriel.objects.filter(modele="moderation") for address in mail.destinataires}
    assert (reader.email in told, author.email in told) == (True, False)


def test_wagtails_own_approval_publishes_the_revision_that_was_submitted(tree, reader, moderator):
    fiche = create_submitted_fiche(tree, UserFactory(role="partenaire"))
    state_of(fiche).approve(user=reader)
    state = state_of(fiche)
    state.approve(user=moderator, comment="Bien.")
    fiche = reload_fiche(fiche)
    assert (fiche.live, fiche.live_revision_id) == (True, state.revision_id)
    assert TaskState.objects.get(pk=state.pk).comment == "Bien."


def test_wagtails_own_approval_is_refused_where_ours_is(tree, reader, moderator):
    fiche = create_submitted_fiche(tree, UserFactory(role="partenaire"))
    state_of(fiche).approve(user=reader)
    late = state_of(fiche)
    for nobody in (None, UserFactory(role="partenaire"), reader):
        with pytest.raises((PermissionDenied, OwnPage)):
            state_of(fiche).approve(user=nobody)
    changed = reload_fiche(fiche)
    changed.chapo = "Autre chose."
    changed.save_revision()
    with pytest.raises(ChangedSinceRead):
        state_of(fiche).approve(user=moderator)
    changed.chapo = ""
    TaskState.objects.filter(pk=late.pk).update(revision=changed.save_revision(clean=False))
    with pytest.raises(IncompletePage):
        state_of(fiche).approve(user=moderator)
    assert review_state(fiche) == TO_APPROVE
    state_of(fiche).reject(user=moderator, comment="Trop court.")
    with pytest.raises(AlreadyDecided):
        late.approve(user=UserFactory(role="moderation"))
    assert reload_fiche(fiche).live is False


def test_a_decision_that_was_taken_can_be_saved_again(tree, reader):
    fiche = create_submitted_fiche(tree, UserFactory(role="partenaire"))
    state = state_of(fiche)
    state.approve(user=reader)
    state = TaskState.objects.get(pk=state.pk)
    state.comment = json.dumps("Relue")
    state.save()
    assert review_state(fiche) == TO_APPROVE
