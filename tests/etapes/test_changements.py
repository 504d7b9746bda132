"""When an étape changes, those registered hear of it: once, in the right words, and of nothing else."""

import datetime

import icalendar
import pytest
from django.core import mail
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from etapes.inscriptions.registration_transitions import cancel, register
from etapes.models import EtapePage, Inscription
from tests.conftest import module_transaction, reload_record
from tests.etapes.conftest import in_days, subjects, text
from tests.etapes.screens import ten_minutes_later
from tests.factories import EtapePageFactory, UserFactory
from tests.formulaires import filled_form


@pytest.fixture
def publish(etape, django_capture_on_commit_callbacks):
    def change(**fields):
        mail.outbox.clear()
        for name, value in fields.items():
            setattr(etape, name, value)
        with django_capture_on_commit_callbacks(execute=True):
            etape.save_revision().publish()
        assert mail.outbox == []
        ten_minutes_later()
        return subjects()

    return change


def test_a_new_hour_a_new_day_or_a_new_place_is_told_to_all_who_count_on_it(register_people, publish):
    register_people("anne", "bruno", "carole")
    assert publish(debut=datetime.time(15)) == [
        (f"{name}@x.test", "Changement : Étape à Dole") for name in ("anne", "bruno", "carole")
    ]
    assert "15\u00a0h – 17\u00a0h\u00a030" in mail.outbox[0].body
    assert len(publish(date=in_days(45))) == 3
    assert len(publish(lieu="Mairie")) == 3


def test_the_mail_brings_the_calendar_file_to_who_has_a_place(register_people, publish, etape):
    register_people("anne", "bruno", "carole")
    publish(debut=datetime.time(15))
    with_file = [message.to[0] for message in mail.outbox if message.attachments]
    assert with_file == ["anne@x.test", "bruno@x.test"]
    name, content, _kind = mail.outbox[0].attachments[0]
    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert (name, event["UID"]) == ("dole.ics", f"{etape.uid}@rallynov")
    assert event["SEQUENCE"] >= 0


def test_what_changes_nothing_for_those_who_come_writes_to_nobody(register_people, publish):
    register_people("anne")
    assert publish(chapo="Un nouveau texte.", title="Étape à Dole, la belle") == []


def test_a_cancelled_etape_is_told_and_its_calendar_file_says_so(register_people, publish):
    register_people("anne", "bruno", "carole")
    assert {subject for _to, subject in publish(statut="annulee")} == {"Annulée : Étape à Dole"}
    assert len(mail.outbox) == 3
    content = mail.outbox[0].attachments[0][1]
    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"


def test_a_postponed_etape_keeps_its_registrations_and_tells_the_new_date_later(register_people, publish, etape):
    register_people("anne", "bruno", "carole")
    old = etape.date
    assert {subject for _to, subject in publish(statut="reportee")} == {"Changement : Étape à Dole"}
    assert "Nouvelle date à venir" in mail.outbox[0].body
    assert "votre inscription est toujours valable" in mail.outbox[0].body.lower()
    cancelled = icalendar.Calendar.from_ical(mail.outbox[0].attachments[0][1])
    assert (cancelled["METHOD"], cancelled.events[0]["DTSTART"].dt.date()) == ("CANCEL", old)
    mails = publish(date=in_days(90), ancienne_date=old)
    assert {subject for _to, subject in mails} == {"Changement : Étape à Dole"}
    assert list(etape.inscrits.values_list("etat", flat=True)) == ["confirmee", "confirmee", "attente"]


def test_nobody_hears_of_an_etape_that_is_over(register_people, publish, etape):
    register_people("anne")
    etape.date = in_days(-2)
    etape.derive_bounds()
    EtapePage.objects.update(date=etape.date, commence_le=etape.commence_le, termine_le=etape.termine_le)
    assert publish(lieu="Mairie") == []


def test_who_cancelled_hears_of_nothing_more(register_people, publish):
    cancel(inscription=register_people("anne"))
    ten_minutes_later()
    assert publish(statut="annulee") == []


def test_who_cancels_within_ten_minutes_of_a_change_does_not_hear_of_it(register_people, etape):
    anne = register_people("anne")
    etape.lieu = "Mairie"
    etape.save_revision().publish()
    cancel(inscription=anne)
    ten_minutes_later()
    assert not [subject for _to, subject in subjects() if subject.startswith("Changement")]


def test_going_back_within_ten_minutes_tells_nobody(register_people, etape, django_capture_on_commit_callbacks):
    register_people("anne", "bruno")
    mail.outbox.clear()
    first = etape.date
    with django_capture_on_commit_callbacks(execute=True):
        for date in (in_days(45), in_days(46), first):
            etape.date = date
            etape.save_revision().publish()
    ten_minutes_later()
    assert mail.outbox == []


def test_two_changes_within_ten_minutes_are_one_mail(register_people, etape, django_capture_on_commit_callbacks):
    register_people("anne")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        for lieu in ("Mairie", "Gare"):
            etape.lieu = lieu
            etape.save_revision().publish()
    ten_minutes_later()
    assert subjects() == [("anne@x.test", "Changement : Étape à Dole")]
    assert "Gare" in mail.outbox[0].body and "Mairie" not in mail.outbox[0].body


# --- Shown before, undone after ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def module_moved(module_etape, django_db_blocker):
    """What `moved` is, made once for the module."""
    with module_transaction(django_db_blocker):
        with TestCase.captureOnCommitCallbacks(execute=True):
            for name in ("anne", "bruno"):
                register(etape=module_etape, nom=name.title(), courriel=f"{name}@x.test")
        etape = reload_record(module_etape)
        etape.date = in_days(45)
        etape.save_revision()
        yield etape


@pytest.fixture
def moved(module_moved, etape):
    """Two people count on the étape, whose draft is in fifteen days more."""
    mail.outbox.clear()
    return reload_record(module_moved).get_latest_revision_as_object()


@pytest.fixture
def editor(browser, tree):
    return browser(UserFactory(role="admin"))


def test_who_will_be_told_is_shown_before_the_publication_and_a_reason_goes_with_it(moved, editor):
    address = f"/admin/etapes/{moved.pk}/publier/"
    page = editor.get(address).content.decode()
    assert "2 personnes seront prévenues par courriel" in page
    assert ">Anne<" in page and ">Bruno<" in page
    assert EtapePage.objects.get(pk=moved.pk).date == in_days(30)
    answer = editor.post(address, {"revision": moved.latest_revision_id, "motif": "La salle est fermée."}, follow=True)
    assert "2 personnes seront prévenues par courriel à" in answer.content.decode()
    assert EtapePage.objects.get(pk=moved.pk).date == in_days(45)
    assert mail.outbox == []
    ten_minutes_later()
    assert sorted(message.to[0] for message in mail.outbox) == ["anne@x.test", "bruno@x.test"]
    assert "La salle est fermée." in mail.outbox[0].body


def test_who_has_no_address_is_named_and_not_counted_among_the_mails(moved, editor):
    Inscription.objects.filter(nom="Bruno").update(courriel="")
    page = text(editor.get(f"/admin/etapes/{moved.pk}/publier/"))
    assert "1 personne sera prévenue par courriel" in page and "Bruno – pas de courriel" in page


def publish_again(editor, etape, **values):
    """Publishes the étape with these values, from the screen that says who is told; returns what it says."""
    draft = EtapePage.objects.get(pk=etape.pk).get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    revision = draft.save_revision()
    address = f"/admin/etapes/{etape.pk}/publier/"
    question = text(editor.get(address))
    editor.post(address, {"revision": revision.pk, "motif": ""})
    return question


def test_a_change_that_is_changed_back_within_ten_minutes_tells_nobody(moved, editor):
    editor.post(f"/admin/etapes/{moved.pk}/publier/", {"revision": moved.latest_revision_id, "motif": ""})
    question = publish_again(editor, moved, date=in_days(30))
    assert "0 personne sera prévenue" in question
    assert EtapePage.objects.get(pk=moved.pk).date == in_days(30)
    ten_minutes_later()
    assert mail.outbox == []


def press(who, etape, **buttons):
    """Posts the étape's form as it is opened; returns the page that follows."""
    address = f"/admin/pages/{etape.pk}/edit/"
    return text(who.post(address, {**filled_form(who.get(address)), **buttons}, follow=True))


def approve(who, etape):
    """The page that follows « Approuver » on the screen of the decision."""
    address = f"/admin/redaction/innovations/{etape.pk}/"
    form = filled_form(who.get(address), "form:has(input[name=action][value=approve])")
    return who.post(address, form, follow=True)


def test_an_approval_shows_who_will_be_told(moved, browser, organiser):
    reader, moderator = browser(UserFactory(role="redaction")), browser(UserFactory(role="moderation"))
    press(browser(organiser), moved, **{"action-submit": "1"})
    assert "2 personnes" not in text(reader.get(f"/admin/pages/{moved.pk}/edit/"))
    assert "« Étape à Dole » est transmise : elle attend son approbation." in text(approve(reader, moved))
    question = approve(moderator, moved)
    address, said = question.redirect_chain[-1][0], text(question)
    assert "2 personnes seront prévenues par courriel" in said and ">Anne<" in said and ">Bruno<" in said
    assert "Approuver et prévenir 2 personnes" in said
    assert EtapePage.objects.get(pk=moved.pk).date == in_days(30)
    after = text(moderator.post(address, {"revision": moved.latest_revision_id, "motif": "Travaux"}, follow=True))
    assert "« Étape à Dole » est approuvée, telle que vous l’avez lue." in after
    assert "2 personnes seront prévenues par courriel à" in after
    assert EtapePage.objects.get(pk=moved.pk).date == in_days(45)


def test_a_change_that_people_are_told_of_is_not_published_among_many(moved, editor, tree):
    other = EtapePageFactory(parent=tree.etapes, title="Étape à Lure", live=False)
    other.save_revision()
    query = f"id={moved.pk}&id={other.pk}"
    address = f"/admin/bulk/wagtailcore/page/publish/?{query}&next=/admin/etapes/"
    page_text = text(editor.post(address, follow=True))
    assert (
        "Rien n’est publié : la publication de « Étape à Dole » prévient des personnes par courriel. Publiez-la seule."
        in page_text
    )
    assert (EtapePage.objects.get(pk=moved.pk).date, EtapePage.objects.get(pk=other.pk).live) == (in_days(30), False)
    # Without it, the others are published.
    editor.post(f"/admin/bulk/wagtailcore/page/publish/?id={other.pk}&next=/admin/etapes/")
    assert EtapePage.objects.get(pk=other.pk).live
    ten_minutes_later()
    assert mail.outbox == []


def test_the_last_change_alone_is_taken_back(moved, editor):
    """A cancellation by mistake, just after a new date: the new date holds, and people are told of it."""
    editor.post(f"/admin/etapes/{moved.pk}/publier/", {"revision": moved.latest_revision_id, "motif": ""})
    publish_again(editor, moved, statut="annulee")
    publish_again(editor, moved, statut="prevue")
    etape = EtapePage.objects.get(pk=moved.pk)
    assert (etape.statut, etape.date) == ("prevue", in_days(45))
    mail.outbox.clear()
    ten_minutes_later()
    assert {subject for _to, subject in subjects()} == {"Changement : Étape à Dole"}


def test_who_registered_after_the_change_is_told_that_it_is_changed_back(moved, editor):
    editor.post(f"/admin/etapes/{moved.pk}/publier/", {"revision": moved.latest_revision_id, "motif": ""})
    register(etape=EtapePage.objects.get(pk=moved.pk), nom="Carole", courriel="carole@x.test")
    publish_again(editor, moved, date=in_days(30))
    mail.outbox.clear()
    ten_minutes_later()
    assert ("carole@x.test", "Changement : Étape à Dole") in subjects()
    assert {to for to, _subject in subjects()} == {"carole@x.test"}


def test_what_was_changed_since_it_was_shown_is_not_published(moved, editor):
    seen = moved.latest_revision_id
    moved.lieu = "Gare"
    moved.save_revision()
    answer = editor.post(f"/admin/etapes/{moved.pk}/publier/", {"revision": seen, "motif": "Travaux"})
    assert "a été modifiée entre-temps" in answer.content.decode() and "Travaux" in answer.content.decode()
    assert EtapePage.objects.get(pk=moved.pk).date == in_days(30)


def test_the_form_leads_to_the_confirmation_where_somebody_is_to_be_told(etape, register_people, editor):
    register_people("anne")
    mail.outbox.clear()
    form = f"/admin/pages/{etape.pk}/edit/"
    data = filled_form(editor.get(form)) | {"date": in_days(45).isoformat(), "action-publish": "1"}
    answer = editor.post(form, data)
    assert answer.headers["Location"] == f"/admin/etapes/{etape.pk}/publier/"
    assert EtapePage.objects.get(pk=etape.pk).date == in_days(30)
    assert EtapePage.objects.get(pk=etape.pk).get_latest_revision_as_object().date == in_days(45)
    untold = filled_form(editor.get(form)) | {"date": in_days(30).isoformat(), "chapo": "Court.", "action-publish": "1"}
    assert editor.post(form, untold).headers["Location"] != f"/admin/etapes/{etape.pk}/publier/"
    assert EtapePage.objects.get(pk=etape.pk).chapo == "Court."


def test_who_will_be_told_of_a_scheduled_change_is_shown_before_and_they_are_told_when_it_is_online(
    moved, editor, django_capture_on_commit_callbacks
):
    address = f"/admin/pages/{moved.pk}/edit/"
    later = timezone.localtime() + datetime.timedelta(hours=3)
    typed = {**filled_form(editor.get(address)), "go_live_at": f"{later:%Y-%m-%d %H:%M}", "action-publish": "1"}
    answer = editor.post(address, typed, follow=True)
    assert answer.redirect_chain[-1][0] == f"/admin/etapes/{moved.pk}/publier/"
    question = text(answer)
    assert "2 personnes seront prévenues par courriel" in question
    revision = EtapePage.objects.get(pk=moved.pk).latest_revision_id
    done = text(editor.post(answer.redirect_chain[-1][0], {"revision": revision, "motif": ""}, follow=True))
    assert "« Étape à Dole » sera en ligne à partir du " in done
    assert EtapePage.objects.get(pk=moved.pk).date == in_days(30)
    ten_minutes_later()
    assert mail.outbox == []
    waiting, its_hour = moved.revisions.get(approved_go_live_at__isnull=False), timezone.now()
    waiting.content["go_live_at"], waiting.approved_go_live_at = its_hour.isoformat(), its_hour
    waiting.save()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("publish_scheduled")
    ten_minutes_later()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["anne@x.test", "bruno@x.test"]


@pytest.mark.parametrize("statut", ["annulee", "reportee", "prevue"])
def test_a_mail_leads_to_the_page_of_an_etape_only_while_the_public_reads_it(register_people, publish, etape, statut):
    register_people("anne")
    publish(statut=statut, lieu="Mairie")
    [letter] = mail.outbox
    assert f"Tout sur l’étape\N{NO-BREAK SPACE}: {etape.full_url}\n" in letter.body
    if letter.attachments:
        assert f"URL:{etape.full_url}" in letter.attachments[0][1].replace("\r\n ", "")
    etape.lieu = "Gare"
    etape.save_revision().publish()
    etape.unpublish()
    mail.outbox.clear()
    ten_minutes_later()
    [letter] = mail.outbox
    for told in (letter.body, letter.alternatives[0].content, str([each[1] for each in letter.attachments])):
        assert (etape.full_url in told, "Tout sur" in told, "\n\n\n" in told, "<p></p>" in told) == (False,) * 4
