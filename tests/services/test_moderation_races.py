"""Two people at the same fiche at the same moment, two hundred times, on PostgreSQL, each with a connection of their own.

A decision takes less time than an edit or a deletion: it starts a little later each time that it came first, a little sooner
each time that it didn't, so that most rounds are decided by a hair.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry, Revision, TaskState, WorkflowState

from fiches.models import FichePage
from fiches.moderation.decision import AlreadyDecided, ChangedSinceRead, decide
from tests.factories import FichePageFactory, UserFactory
from tests.formulaires import filled_form
from tests.services.conftest import ROUNDS
from tests.services.copies import copies

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TIMES = ROUNDS or 40
A_LITTLE = 0.01
READ, CHANGED = "Texte lu", "Texte changé"
ONLINE = (True, "approved", ["approved", "approved"])
SENT_BACK = (False, "needs_changes", ["approved", "rejected"])
WAITING = (False, "in_progress", ["approved", "in_progress"])


@pytest.fixture(autouse=True)
def _nothing_to_index(settings):
    """Search and references are brought up to date by tasks: not what is raced for here."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def people(tree):
    """A reader and two moderators."""
    return UserFactory(role="redaction"), UserFactory(role="moderation"), UserFactory(role="moderation")


@pytest.fixture
def run_both():
    """Runs two functions at once, each in a thread that lives, with its connection, for the whole test."""
    barrier = Barrier(2)

    def at_once(function):
        barrier.wait()
        return function()

    with ThreadPoolExecutor(2) as threads:
        yield lambda *functions: [task.result() for task in [threads.submit(at_once, each) for each in functions]]
        list(threads.map(lambda each: (barrier.wait(), connection.close()), range(2)))


def to_approve(tree, reader):
    """Fiches that await their approval, one a round, each with its task state."""
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, title=READ, slug="fiche")
    fiche.get_workflow().start(fiche, None)
    state = fiche.current_workflow_task_state
    decide(task_state=state, action="approve", by=reader, revision_read=fiche.latest_revision_id)
    return copies(FichePage.objects.get(pk=fiche.pk), TIMES)


def decision_by(state, action, by, after=0.0):
    """A decision on the revision that was read: True, or the refusal."""
    revision = state.revision_id

    def decision():
        time.sleep(after)
        try:
            decide(task_state=TaskState.objects.get(pk=state.pk), action=action, by=by, revision_read=revision)
        except (AlreadyDecided, ChangedSinceRead) as refusal:
            return type(refusal)
        except TaskState.DoesNotExist:
            return AlreadyDecided
        return True

    return decision


def next_delay(after, approved):
    return after + A_LITTLE if approved is True else max(after - A_LITTLE, 0.0)


def outcome(fiche):
    fiche = FichePage.objects.get(pk=fiche.pk)
    workflow = WorkflowState.objects.for_instance(fiche).get()
    return fiche.live, workflow.status, [state.status for state in workflow.task_states.order_by("pk")]


def log_counts(fiche):
    """How often the log tells an approval, a refusal, a publication."""
    actions = list(PageLogEntry.objects.filter(page=fiche.pk).values_list("action", flat=True))
    return tuple(actions.count(f"wagtail.{action}") for action in ("workflow.approve", "workflow.reject", "publish"))


def test_approve_and_approve(tree, people, run_both):
    reader, one, other = people
    for fiche, state in to_approve(tree, reader):
        answers = run_both(decision_by(state, "approve", one), decision_by(state, "approve", other))
        assert sorted(answers, key=str) == [AlreadyDecided, True]
        assert outcome(fiche) == ONLINE
        assert log_counts(fiche) == (1, 0, 1)


def test_approve_and_send_back(tree, people, run_both):
    reader, one, other = people
    for fiche, state in to_approve(tree, reader):
        approved, sent_back = run_both(decision_by(state, "approve", one), decision_by(state, "reject", other))
        assert (approved, sent_back) in [(True, AlreadyDecided), (AlreadyDecided, True)]
        assert outcome(fiche) == (ONLINE if approved is True else SENT_BACK)
        assert log_counts(fiche) == ((1, 0, 1) if approved is True else (0, 1, 0))


def test_approve_and_edit(tree, people, run_both):
    reader, one, other = people
    fiches = to_approve(tree, reader)
    editor = Client()
    editor.force_login(other)
    form = filled_form(editor.get(reverse("wagtailadmin_pages:edit", args=[fiches[0][0].pk])))
    form |= {"title": CHANGED, "loaded_revision_id": "", "tache": ""}
    seen, after = set(), 0.0
    for fiche, state in fiches:
        url = reverse("wagtailadmin_pages:edit", args=[fiche.pk])
        data = {**form, "slug": fiche.slug}
        late = decision_by(state, "approve", one, after=after)
        approved, saved = run_both(late, lambda url=url, data=data: editor.post(url, data).status_code)
        assert saved == 302
        seen.add(approved)
        after = next_delay(after, approved)
        assert outcome(fiche) == (ONLINE if approved is True else WAITING)
        assert log_counts(fiche) == ((1, 0, 1) if approved is True else (0, 0, 0))
        fiche = FichePage.objects.get(pk=fiche.pk)
        assert fiche.get_latest_revision_as_object().title == CHANGED
        if approved is True:
            assert (fiche.title, fiche.live_revision_id) == (READ, state.revision_id)
            assert fiche.has_unpublished_changes
    assert seen == {True, ChangedSinceRead}


def test_approve_and_delete(tree, people, run_both):
    reader, one, _other = people
    admin = UserFactory(role="admin")
    seen, after = set(), 0.0
    for fiche, state in to_approve(tree, reader):
        late = decision_by(state, "approve", one, after=after)
        approved, _deleted = run_both(late, lambda page=fiche: page.delete(user=admin))
        seen.add(approved)
        after = next_delay(after, approved)
        assert not FichePage.objects.filter(pk=fiche.pk).exists()
        assert not WorkflowState.objects.filter(pk=state.workflow_state_id).exists()
        assert not TaskState.objects.filter(workflow_state_id=state.workflow_state_id).exists()
        assert not Revision.objects.for_instance(fiche).exists()
        assert log_counts(fiche) == ((1, 0, 1) if approved is True else (0, 0, 0))
        assert PageLogEntry.objects.filter(page=fiche.pk, action="wagtail.delete").count() == 1
    assert seen == {True, AlreadyDecided}
