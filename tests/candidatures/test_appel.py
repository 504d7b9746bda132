"""A call opens and closes at its dates."""

from datetime import timedelta

from django.core import mail
from django.utils import timezone

from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Appel, Dossier
from fiches.candidatures.reminders import remind
from tests.candidatures.conftest import text


def close(appel):
    Appel.objects.filter(pk=appel.pk).update(cloture=timezone.now() - timedelta(minutes=1))


def test_a_closed_call_says_so_begins_nothing_and_still_gives_links_back(visitor, appel):
    visitor.ask_for_link("jeanne@tilleuls.test")
    close(appel)
    assert "Aucun appel n’est ouvert" in text(visitor.get("/candidature/"))
    assert visitor.ask_for_link("autre@exemple.test") == []
    assert Dossier.objects.count() == 1


def test_a_dossier_begun_in_time_is_not_sent_after_the_closing(visitor, appel):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill_in_all(link)
    close(appel)
    response = visitor.post(f"{link}envoyer/")
    assert response.status_code == 409
    assert "L’appel est fermé : vous ne pouvez plus envoyer ce dossier." in text(response)
    assert Dossier.objects.get().etat == Etat.BROUILLON


def test_corrections_can_be_sent_after_the_closing(sent, staff, appel):
    from fiches.candidatures.submission import ask_for_corrections

    ask_for_corrections(dossier=sent.dossier, reasons=[("chapo", "Plus court.")], by=staff.user)
    close(appel)
    sent.visitor.fill(sent.link, "innovation", {"chapo": "Court."})
    assert sent.visitor.post(f"{sent.link}envoyer/").url == f"{sent.link}?fait=envoye"
    assert Dossier.objects.get().etat == Etat.RECU


def test_reminders_go_once_a_week_before_and_once_two_days_before(visitor, appel):
    visitor.ask_for_link("jamais-ouvert@exemple.test")
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill(link, "organisation", {"organisation": "Fruitière"})
    mail.outbox.clear()
    days = [8, 7, 6, 3, 2, 1]
    with visitor.capture(execute=True):
        counts = [remind(appel.cloture - timedelta(days=day)) for day in days]
    assert counts == [0, 1, 0, 0, 1, 0]
    assert [message.to for message in mail.outbox] == [["jeanne@tilleuls.test"]] * 2
    assert mail.outbox[0].subject == "L’appel ferme bientôt : votre dossier n’est pas envoyé"


def test_a_call_that_is_prolonged_is_reminded_of_again(visitor, appel):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill(link, "organisation", {"organisation": "Fruitière"})
    assert remind(appel.cloture - timedelta(days=7)) == 1
    appel.cloture += timedelta(days=14)
    appel.save()
    assert remind(appel.cloture - timedelta(days=8)) == 0
    assert remind(appel.cloture - timedelta(days=7)) == 1
