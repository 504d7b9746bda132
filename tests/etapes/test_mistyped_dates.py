"""A mistyped year: who publishes it is warned, what people read is true, it can be undone, and nothing is erased by it."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from etapes.models import EtapePage
from fiches.upkeep.retention import delete_too_old
from tests.conftest import reload_record
from tests.etapes.conftest import in_days, subjects, text
from tests.etapes.test_changements import APPROVE, by_the_form, from_its_preview, ten_minutes_later
from tests.factories import UserFactory
from tests.formulaires import filled_form

LONG_AGO = datetime.date(2013, 6, 26)
WARNING = "Cette date est passée. 2 personnes sont inscrites"


@pytest.fixture
def editor(browser, tree):
    return browser(UserFactory(role="admin"))


def type_in(editor, etape, **fields):
    """Types ``fields`` into the étape's form and presses « Publier »; returns the page that follows."""
    form = f"/admin/pages/{etape.pk}/edit/"
    typed = {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in fields.items()}
    return editor.post(form, {**filled_form(editor.get(form)), **typed, "action-publish": "1"}, follow=True)


def publish(editor, etape, **fields):
    """As `type_in`, and confirms; returns what the confirmation said."""
    question = type_in(editor, etape, **fields)
    assert question.redirect_chain[-1][0] == f"/admin/etapes/{etape.pk}/publier/"
    revision = EtapePage.objects.get(pk=etape.pk).latest_revision_id
    answer = editor.post(f"/admin/etapes/{etape.pk}/publier/", {"revision": revision, "motif": ""}, follow=True)
    assert "est publiée" in text(answer)
    return text(question)


def online(etape):
    return EtapePage.objects.get(pk=etape.pk)


@pytest.mark.parametrize("day", [LONG_AGO, in_days(-1)])
def test_a_past_day_is_confirmed_with_a_warning_told_and_undone(etape, register_people, editor, day):
    register_people("anne", "bruno", besoins="Un fauteuil")
    assert WARNING not in text(type_in(editor, etape, date=in_days(45)))
    page_text = publish(editor, etape, date=day)
    assert WARNING in page_text and "les inscriptions ferment. Vérifiez le jour et l’année." in page_text
    assert "2 personnes seront prévenues par courriel" in page_text and "Publier et prévenir 2 personnes" in page_text
    assert online(etape).date == day
    form = text(editor.get(f"/admin/pages/{etape.pk}/edit/"))
    assert "a changé : 2 personnes seront prévenues par courriel à" in form and "Annuler le changement" in form
    assert WARNING in form
    assert "Étape mise à une date passée" in text(editor.get(f"/admin/pages/{etape.pk}/history/"))
    delete_too_old()
    editor.post(f"/admin/etapes/{etape.pk}/retablir/")
    ten_minutes_later()
    assert (online(etape).date, online(etape).guichet.ouvert, mail.outbox) == (in_days(30), True, [])
    assert {each.besoins for each in etape.inscrits.all()} == {"Un fauteuil"} and etape.inscrits.count() == 2


def test_who_is_registered_reads_the_past_day_then_the_right_one(etape, register_people, editor):
    register_people("anne")
    publish(editor, etape, date=LONG_AGO)
    ten_minutes_later()
    assert subjects() == [("anne@x.test", "Changement : Étape à Dole")]
    assert "26\u00a0juin\u00a02013" in mail.outbox[0].body or "26 juin 2013" in mail.outbox[0].body
    mail.outbox.clear()
    assert "Cette date est passée" not in publish(editor, etape, date=in_days(30))
    ten_minutes_later()
    assert subjects() == [("anne@x.test", "Changement : Étape à Dole")]


def test_a_past_day_is_confirmed_where_nobody_registered_with_an_address(etape, register_people, editor):
    register_people("anne", "bruno")
    etape.inscrits.update(courriel="")
    page_text = publish(editor, etape, date=LONG_AGO)
    assert WARNING in page_text and "Personne n’est prévenu" in page_text


@pytest.fixture
def moderator(browser, tree):
    return browser(UserFactory(role="moderation"))


@pytest.fixture
def to_approve(etape, organiser, awaiting_approval):
    """``to_approve(date=…)``: the étape with what its organiser changed, once it was read and awaits its approval."""

    def submit(**changed):
        draft = reload_record(etape)
        for name, value in changed.items():
            setattr(draft, name, value)
        draft.save_revision(user=organiser)
        return awaiting_approval(draft)

    return submit


APPROVALS = pytest.mark.parametrize("approve", [by_the_form, from_its_preview])


@APPROVALS
def test_an_approval_for_a_past_day_is_confirmed_with_a_warning(register_people, to_approve, moderator, approve):
    register_people("anne", "bruno")
    etape = to_approve(date=LONG_AGO)
    assert WARNING in text(approve(moderator, etape))
    assert online(etape).date == in_days(30)


@APPROVALS
@pytest.mark.parametrize("was_online", [True, False])
def test_a_past_day_is_confirmed_where_nobody_is_registered(etape, to_approve, moderator, approve, was_online):
    if not was_online:
        EtapePage.objects.filter(pk=etape.pk).update(live=False)
    etape = to_approve(date=LONG_AGO)
    question = approve(moderator, etape)
    assert "Cette date est passée : une fois publiée, l’étape compte comme terminée." in text(question)
    assert online(etape).live == was_online and online(etape).workflow_in_progress
    address, revision = question.redirect_chain[-1][0], etape.latest_revision_id
    page_text = text(moderator.post(address, {"revision": revision, "motif": ""}, follow=True))
    assert "« Étape à Dole » est approuvée, telle que vous l’avez lue." in page_text
    assert (online(etape).date, online(etape).live, online(etape).workflow_in_progress) == (LONG_AGO, True, False)
    assert "C’est déjà fait" in text(moderator.get(address, follow=True))


def test_a_past_date_of_publication_is_confirmed(etape, to_approve, moderator):
    EtapePage.objects.filter(pk=etape.pk).update(live=False)
    etape = to_approve(chapo="Des mots en plus.")
    yesterday = timezone.now().replace(second=0, microsecond=0) - datetime.timedelta(days=1)
    etape.latest_revision.content["go_live_at"] = yesterday
    etape.latest_revision.save()
    page_text = text(from_its_preview(moderator, etape))
    assert "La publication était prévue le" in page_text and "dès l’approbation, la page est en ligne" in page_text
    assert not online(etape).live


@APPROVALS
def test_nothing_is_asked_of_an_approval_that_surprises_nobody(register_people, to_approve, moderator, approve):
    register_people("anne")
    etape = to_approve(chapo="Des mots en plus.")
    assert "est approuvée, telle que vous l’avez lue." in text(approve(moderator, etape))
    assert online(etape).chapo == "Des mots en plus."


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_opens_or_approves_what_a_colleague_decided_reads_what_was_decided(
    to_approve, moderator, browser, organiser, method
):
    etape = to_approve(chapo="Des mots en plus.")
    form = f"/admin/pages/{etape.pk}/edit/"
    typed = {**filled_form(moderator.get(form)), **APPROVE}
    colleague = UserFactory(role="moderation", first_name="Rose", last_name="Petit")
    by_the_form(browser(colleague), etape)
    page_text = text(moderator.get(form, follow=True) if method == "get" else moderator.post(form, typed, follow=True))
    assert (
        "C’est déjà fait : Rose Petit a validé cette étape le" in page_text and "pas les autorisations" not in page_text
    )
    stranger = browser(UserFactory(role="partenaire"))
    assert "Rose Petit" not in text(stranger.get(form, follow=True))


def test_who_may_not_approve_confirms_nothing(to_approve, browser, organiser):
    etape = to_approve(date=LONG_AGO)
    address = f"/admin/etapes/{etape.pk}/approuver/{etape.current_workflow_task_state.pk}/"
    answer = browser(organiser).post(address, {"revision": etape.latest_revision_id, "motif": ""}, follow=True)
    assert answer.redirect_chain[0][0] == "/admin/"
    assert online(etape).date == in_days(30)


def test_names_needs_and_contacts_outlast_a_mistyped_year_by_their_whole_time(etape, register_people, editor):
    register_people("anne", "bruno", besoins="Un fauteuil")
    etape.organisations.update(contact_nom="Claire", contact_courriel="claire@x.test")
    publish(editor, etape, date=LONG_AGO)
    # A second mistake, and the correction of what surrounds it, change nothing of that.
    type_in(editor, etape, date=datetime.date(2014, 6, 26))
    now = timezone.now()
    delete_too_old(now + datetime.timedelta(days=29))
    assert {each.besoins for each in etape.inscrits.all()} == {"Un fauteuil"} and etape.inscrits.count() == 2
    delete_too_old(now + datetime.timedelta(days=31))
    assert etape.inscrits.count() == 0
    delete_too_old(now + datetime.timedelta(days=364))
    assert etape.organisations.get().contact_nom == "Claire"
    delete_too_old(now + datetime.timedelta(days=366))
    assert etape.organisations.get().contact_nom == ""


def test_a_mistake_that_was_mended_prolongs_nothing(etape, register_people, editor):
    register_people("anne", besoins="Un fauteuil")
    publish(editor, etape, date=LONG_AGO)
    publish(editor, etape, date=in_days(30))
    end = online(etape).termine_le
    delete_too_old(end + datetime.timedelta(hours=25))
    assert etape.inscrits.get().besoins == ""
    delete_too_old(end + datetime.timedelta(days=31))
    assert not etape.inscrits.exists()


def test_who_goes_back_before_the_mails_leave_reads_that_nobody_is_told(etape, register_people, editor):
    register_people("anne", "bruno")
    publish(editor, etape, date=in_days(32), statut="annulee")
    page_text = publish(editor, etape, date=in_days(30), statut="prevue")
    assert (
        "Personne n’est prévenu" in page_text and "seront prévenues" not in page_text and "Publier l’étape" in page_text
    )
    assert "Les courriels en attente pour 2 personnes ne partiront pas" in page_text
    now = page_text.partition("Après la publication")[0]
    assert (
        "L’étape est annulée." in now and "L’étape est annulée." not in page_text.partition("Après la publication")[2]
    )
    ten_minutes_later()
    assert mail.outbox == []


def test_a_change_back_that_is_online_after_the_mails_left_tells_everybody(etape, register_people, editor):
    register_people("anne", "bruno")
    publish(editor, etape, date=in_days(32))
    later = timezone.localtime() + datetime.timedelta(hours=3)
    page_text = text(type_in(editor, etape, date=in_days(30), go_live_at=f"{later:%Y-%m-%d %H:%M}"))
    assert "2 personnes seront prévenues par courriel" in page_text and "ne partiront pas" not in page_text
