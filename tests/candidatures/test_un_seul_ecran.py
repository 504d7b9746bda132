"""One screen for one innovation: what the company said, what will be published, and all the decisions on both."""

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse

from fiches.candidatures import consentements
from fiches.candidatures.enums import Etat, RoleDePiece
from fiches.candidatures.models import Dossier
from fiches.candidatures.submission import refuse_dossier
from fiches.models import FichePage
from tests.candidatures.conftest import Visitor, text
from tests.candidatures.screens import address, browser_of, logged_in, section, soup, take_decision
from tests.conftest import module_transaction, reload_record
from tests.factories import UserFactory
from tests.formulaires import filled_form
from tests.undo_delay import send_delayed_mails


@pytest.fixture
def reviewer_browsers(module_reviewers, db):
    """The people of the review."""
    return tuple(browser_of(reload_record(account)) for account in module_reviewers.values())


@pytest.fixture(scope="module")
def module_dossier(module_call, module_reviewers, django_db_blocker):
    """``(link, cookies)`` of a dossier that awaits its first reading, once per module."""
    with module_transaction(django_db_blocker):
        visitor = Visitor()
        yield visitor.send_dossier(), visitor.client.cookies


@pytest.fixture
def received(module_dossier, reviewer_browsers, visitor):
    visitor.link, cookies = module_dossier
    visitor.client.cookies.load(cookies.output(header=""))
    return Dossier.objects.get()


def test_all_that_one_knows_of_an_innovation_is_at_one_address(received, reviewer_browsers, visitor):
    reader, _moderator = reviewer_browsers
    visitor.post(f"{visitor.link}messages/", {"texte": "Peut-on joindre deux photos ?"})
    received.pieces.create(role=RoleDePiece.DOCUMENT, nom="comptes.txt", taille=1, extension="txt")
    page = received.fiche.get_latest_revision_as_object()
    page.chapo = "Réécrit par la rédaction."
    page.save_revision(user=reader.user, log_action=True)
    screen = reader.get(address(received))
    assert [heading["id"] for heading in soup(screen).select("main h2")] == [
        *("changements", "contenu", "corriger", "remarques", "decider"),
        *("messages", "fichiers", "accords", "agir", "histoire"),
    ]
    page_text = section(screen, "contenu")
    assert "Plus personne ne part." in page_text
    assert "Réécrit" in page_text
    assert [change.label for change in screen.context["changements"]] == []
    assert "Peut-on joindre deux photos ?" in section(screen, "messages")
    assert "comptes.txt" in section(screen, "fichiers")
    assert "reçu" in section(screen, "histoire") and "Modification" in section(screen, "histoire")


def test_what_stays_private_is_said_to_be(received, reviewer_browsers):
    page = received.fiche.get_latest_revision_as_object()
    page.contact_nom_public = True
    page.save_revision()
    steps = reviewer_browsers[0].get(address(received)).context["etapes"]
    private = {line["champ"]: line["prive"] for step in steps for line in step["lignes"]}
    names = ("contact_nom", "contact_courriel", "contact_telephone", "chapo")
    assert [private[name] for name in names] == [False, True, True, False]


def test_the_former_addresses_lead_to_it(received, reviewer_browsers, staff):
    for reader in reviewer_browsers:
        fiche = reverse("fiches_innovation", args=[received.fiche.pk])
        assert reader.get(fiche).url == address(received)
        assert reader.get(f"{address(received)}messages/").url == f"{address(received)}#messages"
    home = soup(reviewer_browsers[0].get("/admin/"))
    assert [link["href"] for link in home.find_all("a", string="Lire et décider")] == [fiche]


def test_the_fiche_is_passed_on_approved_and_the_company_is_told_as_the_screen_said(received, reviewer_browsers):
    reader, moderator = reviewer_browsers
    assert take_decision(reader, received).url.endswith("#a-faire-section")
    page_text = section(moderator.get(address(received)), "decider")
    assert "Un courriel prévient jeanne@tilleuls.test." in page_text
    assert text(moderator.get(address(received))).count("dix minutes") == 1
    send_delayed_mails()
    mail.outbox.clear()
    take_decision(moderator, received)
    received.refresh_from_db()
    assert (received.etat, received.fiche.live) == (Etat.PUBLIE, True)
    send_delayed_mails()
    assert [letter.to for letter in mail.outbox] == [["jeanne@tilleuls.test"]]


def test_the_answers_ticked_are_asked_to_be_corrected_with_words_that_are_ready(received, reviewer_browsers, visitor):
    reader, _moderator = reviewer_browsers
    screen = soup(reader.get(address(received)))
    boxes = [box["value"] for box in screen.select("input[name=champ][form=corrections]")]
    assert {"titre", "chapo", "resultats", "contact_nom"} <= set(boxes)
    assert {"citation", "photo", "document"} <= {
        box["value"] for box in screen.select("#corrections input[name=champ]")
    }
    question = reader.get(f"{address(received)}corriger/?champ=resultats&champ=chapo")
    assert "Un courriel donne vos raisons à jeanne@tilleuls.test dix minutes après." in text(question)
    assert [legend.get_text() for legend in soup(question).select("legend")] == [
        "Les résultats",
        "Résumé en deux phrases",
    ]
    data = filled_form(question, "main form")
    assert data["raisons-0-raison"] == "Merci de compléter ou de corriger cette réponse."
    assert Dossier.objects.get().etat == Etat.RECU
    mail.outbox.clear()
    reader.post(f"{address(received)}corriger/", {**data, "raisons-1-raison": ""})
    send_delayed_mails()
    dossier = Dossier.objects.get()
    assert dossier.a_corriger == [{"champ": "resultats", "raison": "Merci de compléter ou de corriger cette réponse."}]
    assert [letter.to for letter in mail.outbox] == [["jeanne@tilleuls.test"]]
    assert list(visitor.get(f"{visitor.link}innovation/").context["form"].fields) == ["resultats"]


def test_without_anything_ticked_the_whole_dossier_is_reopened_with_a_reason_of_ones_own(received, reviewer_browsers):
    reader, _moderator = reviewer_browsers
    question = reader.get(f"{address(received)}corriger/")
    assert [legend.get_text() for legend in soup(question).select("legend")] == ["L’ensemble du dossier"]
    data = filled_form(question, "main form")
    refused = reader.post(f"{address(received)}corriger/", data)
    assert refused.status_code == 422
    assert "Écrivez ce qu’il faut corriger." in text(refused)
    reader.post(f"{address(received)}corriger/", {**data, "raisons-0-raison": "Dites-en plus."})
    assert Dossier.objects.get().a_corriger == [{"champ": "", "raison": "Dites-en plus."}]


def test_the_team_answers_there_and_what_cannot_be_sent_is_still_there(received, reviewer_browsers, visitor):
    reader, _moderator = reviewer_browsers
    long = "x" * 2001
    refused = reader.post(f"{address(received)}messages/", {"texte": long})
    assert refused.status_code == 422
    assert long in section(refused, "messages") and "2000" in section(refused, "messages")
    assert "Plus personne ne part." in section(refused, "contenu")
    mail.outbox.clear()
    reader.post(f"{address(received)}messages/", {"texte": "Oui, six photos."})
    assert "Oui, six photos." in section(reader.get(address(received)), "messages")
    assert [letter.to for letter in mail.outbox] == [["jeanne@tilleuls.test"]]


def test_a_decision_sent_twice_says_who_took_it(received, reviewer_browsers):
    reader, _moderator = reviewer_browsers
    form = filled_form(reader.get(address(received)), "form:has(input[name=action][value=approve])")
    reader.post(address(received), form)
    colleague = browser_of(UserFactory(role="redaction"))
    who = reader.user.get_full_name() or reader.user.username
    for browser in (reader, colleague):
        again = browser.post(address(received), form)
        assert (again.status_code, f"Déjà traité par {who} le " in text(again)) == (409, True)


def test_a_second_refusal_gives_its_reason_back(received, reviewer_browsers):
    reader, moderator = reviewer_browsers
    refusal = f"{address(received)}refuser/"
    page = reader.get(refusal)
    form = {**filled_form(page, "main form"), "refus-raison": "Écrivez-nous l’an prochain."}
    refuse_dossier(dossier=received, reason="Hors du sujet.", by=moderator.user)
    page_text = text(reader.post(refusal, form, follow=True))
    assert "Votre texte n’a pas été envoyé." in page_text
    assert "« Écrivez-nous l’an prochain. »" in page_text


def test_a_refused_dossier_has_a_fiche_whose_review_is_over(received, reviewer_browsers):
    reader, _moderator = reviewer_browsers
    refuse_dossier(dossier=received, reason="Hors du sujet.", by=reader.user)
    screen = text(reader.get(address(received)))
    assert "Corriger la page" not in screen


def test_who_may_only_read_dossiers_decides_nothing_and_sees_nothing_of_the_fiches_review(received):
    user = UserFactory()
    user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "view_dossier"]))
    client = Client()
    client.force_login(user)
    reader = Visitor(client)
    screen = reader.get(address(received))
    assert [form["action"] for form in soup(screen).select("main form")] == []
    assert "changements" not in [heading["id"] for heading in soup(screen).select("main h2")]
    state, before = received.fiche.current_workflow_task_state, received.evenements.count()
    forged = {"action": "approve", "tache": state.pk, "revision": received.fiche.latest_revision_id}
    assert reader.post(address(received), forged).status_code == 404
    for verb in ("corriger", "refuser", "noter"):
        reader.post(f"{address(received)}{verb}/", {"texte": "x", "raisons-TOTAL_FORMS": "0", "refus-raison": "x"})
    assert (Dossier.objects.get().etat, Dossier.objects.get().evenements.count()) == (Etat.RECU, before)


@pytest.mark.parametrize("role", ["partenaire", ""])
def test_who_may_not_see_dossiers_sees_nothing_and_decides_nothing(received, role):
    stranger = logged_in(role)
    state = received.fiche.current_workflow_task_state
    forged = {"action": "approve", "tache": state.pk, "revision": received.fiche.latest_revision_id}
    for path in (address(received), reverse("fiches_innovation", args=[received.fiche.pk])):
        assert "Le lait de nuit" not in text(stranger.get(path, follow=True))
        stranger.post(path, forged)
    assert FichePage.objects.get().current_workflow_task.name == "Relecture"


def test_the_changes_of_a_fiche_online_are_submitted_on_the_screen_of_its_dossier(received, reviewer_browsers):
    reader, moderator = reviewer_browsers
    take_decision(reader, received)
    take_decision(moderator, received)
    page = FichePage.objects.get().get_latest_revision_as_object()
    page.chapo = "Réécrit."
    page.save_revision(user=reader.user, log_action=True)
    screen = reader.get(address(received))
    assert "Soumettre les modifications à la relecture" in section(screen, "decider")
    take_decision(reader, received, "submit")
    assert FichePage.objects.get().workflow_in_progress
    assert Dossier.objects.get().etat == Etat.PUBLIE


def test_the_list_and_the_company_read_the_state_of_the_screen_once_the_agreement_is_withdrawn(
    received, reviewer_browsers, visitor
):
    reader, _moderator = reviewer_browsers
    take_decision(reader, received)
    consentements.withdraw_consent(dossier=received, finalite="publication")
    row = soup(reader.get(reverse("dossiers:index"))).select_one("main tbody tr")
    assert ("n’accepte plus d’être publiée" in row.get_text(), "en relecture" in row.get_text()) == (True, False)
    [_heading, exported] = (
        b"".join(reader.get(reverse("dossiers:index"), data={"export": "csv"}).streaming_content).decode().splitlines()
    )
    assert ("n’accepte plus d’être publiée" in exported, "en relecture" in exported) == (True, False)
    followed = soup(visitor.get(visitor.link))
    assert followed.select_one(".dossier__etat .badge").get_text() == "n’accepte plus d’être publiée"
    assert followed.select_one(".chemin") is None
