"""The staff's inbox, and the screen of one dossier."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from fiches.candidatures.consentements import record_consents, withdraw_consent
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.candidatures.reminders import summarise_day
from fiches.models import FicheCritere, ModeleDeCourriel
from tests.candidatures.conftest import Visitor, text
from tests.dossier_states import stored_as
from tests.factories import FichePageFactory, UserFactory

INBOX = "/admin/candidatures/dossiers/"


def create_dossiers(number, appel, **fields):
    now = timezone.now()
    values = {"soumis": now, "appel": appel, "organisation": "Fruitière", **fields}
    return [Dossier.objects.create(courriel=f"a{n}@x.test", numero=f"2026-{n:05d}", **values) for n in range(number)]


def test_the_inbox_shows_what_was_sent_and_not_what_is_being_written(visitor, appel, staff):
    visitor.ask_for_link("jeanne@tilleuls.test")
    [kept] = create_dossiers(1, appel)
    page = staff.get(INBOX)
    assert list(page.context["object_list"]) == [kept]
    assert "correspondance" not in text(page)  # nothing is filtered
    draft = Dossier.objects.get(soumis=None)
    assert staff.get(f"{INBOX}{draft.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"etat": "recu"}, ["A", "D"]),
        ({"etat": "en_relecture"}, ["B"]),
        ({"etat": "corrections_demandees"}, ["C"]),
        ({"retard": "1"}, ["D"]),
    ],
)
def test_each_filter_lists_its_dossiers(tree, staff, appel, critere, query, expected):
    long_ago = timezone.now() - timedelta(days=11)
    approval, publication = (FichePageFactory(parent=tree.fiches, live=False, complete=True) for _page in range(2))
    fields = {
        "A": stored_as(Etat.RECU),
        "B": stored_as(Etat.RECU) | {"fiche": approval},
        "C": stored_as(Etat.CORRECTIONS_DEMANDEES) | {"depuis": long_ago},
        "D": stored_as(Etat.RECU) | {"depuis": long_ago},
        "E": stored_as(Etat.RECU) | {"depuis": long_ago, "fiche": publication},
    }
    for name, values in fields.items():
        dossier = Dossier.objects.create(courriel="x@x.test", numero=name, organisation=name, **values)
        record_consents(dossier=dossier, choices={"publication": True})
    publication.save_revision().publish()
    reader = UserFactory(role="redaction")
    approval.fiche_criteres = [FicheCritere(tag=critere)]
    approval.save_revision()
    approval.get_workflow().start(approval, None)
    reading = approval.current_workflow_task_state
    reading.approve(user=reader)
    response = staff.get(INBOX, data=query)
    assert sorted(dossier.numero for dossier in response.context["object_list"]) == expected


def test_a_late_dossier_says_so(staff, appel):
    create_dossiers(1, appel, depuis=timezone.now() - timedelta(days=12))
    assert "12 jours – en retard" in " ".join(text(staff.get(INBOX)).split())


def test_an_export_holds_no_formula_and_no_private_answer(staff, appel):
    [dossier] = create_dossiers(1, appel, organisation="=HYPERLINK(1)", titre="+33")
    Dossier.objects.update(reponses={"contact_telephone": "03 81 86 58 58", "contact_courriel": "jeanne@tilleuls.test"})
    response = staff.get(INBOX, data={"export": "csv"})
    row = b"".join(response.streaming_content).decode().splitlines()[1]
    assert row.startswith("2026-00000,'=HYPERLINK(1),'+33,")
    assert "jeanne@" not in row and "58 58" not in row


def test_the_export_gives_the_address_of_who_wants_news_until_they_no_longer_do(sent, staff):
    def exported():
        answer = staff.get(INBOX, data={"export": "csv"})
        return b"".join(answer.streaming_content).decode().splitlines()[1].rsplit(",", 1)[1]

    assert exported() == ""
    record_consents(dossier=sent.dossier, choices={"actualites": True})
    assert exported() == "jeanne@tilleuls.test"
    withdraw_consent(dossier=sent.dossier, finalite="actualites")
    assert exported() == ""


@pytest.mark.parametrize(
    ("role", "listed", "acts"),
    [
        ("redaction", 200, 302),
        ("moderation", 200, 302),
        ("partenaire", 302, 302),
        ("", 302, 302),
    ],
)
def test_only_the_staff_see_the_dossiers(sent, role, listed, acts):
    client = Client()
    client.force_login(UserFactory(role=role))
    visitor = Visitor(client)
    assert visitor.get(INBOX).status_code == listed
    allowed = role in {"redaction", "moderation"}
    assert (visitor.get(f"{INBOX}{sent.dossier.pk}/").status_code == 200) is allowed
    visitor.post(f"{INBOX}{sent.dossier.pk}/noter/", {"texte": "Appelée."})
    assert sent.dossier.evenements.filter(texte="Appelée.", interne=True).exists() is allowed


def test_a_note_among_staff_is_hidden_from_the_company(sent, staff):
    staff.post(f"{INBOX}{sent.dossier.pk}/noter/", {"texte": "Dossier fragile."})
    assert "Dossier fragile." in text(staff.get(f"{INBOX}{sent.dossier.pk}/"))
    assert "Dossier fragile." not in text(sent.visitor.get(sent.link))


def test_the_screen_shows_where_the_fiche_differs_from_the_answers(sent, staff):
    fiche = sent.dossier.fiche
    fiche.chapo = "Réécrit."
    fiche.save_revision(user=staff.user)
    fiche.get_latest_revision_as_object().save_revision(user=UserFactory(role="admin"))
    response = staff.get(f"{INBOX}{sent.dossier.pk}/")
    lines = {line["champ"]: line for step in response.context["etapes"] for line in step["lignes"]}
    assert (lines["chapo"]["differe"], lines["chapo"]["fiche"]) == (True, "Réécrit.")
    assert [champ for champ, line in lines.items() if line["differe"]] == ["chapo"]


def test_one_summary_a_day_goes_to_the_staff_who_have_something_to_do(sent, staff):
    with sent.visitor.capture(execute=True):
        assert summarise_day() == [staff.user.email]
        summarise_day()
    [message] = mail.outbox
    assert message.to == [staff.user.email]
    assert "reçus depuis hier : 1 dossier" in message.body.replace("\u00a0", " ")


def test_the_staffs_wording_of_a_mail_is_the_one_sent(visitor):
    ModeleDeCourriel.objects.filter(cle="lien").update(objet="Bienvenue", texte="Voici : {liens}")
    visitor.ask_for_link("jeanne@tilleuls.test")
    assert mail.outbox[-1].subject == "Bienvenue"
    assert mail.outbox[-1].body.startswith("Voici : ")
    html, mime = mail.outbox[-1].alternatives[0]
    assert mime == "text/html" and "<a href=" in html
