"""What the terminal of `make run` shows: mails that a person reads, and of the periodic work what did something."""

import io

from django.core.mail import EmailMultiAlternatives

from config.terminal_mail import EmailBackend
from fiches.management.commands import echeances


def test_a_mail_is_shown_once_as_its_text_with_its_links_whole():
    link = "http://127.0.0.1:8000/candidature/" + "x" * 60 + "/"
    message = EmailMultiAlternatives("Dossier reçu : œuvre", f"Bonjour,\n\n{link}\n", to=["jeanne@tilleuls.test"])
    message.attach_alternative("<p>Bonjour</p>", "text/html")
    message.attach("rendez-vous.ics", "BEGIN:VCALENDAR", "text/calendar")
    shown = io.StringIO()
    EmailBackend(stream=shown).send_messages([message])
    assert [line for line in shown.getvalue().splitlines() if line and not line.startswith("─")] == [
        "À : jeanne@tilleuls.test",
        "Objet : Dossier reçu : œuvre",
        "Pièces jointes : rendez-vous.ics",
        "Bonjour,",
        link,
    ]


def test_work_that_goes_on_for_ever_tells_only_what_it_did(monkeypatch):
    done = {"courriels": 2, "rappels": 0, "conservation": {"dossiers": 0}, "publications": None}
    monkeypatch.setattr(echeances, "run_due", lambda: done)
    monkeypatch.setattr(echeances, "close_old_connections", lambda: None)
    shown = io.StringIO()
    echeances.Command(stdout=shown)._once(resume=True)
    assert shown.getvalue() == "courriels : 2\n"
