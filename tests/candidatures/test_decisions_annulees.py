"""Each decision of the staff on a dossier or its fiche is undone within ten minutes: all is as before, and no mail has left."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Page

from fiches.candidatures.dossier_erasure import erase_dossier
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.formats import hour
from fiches.mail import outbox
from fiches.media.access import visible
from fiches.models import Courriel, DecisionAnnulable, FichePage
from fiches.upkeep.retention import delete_too_old
from tests.candidatures.conftest import CONTACTS, Visitor, photo, text
from tests.candidatures.test_doublons import second_dossier
from tests.candidatures.test_un_seul_ecran import address, browser_of, logged_in, section, take_decision
from tests.conftest import module_transaction, reload_record
from tests.factories import UserFactory
from tests.formulaires import filled_form
from tests.undo_delay import send_delayed_mails, ten_minutes_later

COMPANY = "jeanne@tilleuls.test"
UNDO = "form:has(input[name=action][value=undo])"


@pytest.fixture
def reader(module_reviewers, db):
    return browser_of(reload_record(module_reviewers["redaction"]))


@pytest.fixture
def moderator(module_reviewers, db):
    return browser_of(reload_record(module_reviewers["moderation"]))


@pytest.fixture(scope="module")
def module_dossier(module_call, module_reviewers, django_db_blocker):
    """``(link, cookies)`` of a dossier with a photo that awaits its first reading, once per module."""
    with module_transaction(django_db_blocker):
        visitor = Visitor()
        [link] = visitor.ask_for_link(COMPANY)
        visitor.fill_in_all(link)
        visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
        visitor.fill(link, "contacts", {**CONTACTS, "consentement_droits_photo": "on"})
        visitor.post(f"{link}envoyer/")
        yield link, visitor.client.cookies


@pytest.fixture(scope="module")
def module_to_approve(module_dossier, module_reviewers, django_db_blocker):
    """The dossier of `module_dossier` awaits its approval, once per module."""
    with module_transaction(django_db_blocker):
        take_decision(browser_of(reload_record(module_reviewers["redaction"])), Dossier.objects.get())
        send_delayed_mails()
        yield


@pytest.fixture
def received(module_dossier, reader, moderator, visitor):
    """The dossier of `module_dossier`; its mails have left."""
    visitor.link, cookies = module_dossier
    visitor.client.cookies.load(cookies.output(header=""))
    return Dossier.objects.get()


@pytest.fixture
def to_approve(received, module_to_approve):
    return received


def main_text(response):
    main = BeautifulSoup(response.content, "html.parser").main
    return " ".join(main.get_text().split()) if main else ""


def visible_state(visitor, dossier, *staff):
    """What the company, the public, the API and the staff read of a dossier."""
    listed = [fiche["titre"] for fiche in visitor.get("/api/v1/fiches").json()["items"]]
    return {
        "company": [main_text(visitor.get(f"{visitor.link}{page}")) for page in ("", "relecture/", "innovation/")],
        "public": visitor.get("/fiches/le-lait-de-nuit/").status_code,
        "listed": listed,
        "pictures": [image.title for image in visible(get_image_model())],
        "decide": [section(each.get(address(dossier)), "decider") for each in staff],
        "dossier": Dossier.objects.filter(pk=dossier.pk)
        .values("etat", "depuis", "echeance", "a_corriger", "fiche")
        .get(),
        "dates": FichePage.objects.filter(dossier=dossier.pk).values("live", "first_published_at", "go_live_at").get(),
        "review": [
            (state.pk, state.status, state.finished_at)
            for state in FichePage.objects.get(dossier=dossier.pk).workflow_states.get().task_states.order_by("pk")
        ],
        "mails": [letter.to for letter in mail.outbox],
    }


def undo_decision(who, dossier):
    screen = who.get(address(dossier))
    return who.post(address(dossier), filled_form(screen, UNDO), follow=True)


def request_corrections(who, dossier, champ="resultats"):
    question = filled_form(who.get(f"{address(dossier)}corriger/?champ={champ}"), "main form")
    return who.post(f"{address(dossier)}corriger/", question)


def refuse(who, dossier):
    return who.post(f"{address(dossier)}refuser/", {"refus-raison": "Hors du sujet."})


def approve(who, dossier, **typed):
    return take_decision(who, dossier, **typed)


def in_three_days():
    return f"{timezone.localdate() + timedelta(days=3)}T10:00"


READING = {"pass on": take_decision, "ask for corrections": request_corrections, "refuse": refuse}
APPROVAL = {
    "approve": approve,
    "approve for a date": lambda who, dossier: approve(who, dossier, publier_le=in_three_days()),
    "ask for corrections": request_corrections,
    "refuse": refuse,
}


@pytest.mark.parametrize("decide", READING.values(), ids=READING)
def test_a_decision_of_the_reading_is_undone_and_all_is_as_before(received, reader, moderator, visitor, decide):
    before = visible_state(visitor, received, reader, moderator)
    decide(reader, received)
    assert [section(each.get(address(received)), "decider") for each in (reader, moderator)] != before["decide"]
    assert mail.outbox == []
    assert "La décision est annulée" in text(undo_decision(reader, received))
    assert visible_state(visitor, received, reader, moderator) == before
    send_delayed_mails()
    assert mail.outbox == []


@pytest.mark.parametrize("decide", APPROVAL.values(), ids=APPROVAL)
def test_a_decision_of_the_approval_is_undone_and_all_is_as_before(to_approve, reader, moderator, visitor, decide):
    before = visible_state(visitor, to_approve, reader, moderator)
    decide(moderator, to_approve)
    assert [section(each.get(address(to_approve)), "decider") for each in (reader, moderator)] != before["decide"]
    assert mail.outbox == []
    assert "La décision est annulée" in text(undo_decision(moderator, to_approve))
    assert visible_state(visitor, to_approve, reader, moderator) == before
    send_delayed_mails()
    assert mail.outbox == []


def test_the_home_page_leads_to_the_dossier_of_a_decision_that_can_be_undone(received, reader, moderator):
    refuse(reader, received)
    offered = f'href="{address(received)}#annuler"'
    assert offered in reader.get("/admin/").content.decode()
    assert offered not in moderator.get("/admin/").content.decode()
    undo_decision(reader, received)
    assert offered not in reader.get("/admin/").content.decode()


def badge(who):
    """The number beside « Dossiers » in the menu; None without one."""
    match = re.search(r"Dossiers \((\d+)\)", text(who.get("/admin/")))
    return match and int(match[1])


def test_the_menu_counts_the_dossiers_that_wait_for_this_person(received, reader, moderator):
    assert (badge(reader), badge(moderator)) == (1, None)
    take_decision(reader, received)
    assert (badge(reader), badge(moderator)) == (None, 1)
    Dossier.objects.update(responsable=reader.user)
    assert (badge(reader), badge(moderator)) == (1, 1)
    take_decision(moderator, received)
    assert (badge(reader), badge(moderator)) == (None, None)


def test_an_approval_is_online_at_once_and_its_undoing_takes_it_off_everywhere(to_approve, moderator, visitor):
    take_decision(moderator, to_approve)
    online = visible_state(visitor, to_approve)
    assert (online["public"], online["listed"], len(online["pictures"])) == (200, ["Le lait de nuit"], 1)
    undo_decision(moderator, to_approve)
    gone = visitor.get("/api/v1/suppressions").json()["items"]
    assert [item["titre"] if "titre" in item else item["slug"] for item in gone] != []
    assert visitor.get("/fiches/le-lait-de-nuit/fiche.pdf").status_code == 404


def test_the_version_that_was_online_comes_back_when_the_approval_of_another_is_undone(
    to_approve, reader, moderator, visitor
):
    take_decision(moderator, to_approve)
    send_delayed_mails()
    page = FichePage.objects.get().get_latest_revision_as_object()
    page.chapo = "Un autre résumé."
    page.save_revision(user=reader.user)
    other = logged_in("redaction")
    page.get_workflow().start(page, reader.user)
    with ten_minutes_later():
        for person in (other, moderator):
            take_decision(person, to_approve)
        assert "Un autre résumé." in text(visitor.get("/fiches/le-lait-de-nuit/"))
        mail.outbox.clear()
        assert "La décision est annulée" in text(undo_decision(moderator, to_approve))
        shown = text(visitor.get("/fiches/le-lait-de-nuit/"))
        assert ("Un autre résumé." in shown, "dormir ses fromagers" in shown) == (False, True)
    fiche = FichePage.objects.get()
    assert (fiche.live, fiche.current_workflow_task.name) == (True, "Approbation")
    assert fiche.get_latest_revision_as_object().chapo == "Un autre résumé."
    assert Dossier.objects.get().etat == Etat.PUBLIE
    assert mail.outbox == []


def test_two_merged_dossiers_are_two_again(received, reader, moderator, visitor):
    link, other = second_dossier(visitor)
    _third_link, third = second_dossier(visitor, courriel="trois@tilleuls.test")
    reader.post(f"{address(other)}fusionner/", {"autre": third.pk})
    send_delayed_mails()
    mail.outbox.clear()
    seen = [main_text(visitor.get(each)) for each in (visitor.link, link)]
    fields = ("etat", "depuis", "echeance", "a_corriger", "fusionne_dans", "fiche")
    before = list(Dossier.objects.order_by("pk").values(*fields))
    question = text(reader.get(f"{address(received)}fusionner/?autre={other.pk}"))
    assert "Pendant dix minutes" in question and "définitive" not in question
    reader.post(f"{address(received)}fusionner/", {"autre": other.pk})
    assert Dossier.objects.filter(fusionne_dans=received).count() == 2
    assert [main_text(visitor.get(each)) for each in (visitor.link, link)] == seen
    assert "La décision est annulée" in text(undo_decision(reader, received))
    assert list(Dossier.objects.order_by("pk").values(*fields)) == before
    assert [main_text(visitor.get(each)) for each in (visitor.link, link)] == seen
    assert FichePage.objects.get(pk=other.fiche_id).workflow_in_progress
    send_delayed_mails()
    assert mail.outbox == []
    reader.post(f"{address(received)}fusionner/", {"autre": other.pk})
    send_delayed_mails()
    assert [letter.to for letter in mail.outbox] == [["autre@tilleuls.test"]]


def test_a_merge_is_undone_from_the_screen_of_the_closed_dossier_too(received, reader, visitor):
    _link, other = second_dossier(visitor)
    reader.post(f"{address(received)}fusionner/", {"autre": other.pk})
    assert "La décision est annulée" in text(undo_decision(reader, other))
    other.refresh_from_db()
    assert (other.fusionne_dans, other.etat) == (None, Etat.RECU)


@pytest.mark.parametrize(("decide", "told"), [(refuse, "réponse"), (take_decision, "la fiche est publiée")])
def test_the_mail_leaves_after_ten_minutes(to_approve, moderator, visitor, decide, told):
    decide(moderator, to_approve)
    assert mail.outbox == []
    with ten_minutes_later():
        assert [(letter.to, letter.subject) for letter in mail.outbox] == [
            ([COMPANY], f"Dossier {to_approve.numero} : {told}")
        ]
        assert "Annuler cette décision" not in text(moderator.get(address(to_approve)))


def test_the_team_reads_the_decision_and_its_undoing_and_the_company_neither(received, reader, visitor):
    refuse(reader, received)
    undo_decision(reader, received)
    page_text = section(reader.get(address(received)), "histoire")
    assert "Hors du sujet." in page_text and "Décision annulée" in page_text
    company = text(visitor.get(visitor.link))
    assert ("Hors du sujet." in company, "annulé" in company, "efusé" in company) == (False, False, False)


@pytest.mark.parametrize("decide", [refuse, approve])
def test_the_undoing_of_a_decision_is_one_line_of_the_history(to_approve, moderator, decide):
    decide(moderator, to_approve)
    before = moderator.get(address(to_approve)).context["histoire"]
    undo_decision(moderator, to_approve)
    after = [line["quoi"] for line in moderator.get(address(to_approve)).context["histoire"]]
    assert len(after) == len(before) + 1
    assert after[-1].startswith("Décision annulée")
    screen = moderator.get(reverse("wagtailadmin_pages:history", args=[to_approve.fiche_id]))
    assert text(screen).count("Décision annulée") == 1


def test_until_its_mail_leaves_the_company_does_not_read_a_refusal_that_may_be_undone(received, reader, visitor):
    before = main_text(visitor.get(visitor.link))
    refuse(reader, received)
    assert main_text(visitor.get(visitor.link)) == before
    with ten_minutes_later():
        assert "Hors du sujet." in text(visitor.get(visitor.link))


def test_a_company_that_corrects_while_its_refusal_may_be_undone_loses_nothing_and_reads_nothing(
    received, reader, visitor
):
    request_corrections(reader, received)
    send_delayed_mails()
    refuse(reader, received)
    form = visitor.get(f"{visitor.link}innovation/").context["form"]
    assert list(form.fields) == ["resultats"]
    visitor.fill(visitor.link, "innovation", {"resultats": "Zéro départ en deux ans."})
    answer = visitor.post(f"{visitor.link}envoyer/")
    assert answer.status_code == 409
    assert "Vos réponses sont enregistrées" in text(answer) and "efusé" not in text(answer)
    undo_decision(reader, received)
    dossier = Dossier.objects.get()
    assert (dossier.etat, dossier.reponses["resultats"]) == (Etat.CORRECTIONS_DEMANDEES, "Zéro départ en deux ans.")
    visitor.post(f"{visitor.link}envoyer/")
    assert Dossier.objects.get().etat == Etat.RECU


def test_a_form_open_while_corrections_are_asked_for_and_undone_keeps_its_text_and_tells_the_truth(
    received, reader, visitor
):
    request_corrections(reader, received)
    typed = {"resultats": "Zéro départ en deux ans."}
    undo_decision(reader, received)
    refusal = visitor.fill(visitor.link, "innovation", typed)
    shown = text(refusal)
    assert (refusal.status_code, typed["resultats"] in shown, "déjà" in shown) == (409, True, False)
    assert "Vos réponses ne sont pas enregistrées : ce dossier est maintenant « reçu »" in shown
    assert ("Des réponses ne sont pas enregistrées" in shown, "sont à corriger" in shown) == (True, False)
    assert list(refusal.context["form"].fields) == ["resultats"]
    request_corrections(reader, received, "besoin")
    answer = visitor.fill(visitor.link, "innovation", {**typed, "besoin": "La traite à quatre heures."})
    assert answer.status_code == 409 and typed["resultats"] in text(answer)
    assert "Non enregistré : " in text(answer)
    assert Dossier.objects.get().reponses["besoin"] == "La traite à quatre heures."


def test_corrections_that_the_company_began_are_not_taken_back(received, reader, visitor):
    request_corrections(reader, received)
    form = filled_form(reader.get(address(received)), UNDO)
    visitor.fill(visitor.link, "innovation", {"resultats": "Zéro départ en deux ans."})
    assert "Annuler cette décision" not in text(reader.get(address(received)))
    assert "Trop tard : depuis cette décision" in text(reader.post(address(received), form, follow=True))
    assert Dossier.objects.get().etat == Etat.CORRECTIONS_DEMANDEES
    send_delayed_mails()
    assert [letter.to for letter in mail.outbox] == [[COMPANY]]


def test_what_the_next_reviewer_decided_stays(received, reader, moderator):
    take_decision(reader, received)
    form = filled_form(reader.get(address(received)), UNDO)
    take_decision(moderator, received)
    assert "Trop tard : depuis cette décision" in text(reader.post(address(received), form, follow=True))
    assert FichePage.objects.get().live


def test_a_fiche_that_somebody_edited_since_stays_at_its_step(received, reader, moderator):
    take_decision(reader, received)
    form = filled_form(reader.get(address(received)), UNDO)
    page = FichePage.objects.get().get_latest_revision_as_object()
    page.chapo = "Récrit."
    page.save_revision(user=moderator.user)
    assert "Trop tard : depuis cette décision" in text(reader.post(address(received), form, follow=True))
    assert FichePage.objects.get().current_workflow_task.name == "Approbation"


def test_a_company_that_withdraws_meanwhile_stays_withdrawn(to_approve, moderator, visitor):
    take_decision(moderator, to_approve)
    form = filled_form(moderator.get(address(to_approve)), UNDO)
    visitor.post(f"{visitor.link}retirer/")
    assert "Trop tard : depuis cette décision" in text(moderator.post(address(to_approve), form, follow=True))
    assert (Dossier.objects.get().etat, FichePage.objects.get().live) == (Etat.RETIRE, False)


def test_after_ten_minutes_it_is_too_late(received, reader):
    refuse(reader, received)
    form = filled_form(reader.get(address(received)), UNDO)
    with ten_minutes_later():
        assert "Trop tard : les dix minutes sont passées." in text(reader.post(address(received), form, follow=True))
    assert Dossier.objects.get().etat == Etat.REFUSE


def test_a_decision_whose_mail_a_worker_took_is_not_undone(received, reader):
    refuse(reader, received)
    form = filled_form(reader.get(address(received)), UNDO)
    Courriel.objects.about(received).filter(modele="refuse").update(etat="en_cours", tentatives=1)
    assert "Annuler cette décision" not in text(reader.get(address(received)))
    assert "Trop tard : un courriel de cette décision est parti." in text(
        reader.post(address(received), form, follow=True)
    )
    assert Dossier.objects.get().etat == Etat.REFUSE


def test_a_second_undoing_is_told_that_it_is_done(received, reader):
    refuse(reader, received)
    form = filled_form(reader.get(address(received)), UNDO)
    reader.post(address(received), form)
    assert "Déjà traité" in text(reader.post(address(received), form, follow=True))
    assert Dossier.objects.get().etat == Etat.RECU


def test_the_decision_of_another_dossier_is_not_undone_from_here(received, reader, visitor):
    _link, other = second_dossier(visitor)
    refuse(reader, other)
    form = filled_form(reader.get(address(other)), UNDO)
    reader.post(address(received), form, follow=True)
    for key in ("", "x", "9" * 30):
        reader.post(address(other), {**form, "decision": key}, follow=True)
    other.refresh_from_db()
    assert other.etat == Etat.REFUSE
    assert reader.get(address(other), data=form).status_code == 200
    other.refresh_from_db()
    assert other.etat == Etat.REFUSE


@pytest.mark.parametrize("role", ["partenaire", ""])
def test_who_may_not_decide_undoes_nothing(received, reader, role):
    take_decision(reader, received)
    form = filled_form(reader.get(address(received)), UNDO)
    other = logged_in(role)
    other.post(address(received), form, follow=True)
    other.post(reverse("fiches_innovation", args=[received.fiche_id]), form, follow=True)
    assert FichePage.objects.get().current_workflow_task.name == "Approbation"


def test_who_may_take_the_decision_may_undo_that_of_a_colleague_and_nobody_else(to_approve, reader, moderator):
    take_decision(moderator, to_approve)
    assert "Annuler cette décision" not in text(reader.get(address(to_approve)))
    form = filled_form(moderator.get(address(to_approve)), UNDO)
    assert "Trop tard" not in text(reader.post(address(to_approve), form, follow=True))
    assert FichePage.objects.get().live
    colleague = logged_in("moderation")
    assert "La décision est annulée" in text(undo_decision(colleague, to_approve))


def test_the_screen_says_until_when_and_what_the_undoing_does(to_approve, moderator):
    take_decision(moderator, to_approve)
    page_text = section(moderator.get(address(to_approve)), "annuler")
    minutes = [hour(timezone.now() + timedelta(minutes=number)) for number in (9, 10)]
    assert any(f"Vous pouvez l’annuler jusqu’à {' '.join(minute.split())}." in page_text for minute in minutes)
    assert "Si vous l’annulez, la page quitte le site et revient à son approbation." in page_text
    assert "1 courriel attend, et part à" in page_text


def test_the_message_after_a_decision_leads_to_its_undoing(to_approve, moderator):
    answer = moderator.client.post(
        address(to_approve),
        filled_form(moderator.get(address(to_approve)), "form:has(input[name=action][value=approve])"),
        follow=True,
    )
    [link] = BeautifulSoup(answer.content, "html.parser").find_all("a", string="Voir ou annuler cette décision")
    assert moderator.get(link["href"]).url == address(to_approve)


def test_each_form_says_before_that_its_decision_can_be_undone_and_when_its_mail_leaves(
    received, reader, moderator, visitor
):
    _link, other = second_dossier(visitor)
    message = "Pendant dix minutes, vous pouvez annuler"
    assert message in section(reader.get(address(received)), "decider")
    for verb in ("corriger/", "refuser/", f"fusionner/?autre={other.pk}"):
        asked = text(reader.get(f"{address(received)}{verb}"))
        assert message in asked and "dix minutes après" in asked, verb
    take_decision(reader, received)
    asked = section(moderator.get(address(received)), "decider")
    assert f"Un courriel prévient {COMPANY} dix minutes après" in asked and message in asked


def test_a_dossier_without_a_fiche_is_refused_and_the_refusal_undone(received, reader):
    Page.objects.get(pk=received.fiche_id).specific.delete()
    refuse(reader, received)
    assert "La décision est annulée" in text(undo_decision(reader, received))
    assert Dossier.objects.get().etat == Etat.RECU


def test_a_moderation_ended_by_the_edit_screen_is_undone_on_the_file(to_approve, moderator, visitor):
    """The buttons of Wagtail's own editor can be undone as well."""
    edit = reverse("wagtailadmin_pages:edit", args=[to_approve.fiche_id])
    form = filled_form(moderator.get(edit))
    moderator.post(edit, {**form, "action-workflow-action": "true", "workflow-action-name": "approve"})
    assert (FichePage.objects.get().live, mail.outbox) == (True, [])
    undo_decision(moderator, to_approve)
    assert (FichePage.objects.get().live, Dossier.objects.get().etat) == (False, Etat.EN_RELECTURE)


def test_a_fiche_published_at_once_by_who_administers_is_told_ten_minutes_after(received, visitor):
    admin = UserFactory(role="admin")
    chief = Visitor()
    chief.client.force_login(admin)
    FichePage.objects.get().current_workflow_state.cancel()
    with chief.capture(execute=True):
        FichePage.objects.get().latest_revision.publish(user=admin)
    assert mail.outbox == []
    send_delayed_mails()
    assert [letter.to for letter in mail.outbox] == [[COMPANY]]


def test_a_date_cancelled_before_the_company_was_told_of_it_tells_nothing(to_approve, moderator, visitor):
    approve(moderator, to_approve, publier_le=in_three_days())
    page = FichePage.objects.get()
    cancel = reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, page.scheduled_revision.pk])
    moderator.post(cancel, {"next": address(to_approve)})
    send_delayed_mails()
    assert mail.outbox == []


def test_a_company_that_withdraws_while_its_merge_may_be_undone_is_withdrawn_for_good(received, reader, visitor):
    link, other = second_dossier(visitor)
    reader.post(f"{address(received)}fusionner/", {"autre": other.pk})
    form = filled_form(reader.get(address(received)), UNDO)
    mail.outbox.clear()
    visitor.post(f"{link}retirer/")
    assert "retiré" in main_text(visitor.get(link))
    assert "Déjà traité" in text(reader.post(address(received), form, follow=True))
    assert "Trop tard" in text(reader.post(address(other), form, follow=True))
    send_delayed_mails()
    assert [letter.subject for letter in mail.outbox if letter.to == ["autre@tilleuls.test"]] == [
        f"Dossier {other.numero} : retiré"
    ]
    other.refresh_from_db()
    assert (other.etat, other.fusionne_dans) == (Etat.RETIRE, None)


def test_a_decision_of_which_the_mail_is_stopped_is_undone_until_the_ten_minutes_are_over(received, reader, visitor):
    before = visible_state(visitor, received, reader)
    refuse(reader, received)
    assert outbox.stop(Courriel.objects.leaving()) == 1
    assert "Son courriel est arrêté" in section(reader.get(address(received)), "annuler")
    undo_decision(reader, received)
    assert visible_state(visitor, received, reader) == before


def test_a_refusal_whose_mail_was_stopped_then_sent_at_once_is_read_and_stays(received, reader, visitor):
    refuse(reader, received)
    letter = Courriel.objects.about(received).get(modele="refuse")
    outbox.stop(Courriel.objects.filter(pk=letter.pk))
    with reader.capture(execute=True):
        outbox.send_after_all(letter)
    assert [sent.to for sent in mail.outbox] == [[COMPANY]]
    assert "Hors du sujet." in text(visitor.get(visitor.link))
    assert "Annuler cette décision" not in text(reader.get(address(received)))


def test_a_company_that_sent_its_corrections_at_once_is_not_asked_for_them_by_mail(received, reader, visitor):
    request_corrections(reader, received)
    visitor.fill(visitor.link, "innovation", {"resultats": "Zéro départ en deux ans."})
    visitor.post(f"{visitor.link}envoyer/")
    request_corrections(reader, received)
    send_delayed_mails()
    assert [letter.to for letter in mail.outbox if letter.to == [COMPANY]] == [[COMPANY]]


def test_a_fiche_that_waits_for_its_date_asks_nothing_from_the_team(to_approve, moderator):
    approve(moderator, to_approve, publier_le=in_three_days())
    to_do = "rien : la fiche sera en ligne à sa date"
    assert to_do in text(moderator.get(address(to_approve)))
    assert to_do in text(moderator.get(reverse("dossiers:index")))
    undo_decision(moderator, to_approve)
    assert to_do not in text(moderator.get(reverse("dossiers:index")))


@pytest.mark.parametrize("close", ["refuse", "withdraw", "without agreement"])
def test_a_closed_dossier_no_longer_promises_its_fiche_at_a_date(to_approve, moderator, visitor, close):
    approve(moderator, to_approve, publier_le=in_three_days())
    page_text = text(moderator.get(address(to_approve)))
    assert "sera en ligne" in page_text
    if close == "refuse":
        refuse(moderator, to_approve)
    elif close == "withdraw":
        visitor.post(f"{visitor.link}retirer/")
    else:
        visitor.post(f"{visitor.link}consentements/", {"finalite": "publication"})
    screen = text(moderator.get(address(to_approve)))
    assert ("sera en ligne" in screen, "Annuler la publication" in screen) == (False, False)
    if close == "refuse":
        assert FichePage.objects.get().approved_schedule is False
        undo_decision(moderator, to_approve)
        assert FichePage.objects.get().approved_schedule is True
        assert "sera en ligne" in text(moderator.get(address(to_approve)))


def test_nothing_of_an_erased_dossier_stays_in_what_is_noted_to_undo(received, reader):
    request_corrections(reader, received)
    assert DecisionAnnulable.objects.count() == 1
    erase_dossier(received)
    assert DecisionAnnulable.objects.count() == 0


def test_what_is_noted_to_undo_is_forgotten_once_it_is_too_late(received, reader):
    refuse(reader, received)
    delete_too_old(timezone.now() + timedelta(minutes=9))
    assert DecisionAnnulable.objects.count() == 1
    delete_too_old(timezone.now() + timedelta(minutes=11))
    assert DecisionAnnulable.objects.count() == 0
