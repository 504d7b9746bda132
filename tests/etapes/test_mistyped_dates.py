"""A mistyped year: who publishes it is warned, what people read is true, it can be undone, and nothing is erased by it."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from etapes.models import EtapePage
from fiches.upkeep.retention import delete_too_old
from tests.conftest import reload_record
from tests.etapes.conftest import in_days, subjects, text
from tests.etapes.screens import ten_minutes_later
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
def test_a_past_day_is_confirmed_with_a_warning_told_and_changed_back(etape, register_people, editor, day):
    register_people("anne", "bruno", besoins="Un fauteuil")
    assert WARNING not in text(type_in(editor, etape, date=in_days(45)))
    page_text = publish(editor, etape, date=day)
    assert WARNING in page_text and "les inscriptions ferment. Vérifiez le jour et l’année." in page_text
    assert "2 personnes seront prévenues par courriel" in page_text and "Publier et prévenir 2 personnes" in page_text
    assert online(etape).date == day
    form = text(editor.get(f"/admin/pages/{etape.pk}/edit/"))
    assert "a changé : 2 personnes seront prévenues par courriel à" in form
    assert WARNING in form
    assert "Étape mise à une date passée" in text(editor.get(f"/admin/pages/{etape.pk}/history/"))
    delete_too_old()
    publish(editor, etape, date=in_days(30))
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


def test_who_may_not_approve_confirms_nothing(to_approve, browser, organiser):
    etape = to_approve(date=LONG_AGO)
    address = f"/admin/etapes/{etape.pk}/approuver/{etape.current_workflow_task_state.pk}/"
    answer = browser(organiser).post(address, {"revision": etape.latest_revision_id, "motif": ""}, follow=True)
    assert answer.redirect_chain[0][0] == "/admin/"
    assert online(etape).date == in_days(30)
