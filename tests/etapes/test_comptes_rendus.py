"""An étape over without a report is late until a few lines are written, or until somebody says that none will be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from etapes.models import EtapePage
from tests.factories import EtapePageFactory, PartenaireFactory, UserFactory

pytestmark = pytest.mark.django_db

SCREEN = "/admin/etapes/comptes-rendus/"


@pytest.fixture
def editor(client, tree):
    user = UserFactory(role="redaction")
    client.force_login(user)
    return user


def create_past_etape(tree, **more):
    return EtapePageFactory(parent=tree.etapes, date=timezone.localdate() - timedelta(days=9), **more)


def listed_titles(client):
    return [etape.title for etape, _form in client.get(SCREEN).context["rows"]]


def test_a_few_lines_written_there_are_on_the_page_of_the_etape(client, tree, editor):
    etape = create_past_etape(tree, title="Dole")
    create_past_etape(tree, title="Gray")
    assert listed_titles(client) == ["Dole", "Gray"]
    client.post(
        f"{SCREEN}{etape.pk}/", {f"{etape.pk}-texte": "Salle pleine.\r\n\r\n<b>Merci</b> à tous.", "action": "ecrire"}
    )
    body = client.get(EtapePage.objects.get(pk=etape.pk).get_url()).content.decode()
    assert "<p>Salle pleine.</p>" in body and "&lt;b&gt;Merci&lt;/b&gt; à tous." in body
    assert listed_titles(client) == ["Gray"]


def test_what_is_typed_for_another_etape_is_still_there_and_a_report_sent_twice_stands_once(client, tree, editor):
    dole, gray = create_past_etape(tree, title="Dole"), create_past_etape(tree, title="Gray")
    sent = {f"{dole.pk}-texte": "Salle pleine.", f"{gray.pk}-texte": "Trente personnes.", "action": "ecrire"}
    page = client.post(f"{SCREEN}{dole.pk}/", sent).content.decode()
    assert "Trente personnes.</textarea>" in page and "Salle pleine." not in page
    assert listed_titles(client) == ["Gray"]
    client.post(f"{SCREEN}{dole.pk}/", sent)
    assert len(EtapePage.objects.get(pk=dole.pk).compte_rendu) == 1


def test_an_etape_of_which_nobody_will_write_is_late_no_more(client, tree, editor):
    etape = create_past_etape(tree)
    client.post(f"{SCREEN}{etape.pk}/", {"action": "ecarter"})
    assert listed_titles(client) == []
    assert EtapePage.objects.get(pk=etape.pk).live


@pytest.mark.parametrize("action", ["ecrire", "ecarter"])
def test_what_is_typed_stays_when_a_colleague_was_faster(client, tree, editor, action):
    dole, gray = create_past_etape(tree, title="Dole"), create_past_etape(tree, title="Gray")
    client.post(
        f"{SCREEN}{dole.pk}/", {"action": action, **({f"{dole.pk}-texte": "Vingt."} if action == "ecrire" else {})}
    )
    typed = {f"{dole.pk}-texte": "Salle pleine.", f"{gray.pk}-texte": "Trente.", "action": "ecrire"}
    answer = client.post(f"{SCREEN}{dole.pk}/", typed)
    page = answer.content.decode()
    assert (answer.status_code, "copiez-le dans le formulaire" in page) == (409, True)
    assert "Salle pleine.</textarea>" in page and "Trente.</textarea>" in page
    assert "Salle pleine." not in str(EtapePage.objects.get(pk=dole.pk).compte_rendu)


@pytest.mark.parametrize("role", ["moderation", "partenaire"])
def test_who_may_not_change_an_etape_is_not_told_of_it_nor_writes(client, tree, role):
    user = UserFactory(role=role)
    client.force_login(user)
    etape = create_past_etape(tree, organisateurs=[PartenaireFactory()])
    assert listed_titles(client) == []
    for action in ("ecrire", "ecarter"):
        client.post(f"{SCREEN}{etape.pk}/", {f"{etape.pk}-texte": "Pleine.", "action": action})
    stored = EtapePage.objects.get(pk=etape.pk)
    assert (stored.compte_rendu_ecarte, len(stored.compte_rendu)) == (False, 0)
