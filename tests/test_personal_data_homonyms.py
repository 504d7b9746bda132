"""Two people have one name: an erasure by name touches what bears an address only if that address was agreed to."""

import io
import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from wagtail.models import Comment

from etapes.carnets.models import Abonne
from etapes.models import Inscription
from fiches.candidatures.models import Dossier
from fiches.models import Courriel
from fiches.palmares.models import Jure, Palmares
from fiches.upkeep.erasure_log import NAME as NAMED
from fiches.upkeep.erasure_log import PERSON, address_fingerprint, notes
from fiches.upkeep.personal_data import erasure
from fiches.upkeep.personal_data.erasure import erase_again, fingerprint_of_name
from tests.factories import EditionFactory, EtapePageFactory, FichePageFactory, PartenaireFactory, UserFactory
from tests.test_personal_data_screen import SCREEN as SCREEN
from tests.test_personal_data_screen import officer as officer

NAME, ONE, TWO = "Jean Homonyme", "jean@vache.test", "jean@chevre.test"

pytestmark = pytest.mark.django_db


@pytest.fixture
def etape(tree):
    """Two people of one name are registered, and each had a mail."""
    etape = EtapePageFactory(parent=tree.etapes)
    for address in (ONE, TWO):
        Inscription.objects.create(etape=etape, nom=NAME, courriel=address, organisation=f"Ferme de {NAME}")
        mail = {"destinataires": [address], "contexte": {"nom": NAME, "etape": "Dole"}, "message_id": f"<{address}>"}
        Courriel.objects.create(cle=address, modele="inscrit", **mail)
    return etape


def asked(client, action, **data):
    response = client.post(SCREEN, follow=True, data={"nom": NAME, "confirmation": NAME, "action": action, **data})
    return BeautifulSoup(response.content, "html.parser").main


def words(main):
    return " ".join(main.get_text(" ").split())


def registered():
    return list(Inscription.objects.order_by("pk").values_list("nom", "courriel", "organisation"))


def mailed():
    return [(mail.destinataires, mail.contexte["nom"]) for mail in Courriel.objects.order_by("pk")]


OF_ONE, OF_TWO = (NAME, ONE, f"Ferme de {NAME}"), (NAME, TWO, f"Ferme de {NAME}")


def test_a_search_by_name_lists_each_address_unticked_with_what_it_brings(client, officer, etape):
    page = asked(client, "chercher")
    boxes = page.find_all("input", {"name": "adresses"})
    assert [(box["value"], box.has_attr("checked")) for box in boxes] == [(TWO, False), (ONE, False)]
    for box in boxes:
        assert "Inscriptions : 1" in words(box.parent) and "Courriels : 1" in words(box.parent)
    assert "2 adresses de courriel lues à côté de ce nom" in words(page)
    assert "Plusieurs personnes peuvent porter ce nom." in words(page)


def test_a_name_alone_erases_nothing_that_bears_an_address(client, officer, etape):
    without = PartenaireFactory(nom="Ici", contact_nom=NAME, contact_courriel="", contact_fonction="Trésorier")
    page = words(asked(client, "effacer"))
    assert registered() == [OF_ONE, OF_TWO]
    assert mailed() == [([ONE], NAME), ([TWO], NAME)]
    without.refresh_from_db()
    assert (without.contact_nom, without.contact_fonction) == ("", "")
    assert "laissées avec tout ce qui les porte 2" in page


def test_a_ticked_address_is_erased_with_its_mails_and_the_other_stays(client, officer, etape):
    page = words(asked(client, "effacer", adresses=[ONE]))
    assert registered() == [OF_TWO]
    assert mailed() == [([TWO], NAME)]
    assert "Inscriptions : 1" in page and "Courriels : 1" in page
    assert ONE not in page and TWO not in page
    response = client.post(SCREEN, follow=True, data={"courriel": ONE, "action": "chercher"})
    assert "Le site ne conserve rien sur cette personne." in response.content.decode()


def test_an_erasure_that_fails_erases_nothing(etape, monkeypatch):
    monkeypatch.setattr(erasure, "AFTER", [int])
    with pytest.raises(TypeError):
        erasure.erase_person(ONE)
    assert registered() == [OF_ONE, OF_TWO]


def test_two_ticked_addresses_are_erased_together(client, officer, etape):
    Courriel.objects.create(cle="both", modele="inscrit", destinataires=[ONE, TWO], message_id="<both>")
    asked(client, "effacer", adresses=[ONE, TWO])
    assert (registered(), Courriel.objects.count()) == ([], 0)


def test_an_unconfirmed_erasure_leaves_the_box_ticked_and_erases_nothing(client, officer, etape):
    page = asked(client, "effacer", adresses=[ONE], confirmation="Jean")
    boxes = page.find_all("input", {"name": "adresses"})
    assert [(box["value"], box.has_attr("checked")) for box in boxes] == [(TWO, False), (ONE, True)]
    assert registered() == [OF_ONE, OF_TWO]


def test_the_export_holds_the_rows_of_the_ticked_address_alone(client, officer, etape):
    data = json.loads(
        client.post(SCREEN, follow=True, data={"nom": NAME, "adresses": [ONE], "action": "exporter"}).content,
    )
    assert len(data["inscriptions"]) == len(data["courriels"]) == 1


def test_the_export_of_a_name_gives_nothing_of_an_address_that_is_not_ticked(client, officer, tree):
    FichePageFactory(parent=tree.fiches, contact_nom=NAME, contact_courriel=TWO, contact_telephone="03 81 99 88 77")
    exported = client.post(SCREEN, follow=True, data={"nom": NAME, "action": "exporter"}).content.decode()
    assert json.loads(exported)["mentions"] == [] and "99 88" not in exported and TWO not in exported


def test_a_ticked_address_of_an_administrator_is_refused(client, officer, etape):
    UserFactory(role="admin", email=ONE, first_name="Jean", last_name="Homonyme")
    assert "Retirez d’abord ses droits" in words(asked(client, "effacer", adresses=[ONE]))
    assert registered() == [OF_ONE, OF_TWO]


def test_an_address_does_not_take_the_contacts_nor_the_texts_of_a_homonym(client, officer, etape, tree):
    told = FichePageFactory(parent=tree.fiches, chapo=f"Avec {NAME}.", contact_nom=NAME, contact_courriel=TWO, corps=[])
    told.save_revision()
    noted = Comment.objects.create(page=told, user=officer, text=f"{NAME} ({TWO}) rappelle.", contentpath="title")
    apart = Comment.objects.create(page=told, user=officer, text=f"Merci à {NAME}.", contentpath="title")
    client.post(SCREEN, follow=True, data={"courriel": ONE, "nom": NAME, "confirmation": ONE, "action": "effacer"})
    for row in (told, noted, apart):
        row.refresh_from_db()
    assert (told.chapo, told.contact_nom, told.contact_courriel) == (f"Avec {NAME}.", NAME, TWO)
    assert told.latest_revision.content["chapo"] == f"Avec {NAME}."
    assert noted.text == f"{NAME} ({TWO}) rappelle."
    assert apart.text == "Merci à –."
    assert registered() == [OF_TWO]


def test_a_name_alone_leaves_the_account_juror_dossier_and_form_of_a_homonym(client, officer):
    account = UserFactory(email=ONE, username="jean_homonyme", first_name="Jean", last_name="Homonyme")
    juror = Jure.objects.create(palmares=Palmares.objects.create(edition=EditionFactory()), compte=account, nom=NAME)
    dossier = Dossier.objects.create(courriel=TWO, reponses={"contact_nom": NAME, "contact_courriel": TWO})
    reader = Abonne.objects.create(courriel="jean_homonyme@brebis.test")
    session = SessionStore()
    session["brouillon"] = f"{NAME} {ONE}"
    session.save()
    page = asked(client, "chercher")
    assert {box["value"] for box in page.find_all("input", {"name": "adresses"})} == {ONE, TWO}
    asked(client, "effacer")
    for row in (account, juror, dossier, reader):
        row.refresh_from_db()
    assert (account.username, account.last_name, juror.nom) == ("jean_homonyme", "Homonyme", NAME)
    assert dossier.reponses == {"contact_nom": NAME, "contact_courriel": TWO}
    assert reader.courriel == "jean_homonyme@brebis.test"
    assert Session.objects.filter(session_key=session.session_key).exists()


def test_an_address_that_stands_in_a_former_version_alone_is_asked_for(client, officer, tree):
    fiche = FichePageFactory(parent=tree.fiches, contact_nom=NAME, contact_courriel=TWO)
    fiche.save_revision()
    fiche.contact_nom = fiche.contact_courriel = ""
    fiche.save()
    boxes = asked(client, "chercher").find_all("input", {"name": "adresses"})
    assert [box["value"] for box in boxes] == [TWO]
    asked(client, "effacer")
    assert fiche.revisions.get().content["contact_nom"] == NAME
    asked(client, "effacer", adresses=[TWO])
    assert fiche.revisions.get().content["contact_nom"] == ""


def test_the_command_leaves_what_bears_another_address_and_names_the_command_that_erases_it(etape):
    out = io.StringIO()
    call_command("effacer_personne", "", nom=NAME, stdout=out)
    assert registered() == [OF_ONE, OF_TWO]
    assert f"manage.py effacer_personne {ONE}\n" in out.getvalue()
    call_command("effacer_personne", ONE, nom=NAME, stdout=out)
    assert (registered(), mailed()) == ([OF_TWO], [([TWO], NAME)])


def test_a_restored_backup_erases_again_the_agreed_address_alone(etape):
    noted = fingerprint_of_name(ONE, NAME)
    erase_again(ONE, lambda key: key == noted)
    assert (registered(), mailed()) == ([OF_TWO], [([TWO], NAME)])


def test_each_agreed_address_is_noted_for_the_next_restore(client, officer, etape, django_capture_on_commit_callbacks):
    before = set(notes())
    with django_capture_on_commit_callbacks(execute=True):
        asked(client, "effacer", adresses=[ONE])
    assert {(kind, key) for _when, kind, key, _undone in set(notes()) - before} == {
        (PERSON, address_fingerprint(ONE)),
        (NAMED, fingerprint_of_name(ONE, NAME)),
    }
