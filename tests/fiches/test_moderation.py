"""The review of a fiche: what is published is what was read, once, and not by its author."""

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry, TaskState

from fiches.mail.outbox import send_pending
from fiches.models import Courriel, FichePage
from fiches.moderation.decision import AlreadyDecided, ChangedSinceRead, IncompletePage, OwnPage, decide
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import CritereFactory, DimensionFactory, FichePageFactory, UserFactory
from tests.fiches.screens import open_fiche, plain, states
from tests.formulaires import filled_form
from tests.undo_delay import send_delayed_mails

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def module_review(module_tree, django_db_blocker):
    """``({role: account}, a fiche of the partner's that awaits its reading)``, made once for the module."""
    names = {"partenaire": {}, "redaction": {"first_name": "Rose", "last_name": "Dupré"}}
    names["moderation"] = {"first_name": "Max", "last_name": "Modeste"}
    with module_transaction(django_db_blocker):
        people = {role: UserFactory(role=role, **name) for role, name in names.items()}
        draft = {"live": False, "complete": True, "owner": people["partenaire"], "revision": people["partenaire"]}
        fiche = FichePageFactory(parent=read_tree(module_tree).fiches, title="Recette", **draft)
        yield people, submit_fiche(fiche, people["partenaire"])


@pytest.fixture
def partenaire(module_review, tree):
    return reload_record(module_review[0]["partenaire"])


@pytest.fixture
def redaction(module_review, tree):
    return reload_record(module_review[0]["redaction"])


@pytest.fixture
def moderation(module_review, tree):
    return reload_record(module_review[0]["moderation"])


def submit_fiche(fiche, by):
    fiche.get_workflow().start(fiche, by)
    return FichePage.objects.get(pk=fiche.pk)


def current_task_state(fiche):
    return FichePage.objects.get(pk=fiche.pk).current_workflow_task_state


@pytest.fixture
def to_read(module_review, redaction):
    return reload_record(module_review[1])


@pytest.fixture
def to_approve(to_read, redaction):
    decide(
        task_state=current_task_state(to_read), action="approve", by=redaction, revision_read=to_read.latest_revision_id
    )
    return FichePage.objects.get(pk=to_read.pk)


def open_screen(client, user, fiche):
    """What the screen of the decision sends, as ``user`` has it open: the step and the version that were read."""
    client.force_login(user)
    response = client.get(reverse("fiches_innovation", args=[fiche.pk]))
    return filled_form(response, "form:has(input[name=tache])")


def post_decision(client, fiche, form, action="approve", **typed):
    return client.post(reverse("fiches_innovation", args=[fiche.pk]), {**form, "action": action, **typed})


def decisions(fiche):
    actions = ["wagtail.workflow.approve", "wagtail.workflow.reject", "wagtail.publish"]
    return list(PageLogEntry.objects.filter(page=fiche.pk, action__in=actions).values_list("action", flat=True))


def test_a_fiche_is_read_then_approved_then_online(client, to_read, redaction, moderation):
    form = open_screen(client, redaction, to_read)
    assert post_decision(client, to_read, form).status_code == 302
    assert states(to_read) == (False, "in_progress", ["approved", "in_progress"])
    form = open_screen(client, moderation, to_read)
    assert post_decision(client, to_read, form).status_code == 302
    assert states(to_read) == (True, "approved", ["approved", "approved"])
    assert sorted(decisions(to_read)) == ["wagtail.publish"] + ["wagtail.workflow.approve"] * 2


def test_what_goes_online_is_the_revision_that_was_read(client, to_approve, moderation):
    form = open_screen(client, moderation, to_approve)
    read = to_approve.latest_revision
    to_approve.title = "Texte que personne n’a lu"
    to_approve.save_revision()
    response = post_decision(client, to_approve, form)
    assert response.status_code == 409
    assert states(to_approve) == (False, "in_progress", ["approved", "in_progress"])
    assert decisions(to_approve) == ["wagtail.workflow.approve"]
    page = response.content.decode()
    assert (
        "quelqu’un a modifié «\N{NO-BREAK SPACE}Texte que personne n’a lu\N{NO-BREAK SPACE}» pendant votre lecture"
        in page
    )
    latest = FichePage.objects.get(pk=to_approve.pk).latest_revision_id
    assert reverse("wagtailadmin_pages:revisions_compare", args=[to_approve.pk, read.pk, latest]) in page


def test_after_reading_what_changed_the_newest_revision_can_be_approved(client, to_approve, moderation):
    to_approve.title = "Relu de nouveau"
    revision = to_approve.save_revision()
    post_decision(client, to_approve, open_screen(client, moderation, to_approve))
    fiche = FichePage.objects.get(pk=to_approve.pk)
    assert (fiche.live, fiche.title, fiche.live_revision_id) == (True, "Relu de nouveau", revision.pk)
    assert TaskState.objects.filter(status="approved").latest("pk").revision_id == revision.pk


def test_the_second_to_decide_is_told_who_was_faster(client, to_approve, moderation):
    form = open_screen(client, UserFactory(role="moderation"), to_approve)
    decide(
        task_state=current_task_state(to_approve),
        action="reject",
        by=moderation,
        revision_read=to_approve.latest_revision_id,
    )
    response = post_decision(client, to_approve, form)
    assert states(to_approve) == (False, "needs_changes", ["approved", "rejected"])
    page = response.content.decode()
    assert "Déjà traité par Max Modeste le" in page


def test_the_words_of_the_second_to_decide_are_given_back(client, to_approve, moderation):
    form = open_screen(client, UserFactory(role="moderation"), to_approve)
    decide(
        task_state=current_task_state(to_approve),
        action="reject",
        by=moderation,
        revision_read=to_approve.latest_revision_id,
    )
    typed = {"action": "reject", "comment": "Dites combien de personnes."}
    page = post_decision(client, to_approve, form, **typed).content.decode()
    assert "Votre texte n’a pas été envoyé." in page
    assert "Dites combien de personnes." in page


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_who_has_no_part_in_a_step_decides_nothing_of_it(to_read, partenaire, moderation, action):
    for person in (partenaire, moderation, None):
        with pytest.raises(PermissionDenied):
            decide(
                task_state=current_task_state(to_read),
                action=action,
                by=person,
                revision_read=to_read.latest_revision_id,
            )
    assert current_task_state(to_read).status == TaskState.STATUS_IN_PROGRESS


def test_a_step_that_was_decided_is_decided_no_more(to_approve, moderation):
    step, read = current_task_state(to_approve), to_approve.latest_revision_id
    decide(task_state=step, action="reject", by=moderation, revision_read=read)
    with pytest.raises(AlreadyDecided):
        decide(task_state=step, action="approve", by=UserFactory(role="moderation"), revision_read=read)
    assert states(to_approve) == (False, "needs_changes", ["approved", "rejected"])


def test_a_step_that_the_review_left_is_not_decided(to_approve, moderation):
    left = TaskState.objects.exclude(pk=current_task_state(to_approve).pk).get()
    TaskState.objects.update(status="in_progress")
    with pytest.raises(AlreadyDecided):
        decide(task_state=left, action="approve", by=moderation, revision_read=to_approve.latest_revision_id)


def test_a_decision_meant_for_the_reading_never_counts_for_the_approval(client, to_read, redaction):
    form = open_screen(client, UserFactory(role="admin"), to_read)
    decide(
        task_state=current_task_state(to_read), action="approve", by=redaction, revision_read=to_read.latest_revision_id
    )
    post_decision(client, to_read, form)
    assert states(to_read) == (False, "in_progress", ["approved", "in_progress"])


@pytest.mark.parametrize("role", ["moderation", "admin"])
@pytest.mark.parametrize("tie", ["owner", "submitter", "author"])
def test_nobody_approves_their_own_fiche(client, tree, redaction, role, tie):
    person, other = UserFactory(role=role), UserFactory(role="redaction")
    fiche = FichePageFactory(
        parent=tree.fiches,
        live=False,
        complete=True,
        owner=person if tie == "owner" else other,
        revision=person if tie == "author" else other,
    )
    fiche = submit_fiche(fiche, person if tie == "submitter" else other)
    decide(task_state=current_task_state(fiche), action="approve", by=redaction, revision_read=fiche.latest_revision_id)
    if tie == "author":
        response = post_decision(client, fiche, open_screen(client, person, fiche))  # it offers to send back only
        assert states(fiche) == (False, "in_progress", ["approved", "in_progress"])
        assert "une autre personne doit l’approuver" in response.content.decode()
    client.force_login(person)
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[fiche.pk, "approve", current_task_state(fiche).pk]))
    assert states(fiche) == (False, "in_progress", ["approved", "in_progress"])
    with pytest.raises(OwnPage):
        decide(
            task_state=current_task_state(fiche), action="approve", by=person, revision_read=fiche.latest_revision_id
        )
    current_task_state(fiche).task.specific.on_action(
        current_task_state(fiche), person, "reject", comment="Je la reprends"
    )
    assert states(fiche) == (False, "needs_changes", ["approved", "rejected"])


def test_a_reader_corrects_then_passes_on(client, to_read, redaction, moderation):
    form = open_fiche(client, redaction, to_read)
    client.post(reverse("wagtailadmin_pages:edit", args=[to_read.pk]), {**form, "chapo": "Corrigé par la rédaction"})
    post_decision(client, to_read, open_screen(client, redaction, to_read))
    assert states(to_read) == (False, "in_progress", ["approved", "in_progress"])
    post_decision(client, to_read, open_screen(client, moderation, to_read))
    fiche = FichePage.objects.get(pk=to_read.pk)
    assert (fiche.live, fiche.chapo) == (True, "Corrigé par la rédaction")


def test_the_form_leads_to_the_one_screen_of_the_decision(client, to_read, redaction):
    client.force_login(redaction)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[to_read.pk])).content.decode()
    assert "data-workflow-action-name" not in page
    menu = BeautifulSoup(page, "html.parser").select_one("footer")
    assert reverse("fiches_innovation", args=[to_read.pk]) in [link["href"] for link in menu.select("a[href]")]


def test_a_fiche_sent_back_and_submitted_again_keeps_its_comments(client, to_read, redaction, partenaire):
    form = open_screen(client, redaction, to_read)
    post_decision(client, to_read, form, action="reject", comment="Précisez la date.")
    assert states(to_read) == (False, "needs_changes", ["rejected"])
    form = open_fiche(client, partenaire, to_read)
    response = client.get(reverse("wagtailadmin_pages:edit", args=[to_read.pk]))
    assert "Précisez la date." in response.content.decode()
    client.post(
        reverse("wagtailadmin_pages:edit", args=[to_read.pk]), {**form, "action-submit": "1", "chapo": "En mai."}
    )
    assert states(to_read) == (False, "in_progress", ["rejected", "in_progress"])
    client.force_login(redaction)
    response = client.get(reverse("wagtailadmin_pages:edit", args=[to_read.pk]))
    assert "Précisez la date." in response.content.decode()
    assert list(TaskState.objects.exclude(comment="").values_list("comment", flat=True)) == ["Précisez la date."]


def test_while_it_awaits_its_approval_only_moderators_change_it(client, to_approve, redaction, moderation):
    form = open_fiche(client, redaction, to_approve)
    url = reverse("wagtailadmin_pages:edit", args=[to_approve.pk])
    assert client.post(url, {**form, "chapo": "Modifié trop tard"}).status_code == 200
    assert FichePage.objects.get(pk=to_approve.pk).latest_revision_id == to_approve.latest_revision_id
    assert client.post(reverse("wagtailadmin_pages:delete", args=[to_approve.pk])).status_code == 302
    assert FichePage.objects.filter(pk=to_approve.pk).exists()
    form = open_fiche(client, moderation, to_approve)
    assert client.post(url, {**form, "chapo": "Modifié à temps"}).status_code == 302
    assert FichePage.objects.get(pk=to_approve.pk).get_latest_revision_as_object().chapo == "Modifié à temps"


def test_the_dashboard_shows_what_to_read_and_nothing_to_approve_blindly(client, to_approve, moderation, redaction):
    client.force_login(moderation)
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Lire et décider" in page
    assert (
        reverse(
            "wagtailadmin_pages:workflow_action", args=[to_approve.pk, "approve", current_task_state(to_approve).pk]
        )
        not in page
    )
    client.force_login(redaction)
    assert "Lire et décider" not in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize("way", ["the form", "the address"])
def test_a_decision_that_wagtails_own_views_are_sent_publishes_nothing_unread(client, to_approve, moderation, way):
    to_approve.chapo = "Retouché."
    to_approve.save_revision()
    state = current_task_state(to_approve)
    if way == "the form":
        form = open_fiche(client, moderation, to_approve)
        form |= {"action-workflow-action": "true", "workflow-action-name": "approve"}
        client.post(reverse("wagtailadmin_pages:edit", args=[to_approve.pk]), form)
    else:
        client.force_login(moderation)
        client.post(reverse("wagtailadmin_pages:workflow_action", args=[to_approve.pk, "approve", state.pk]))
    assert states(to_approve) == (False, "in_progress", ["approved", "in_progress"])


def test_a_decision_on_a_deleted_fiche_is_refused(to_approve, moderation):
    state = current_task_state(to_approve)
    FichePage.objects.get(pk=to_approve.pk).delete()
    with pytest.raises(AlreadyDecided) as refusal:
        decide(task_state=state, action="approve", by=moderation, revision_read=to_approve.latest_revision_id)
    assert str(refusal.value) == "Cette page a été supprimée."


def test_an_older_revision_is_never_published(to_approve, moderation):
    old = to_approve.latest_revision_id
    to_approve.chapo = "Retouché."
    to_approve.save_revision()
    with pytest.raises(ChangedSinceRead):
        decide(task_state=current_task_state(to_approve), action="approve", by=moderation, revision_read=old)


def test_the_partner_hears_of_the_decision_by_mail(
    to_approve, moderation, partenaire, django_capture_on_commit_callbacks
):
    send_delayed_mails()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        decide(
            task_state=current_task_state(to_approve),
            action="approve",
            by=moderation,
            revision_read=to_approve.latest_revision_id,
        )
    send_delayed_mails()
    assert [message.to for message in mail.outbox] == [[partenaire.email]]
    assert mail.outbox[0].body.lstrip().startswith("Bonjour ")


def test_who_awaits_a_fiche_is_told_once_the_mail_server_is_back(
    to_read, redaction, moderation, monkeypatch, django_capture_on_commit_callbacks
):
    Courriel.objects.all().delete()
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse_all)
    with django_capture_on_commit_callbacks(execute=True):
        decide(
            task_state=current_task_state(to_read),
            action="approve",
            by=redaction,
            revision_read=to_read.latest_revision_id,
        )
    send_delayed_mails()
    assert (mail.outbox, [message.erreur for message in Courriel.objects.all()]) == ([], ["ConnectionRefusedError"])
    monkeypatch.undo()
    Courriel.objects.update(prochain_essai=timezone.now())
    assert [send_pending(), send_pending()] == [1, 0]
    [message] = mail.outbox
    assert message.to == [moderation.email]
    assert "<p>" in message.alternatives[0].content


def refuse_all(backend, messages):
    raise ConnectionRefusedError


# --- What the public reads is all there -------------------------------------------------------------------------------

FAULTS = {
    "chapo": ["Écrivez le chapô : deux phrases qui résument l’innovation."],
    "corps": ["Écrivez le texte de la fiche : au moins un bloc."],
    "criteres": ["Choisissez au moins un critère pour : « centrée sur », « en lien avec »."],
    "commune": ["Choisissez la commune, ou cochez « sans localisation »."],
}


@pytest.fixture
def grid(db):
    """Two dimensions with a criterion, and one that has none yet."""
    DimensionFactory(nom="sans critère")
    return [CritereFactory(dimension__nom=nom) for nom in ("centrée sur", "en lien avec")]


@pytest.fixture
def empty_draft(tree, partenaire):
    return FichePageFactory(parent=tree.fiches, live=False, owner=partenaire, revision=partenaire, chapo="")


def test_an_empty_fiche_is_kept_but_not_submitted(client, empty_draft, grid, partenaire):
    form = open_fiche(client, partenaire, empty_draft)
    url = reverse("wagtailadmin_pages:edit", args=[empty_draft.pk])
    assert client.post(url, {**form, "title": "Gardée"}).status_code == 302
    response = client.post(url, {**open_fiche(client, partenaire, empty_draft), "action-submit": "1"})
    assert {
        name: [plain(error) for error in errors] for name, errors in response.context["form"].errors.items()
    } == FAULTS
    assert FichePage.objects.get(pk=empty_draft.pk).current_workflow_state is None


@pytest.mark.parametrize("name", [*FAULTS, "organisation"])
def test_each_part_that_is_missing_stops_the_approval(tree, grid, partenaire, redaction, name):
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=partenaire)
    fiche.criteres.add(*(grid[:1] if name == "criteres" else grid))
    if name == "commune":
        fiche.sans_localisation = False
    elif name != "criteres":
        setattr(fiche, name, [] if name == "corps" else "")
    fiche.save_revision(clean=False)
    fiche = submit_fiche(fiche, partenaire)
    with pytest.raises(IncompletePage) as refusal:
        decide(
            task_state=current_task_state(fiche), action="approve", by=redaction, revision_read=fiche.latest_revision_id
        )
    told = {
        **{field: messages[0] for field, messages in FAULTS.items()},
        "criteres": "Choisissez au moins un critère pour : « en lien avec ».",
        "organisation": "Écrivez le nom de l’organisation.",
    }[name]
    assert plain(refusal.value) == f"Cette fiche est incomplète : rien n’a changé. {told}"
    assert states(fiche) == (False, "in_progress", ["in_progress"])


def test_an_incomplete_fiche_can_be_sent_back_or_taken_out_of_the_review(
    client, empty_draft, grid, partenaire, redaction
):
    fiche = submit_fiche(empty_draft, partenaire)
    form = open_screen(client, redaction, fiche)
    post_decision(client, fiche, form, action="reject", comment="Il manque presque tout.")
    assert states(fiche) == (False, "needs_changes", ["rejected"])
    data = {**open_fiche(client, partenaire, fiche), "action-cancel-workflow": "true"}
    client.post(reverse("wagtailadmin_pages:edit", args=[fiche.pk]), data)
    assert states(fiche)[1] == "cancelled"


def test_who_approves_an_incomplete_fiche_sees_what_is_missing(client, empty_draft, grid, partenaire, redaction):
    fiche = submit_fiche(empty_draft, partenaire)
    response = post_decision(client, fiche, open_screen(client, redaction, fiche))
    assert "Cette fiche est incomplète" in plain(response.content.decode())
    assert states(fiche) == (False, "in_progress", ["in_progress"])


def test_a_complete_fiche_is_submitted_by_its_form(client, tree, grid, partenaire, redaction):
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=partenaire)
    fiche.criteres.add(*grid)
    fiche.save_revision()
    data = {**open_fiche(client, partenaire, fiche), "action-submit": "1"}
    assert client.post(reverse("wagtailadmin_pages:edit", args=[fiche.pk]), data).status_code == 302
    assert states(fiche) == (False, "in_progress", ["in_progress"])
