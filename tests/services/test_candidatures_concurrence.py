"""Two at once, on PostgreSQL: one submission, no text lost, one decision."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import close_old_connections, connection, connections, transaction
from django.utils import timezone

from fiches.candidatures.answers import save_answers
from fiches.candidatures.consentements import withdraw_consent
from fiches.candidatures.dossier_erasure import erase_dossier
from fiches.candidatures.dossier_transitions import WrongStateError
from fiches.candidatures.enums import Etat
from fiches.candidatures.invitation import ask_for_link, invite
from fiches.candidatures.models import Appel, Dossier, Signalement
from fiches.candidatures.submission import (
    REOPENED,
    ask_for_corrections,
    refuse_dossier,
    reopen_dossier,
    submit_dossier,
    withdraw_dossier,
)
from fiches.candidatures.views.signalement import store_tip
from fiches.mail.outbox import send_pending
from fiches.models import Courriel, FichePage
from fiches.models.querysets import lock_row
from fiches.moderation.decision import DecisionRefused, decide
from fiches.moderation.inverse_acts import put_back_online, resume_review
from tests.factories import FicheIndexPageFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ROUNDS = 8
ANSWERS = {
    "organisation": "Fruitière",
    "commune": "Flagey (25330)",
    "titre": "Le lait de nuit",
    "chapo": "Court.",
    "description": "Long.",
    "contact_nom": "Jeanne",
    "contact_courriel": "jeanne@x.test",
    "consentement_publication": True,
}


@pytest.fixture(autouse=True)
def _tasks_wait(settings):
    """Mails, search and the opening of the moderation are the worker's: not what is raced for here."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def begin(home_page):
    FicheIndexPageFactory(parent=home_page)
    now = timezone.now()
    month = timezone.timedelta(days=30)
    appel = Appel.objects.create(nom="Appel", ouverture=now - month, cloture=now + month)

    def make():
        dossier = Dossier.objects.create(courriel="jeanne@x.test", appel=appel)
        save_answers(dossier=dossier, typed=ANSWERS, seen=0)
        return dossier

    return make


def at_once(*acts):
    """The outcome of each act, all started together, each on its own connection."""
    barrier = Barrier(len(acts))

    def run(act):
        close_old_connections()
        barrier.wait()
        try:
            act()
        except (DecisionRefused, PermissionDenied, ValidationError) as error:
            return type(error)
        else:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@contextmanager
def waiting_for_this(*acts, then=lambda: None):
    """Opens a transaction that calls ``then`` and ends once each of ``acts``, begun meanwhile on its own connection, waits for a row
    of it."""
    with ThreadPoolExecutor(len(acts)) as pool:
        with transaction.atomic():
            yield
            outcomes = [pool.submit(at_once, act) for act in acts]
            deadline = time.monotonic() + 20
            while waiting() < len(acts):
                assert time.monotonic() < deadline, "nobody waited"
                time.sleep(0.01)
            then()
        assert [outcome.result(30) for outcome in outcomes] == [[None]] * len(acts)


def waiting():
    """How many wait for a row that somebody else holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def test_a_consent_taken_back_while_the_dossier_is_sent_reaches_the_draft_made_meanwhile(begin):
    dossier = begin()
    save_answers(dossier=dossier, typed={"consentement_contact_nom": True}, seen=dossier.revision)
    with waiting_for_this(partial(withdraw_consent, dossier=dossier, finalite="contact_nom")):
        submit_dossier(dossier=dossier)
    fiche = FichePage.objects.get(dossier=dossier)
    assert fiche.contact_nom_public is False
    assert fiche.get_latest_revision().content["contact_nom_public"] is False


def test_an_erasure_that_waits_while_the_dossier_is_sent_takes_the_draft_too(begin):
    dossier = begin()
    with waiting_for_this(partial(erase_dossier, dossier)):
        submit_dossier(dossier=dossier)
    assert (Dossier.objects.count(), FichePage.objects.count()) == (0, 0)


def publish(page):
    page.save_revision().publish(skip_permission_checks=True)


def test_what_is_done_to_the_aliases_of_a_fiche_waits_for_its_publication(begin):
    by, dossier = UserFactory(role="admin"), begin()
    save_answers(dossier=dossier, typed={"consentement_contact_nom": True}, seen=dossier.revision)
    submit_dossier(dossier=dossier)
    fiche = FichePage.objects.get(dossier=dossier)
    publish(fiche)
    fiche.create_alias(update_slug="alias")
    for act in (
        partial(withdraw_consent, dossier=dossier, finalite="contact_nom", auteur=by),
        partial(withdraw_dossier, dossier=dossier),
        partial(erase_dossier, dossier),
    ):
        with waiting_for_this(act, then=partial(publish, fiche)):
            lock_row(fiche.pk)
    assert (Dossier.objects.count(), FichePage.objects.count()) == (0, 0)


def test_a_dossier_sent_and_withdrawn_at_once_ends_withdrawn(begin):
    for _round in range(ROUNDS):
        dossier = begin()
        with waiting_for_this(partial(withdraw_dossier, dossier=dossier)):
            submit_dossier(dossier=dossier)
        dossier.refresh_from_db()
        fiche = FichePage.objects.get(dossier=dossier)
        assert dossier.etat == Etat.RETIRE
        assert not fiche.live
        assert not fiche.workflow_in_progress


def test_a_dossier_sent_by_two_clicks_is_sent_once(begin):
    for _round in range(ROUNDS):
        dossier = begin()
        assert at_once(*[partial(submit_dossier, dossier=dossier)] * 3) == [None] * 3
        dossier.refresh_from_db()
        assert dossier.etat == Etat.RECU
        assert dossier.evenements.filter(etat=Etat.RECU).count() == 1
        assert dossier.messages.filter(modele="accuse").count() == 1
        assert FichePage.objects.filter(dossier=dossier).count() == 1
    assert FichePage.objects.count() == ROUNDS


def test_a_link_asked_for_by_two_clicks_begins_one_dossier(begin):
    appel = Appel.objects.get()
    for number in range(ROUNDS):
        courriel = f"gerante{number}@x.test"
        assert at_once(*[partial(ask_for_link, courriel=courriel, appel=appel)] * 3) == [None] * 3
        assert Dossier.objects.of(courriel).count() == 1


def test_a_tip_followed_by_two_clicks_invites_once(begin):
    by = UserFactory(role="admin")
    for number in range(ROUNDS):
        tip = Signalement.objects.create(organisation="Boulangerie", innovation="x", contact=f"pain{number}@x.test")
        assert at_once(*[partial(invite, signalement=tip, by=by)] * 2) == [None] * 2
        assert Dossier.objects.of(tip.contact).count() == 1
        assert Courriel.objects.filter(destinataires=[tip.contact]).count() == 1


def files_of_tips():
    private = storages["private"]
    names = private.listdir("signalements")[1] if private.exists("signalements") else []
    return [f"signalements/{name}" for name in names]


def test_a_tip_sent_by_two_clicks_is_kept_once_with_one_photo():
    before = set(files_of_tips())
    for number in range(ROUNDS):
        tip = {"organisation": f"Boulangerie {number}", "lieu": "", "innovation": "x", "contact": "", "de": ""}
        clicks = [{**tip, "photo": ContentFile(b"photo", name="four.jpg")} for _click in range(3)]
        assert at_once(*[partial(store_tip, click) for click in clicks]) == [None] * 3
        assert Signalement.objects.filter(organisation=tip["organisation"]).count() == 1
    assert set(files_of_tips()) - before == set(Signalement.objects.values_list("photo", flat=True))


def test_a_consent_taken_back_while_the_other_is_written_and_the_fiche_approved_holds(begin):
    admin = UserFactory(role="admin")
    for _round in range(ROUNDS):
        dossier = begin()
        save_answers(dossier=dossier, typed={"consentement_contact_nom": True}, seen=dossier.revision)
        submit_dossier(dossier=dossier)
        revision = FichePage.objects.get(dossier=dossier).get_latest_revision()
        outcomes = at_once(
            partial(withdraw_consent, dossier=dossier, finalite="contact_nom"),
            partial(revision.publish, user=admin, skip_permission_checks=True),
        )
        assert outcomes == [None, None]
        fiche = FichePage.objects.get(dossier=dossier)
        assert (fiche.live, fiche.contact_nom_public) == (True, False)
        assert fiche.get_latest_revision().content["contact_nom_public"] is False


def test_a_withdrawal_and_an_approval_at_once_leave_nothing_online(begin):
    admin = UserFactory(role="admin")
    for _round in range(ROUNDS):
        dossier = begin()
        submit_dossier(dossier=dossier)
        fiche = FichePage.objects.get(dossier=dossier)
        revision = fiche.get_latest_revision()
        at_once(
            partial(withdraw_dossier, dossier=dossier),
            partial(revision.publish, user=admin, skip_permission_checks=True),
        )
        dossier.refresh_from_db()
        assert dossier.etat == Etat.RETIRE
        assert not FichePage.objects.get(pk=fiche.pk).live


def test_of_two_who_write_at_once_one_is_saved_and_the_other_is_told(begin):
    for _round in range(ROUNDS):
        dossier, told = begin(), {}
        seen = dossier.revision

        def write(title, dossier=dossier, seen=seen, told=told):
            told[title], _is_older = save_answers(dossier=Dossier(pk=dossier.pk), typed={"titre": title}, seen=seen)

        at_once(partial(write, "A"), partial(write, "B"))
        dossier.refresh_from_db()
        saved = dossier.reponses["titre"]
        [other] = {"A", "B"} - {saved}
        assert told == {saved: {}, other: {"titre": other}}


def test_an_approval_and_corrections_asked_for_at_once_end_as_one_decision(begin):
    admin, _reader = (
        UserFactory(role="admin"),
        UserFactory(role="redaction"),
    )  # without a reader, one approval publishes
    for _round in range(ROUNDS):
        dossier = begin()
        submit_dossier(dossier=dossier)
        fiche = FichePage.objects.get(dossier=dossier)
        state = fiche.current_workflow_task_state
        outcomes = at_once(
            partial(decide, task_state=state, action="approve", by=admin, revision_read=state.revision_id),
            partial(ask_for_corrections, dossier=dossier, reasons=[("chapo", "Plus court.")], by=admin),
            partial(refuse_dossier, dossier=dossier, reason="Hors du sujet.", by=admin),
        )
        dossier.refresh_from_db()
        fiche = FichePage.objects.get(pk=fiche.pk)
        assert not fiche.live
        assert dossier.etat in {Etat.CORRECTIONS_DEMANDEES, Etat.REFUSE}
        assert dossier.evenements.filter(etat=Etat.REFUSE).count() == (dossier.etat == Etat.REFUSE)
        running = fiche.workflow_in_progress
        assert not running
        assert set(outcomes) <= {None, WrongStateError, PermissionDenied} | set(DecisionRefused.__subclasses__())


def test_a_dossier_reopened_by_two_clicks_is_reopened_once(begin):
    admin = UserFactory(role="admin")
    for _round in range(ROUNDS):
        dossier = submit_dossier(dossier=begin())
        refuse_dossier(dossier=dossier, reason="Par erreur.", by=admin)
        outcomes = at_once(*[partial(reopen_dossier, dossier=dossier, by=admin)] * 2)
        assert sorted(outcomes, key=str) == [WrongStateError, None]
        dossier.refresh_from_db()
        assert (dossier.etat, dossier.evenements.filter(message=REOPENED).count()) == (Etat.RECU, 1)
        assert FichePage.objects.get(dossier=dossier).workflow_in_progress


def test_a_reopening_and_the_leaving_of_the_mail_of_the_end_at_once_tell_the_truth(begin):
    admin = UserFactory(role="admin")
    for _round in range(ROUNDS):
        dossier = submit_dossier(dossier=begin())
        refuse_dossier(dossier=dossier, reason="Par erreur.", by=admin)
        Courriel.objects.update(prochain_essai=timezone.now())
        letter = Courriel.objects.get(modele="refuse", sujet_id=dossier.pk)
        at_once(partial(reopen_dossier, dossier=dossier, by=admin), send_pending)
        dossier.refresh_from_db()
        left = Courriel.objects.filter(pk=letter.pk).exists()
        corrected = Courriel.objects.filter(modele="relecture", sujet_id=dossier.pk).exists()
        assert (dossier.etat, left) == (Etat.RECU, corrected)


def test_corrections_taken_back_while_the_company_writes_end_as_one_of_them(begin):
    admin = UserFactory(role="admin")
    for _round in range(ROUNDS):
        dossier = submit_dossier(dossier=begin())
        ask_for_corrections(dossier=dossier, reasons=[("chapo", "Plus court.")], by=admin)
        writing = partial(save_answers, dossier=Dossier(pk=dossier.pk), typed={"chapo": "Bref."}, seen=dossier.revision)
        back, written = at_once(partial(resume_review, fiche=dossier.fiche, by=admin), writing)
        dossier.refresh_from_db()
        assert (back, written, dossier.etat, dossier.reponses["chapo"]) in [
            (None, WrongStateError, Etat.RECU, "Court."),
            (DecisionRefused, None, Etat.CORRECTIONS_DEMANDEES, "Bref."),
        ]


def test_a_fiche_put_back_online_while_the_company_withdraws_leaves_nothing_online(begin):
    admin = UserFactory(role="admin")
    for _round in range(ROUNDS):
        dossier = submit_dossier(dossier=begin())
        fiche = FichePage.objects.get(dossier=dossier)
        while state := FichePage.objects.get(pk=fiche.pk).current_workflow_task_state:
            decide(task_state=state, action="approve", by=admin, revision_read=state.revision_id)
        FichePage.objects.get(pk=fiche.pk).unpublish(user=admin)
        at_once(partial(put_back_online, fiche=fiche, by=admin), partial(withdraw_dossier, dossier=dossier))
        dossier.refresh_from_db()
        fiche = FichePage.objects.get(pk=fiche.pk)
        assert (dossier.etat, fiche.live, fiche.workflow_in_progress) == (Etat.RETIRE, False, False)
