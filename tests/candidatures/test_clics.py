"""What each task of the guide costs, in clicks and fields from the home page of the admin."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.models import Courriel, FichePage
from tests.candidatures.conftest import text
from tests.candidatures.test_un_seul_ecran import address, logged_in, take_decision
from tests.formulaires import filled_form
from tests.redaction.test_redaction_taches import failed

COSTS = {
    "lire ce qui a changé, puis approuver": (2, 0),
    "comparer les réponses à la fiche, puis approuver": (2, 0),
    "approuver pour une date": (2, 1),
    "demander trois corrections à une entreprise": (6, 0),
    "répondre à une entreprise": (2, 1),
    "empêcher un courriel de partir": (2, 0),
    "annuler une décision que l’on vient de prendre": (2, 0),
    "reprendre une tâche de fond en échec": (2, 0),
}
"""Clicks and fields of each task."""


class CountingVisitor:
    """Somebody who starts at the home page, follows what they read there, and counts."""

    def __init__(self, visitor):
        self.visitor, self.clicks, self.fields = visitor, 0, 0
        self.see(visitor.get("/admin/", follow=True))

    def see(self, response):
        self.response, self.page = response, BeautifulSoup(response.content, "html.parser")
        return self

    def follow(self, name):
        self.clicks += 1
        link = next(each for each in self.page.main.select("a[href]") if _words(each).startswith(name))
        return self.see(self.visitor.get(link["href"], follow=True))

    def press(self, name, **typed):
        """Presses a button of a form, once ``typed`` is typed in it."""
        self.clicks += 1
        self.fields += len(typed)
        button = next(each for each in self.page.main.select("button") if _words(each).startswith(name))
        form = button.find_parent("form")
        form["id"] = "pressed"
        answers = filled_form(_HtmlResponse(str(self.page)), "#pressed")
        sends = self.visitor.post if form.get("method") == "post" else self.visitor.get
        where = form.get("action") or self.response.request["PATH_INFO"]
        pressed = {button["name"]: button.get("value", "")} if button.get("name") else {}
        return self.see(sends(where, data={**answers, **self.ticked, **pressed, **typed}, follow=True))

    ticked: dict = {}

    def tick(self, name, *values):
        self.clicks += len(values)
        self.ticked = {name: list(values)}
        return self

    @property
    def cost(self):
        return (self.clicks, self.fields)


class _HtmlResponse:
    def __init__(self, html):
        self.content = html.encode()


def _words(tag):
    return " ".join(tag.get_text().split())


@pytest.fixture
def received(visitor):
    """A dossier to read, and who reads and who approves it."""
    people = logged_in("redaction"), logged_in("moderation")
    visitor.link = visitor.send_dossier()
    return Dossier.objects.get(), *people


@pytest.mark.parametrize(
    ("task", "days"),
    [
        ("lire ce qui a changé, puis approuver", None),
        ("comparer les réponses à la fiche, puis approuver", None),
        ("approuver pour une date", 3),
    ],
)
def test_an_approval(received, task, days):
    dossier, reader, moderator = received
    take_decision(reader, dossier)
    walk = CountingVisitor(moderator).follow("Lire et décider")
    assert "Ce que l’entreprise a dit" in text(walk.response)
    at = {"publier_le": f"{timezone.localdate() + timedelta(days=days)}T10:00"} if days else {}
    walk.press("Approuver et publier", **at)
    assert FichePage.objects.get().live is not bool(days)
    assert walk.cost == COSTS[task]


def test_three_corrections_are_asked_for(received):
    dossier, reader, _moderator = received
    walk = CountingVisitor(reader).follow("Lire et décider").tick("champ", "chapo", "besoin", "resultats")
    walk.press("Écrire les raisons…")
    walk.ticked = {}
    walk.press("Demander ces corrections")
    dossier.refresh_from_db()
    assert (dossier.etat, len(dossier.a_corriger)) == (Etat.CORRECTIONS_DEMANDEES, 3)
    assert walk.cost == COSTS["demander trois corrections à une entreprise"]


def test_a_company_is_answered(received, visitor):
    _dossier, reader, _moderator = received
    visitor.post(f"{visitor.link}messages/", {"texte": "Peut-on joindre deux photos ?"})
    walk = CountingVisitor(reader).follow("Lire et décider").press("Envoyer la réponse", texte="Oui.")
    assert "Oui." in text(visitor.get(f"{visitor.link}messages/"))
    assert walk.cost == COSTS["répondre à une entreprise"]


def test_a_decision_is_undone(received):
    dossier, reader, moderator = received
    take_decision(reader, dossier)
    walk = CountingVisitor(moderator).follow("Lire et décider").press("Approuver et publier")
    before = walk.clicks
    walk.follow("Voir ou annuler cette décision").press("Annuler cette décision")
    assert not FichePage.objects.get().live
    assert (walk.clicks - before, walk.fields) == COSTS["annuler une décision que l’on vient de prendre"]


def test_a_mail_is_stopped(received):
    dossier, reader, _moderator = received
    reader.post(f"{address(dossier)}refuser/", {"refus-raison": "Hors du sujet."})
    walk = CountingVisitor(reader).follow("1 courriel à envoyer").press("Arrêter ce courriel")
    assert Courriel.objects.stopped().count() == 1
    assert walk.cost == COSTS["empêcher un courriel de partir"]


def test_a_failed_task_is_run_again(tree, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    failed()
    walk = CountingVisitor(logged_in("admin")).follow("1 tâche de fond en échec").press("Reprendre")
    assert "reprend." in text(walk.response)
    assert walk.cost == COSTS["reprendre une tâche de fond en échec"]
