"""A mistyped year, or an emptied date: refused beside the date while people are registered, so that nothing is erased by it."""

import datetime

import pytest

from etapes.models import EtapePage
from tests.conftest import reload_record
from tests.etapes.conftest import in_days, text
from tests.factories import UserFactory
from tests.formulaires import filled_form

LONG_AGO = datetime.date(2013, 6, 26)
PAST = "Cette date est passée, et des personnes sont inscrites."
EMPTY = "Des personnes sont inscrites. Gardez cette date et choisissez l’état « reportée »"


def type_in(editor, etape, **fields):
    """Types ``fields`` into the étape's form and presses « Publier »; returns the page that follows."""
    form = f"/admin/pages/{etape.pk}/edit/"
    typed = {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in fields.items()}
    return editor.post(form, {**filled_form(editor.get(form)), **typed, "action-publish": "1"}, follow=True)


def online(etape):
    return EtapePage.objects.get(pk=etape.pk)


@pytest.mark.parametrize(("day", "refusal"), [(LONG_AGO, PAST), (in_days(-1), PAST), ("", EMPTY)])
def test_a_past_day_and_none_are_refused_while_people_are_registered(etape, register_people, browser, day, refusal):
    editor = browser(UserFactory(role="admin"))
    register_people("anne", "bruno")
    assert refusal in text(type_in(editor, etape, date=day))
    assert online(etape).date == in_days(30)
    etape.inscrits.all().delete()
    type_in(editor, etape, date=day)
    assert online(etape).date == (day or None)


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
