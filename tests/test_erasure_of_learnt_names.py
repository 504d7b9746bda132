"""A name that somebody wrote beside their address may be another's: it is erased elsewhere only once somebody agrees."""

import io
import sys

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Comment

from etapes.models import Inscription
from fiches.candidatures.models import Dossier
from fiches.models import Courriel, FichePage, Importation
from fiches.upkeep.erasure_log import replay
from fiches.upkeep.personal_data.erasure import erase_again, erase_person
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory, UserFactory
from tests.test_personal_data_screen import SCREEN, officer, words

MAIL, NAME = "farceur@exemple.test", "Maryse Vaubourg"
NAMED = f"Racontée par {NAME} à Dole."

pytestmark = pytest.mark.django_db
__all__ = ["officer"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(scope="module")
def module_fiche(module_tree, django_db_blocker):
    with module_transaction(django_db_blocker):
        tree = read_tree(module_tree)
        Inscription.objects.create(etape=EtapePageFactory(parent=tree.etapes), nom=NAME, courriel=MAIL)
        PartenaireFactory(nom="Ici", contact_nom=NAME, contact_courriel="maryse@vaubourg.test")
        yield FichePageFactory(parent=tree.fiches, slug="recette", chapo=NAMED, revision=True)


@pytest.fixture
def fiche(module_fiche, tree):
    """A fiche and a partner that name somebody whose name a stranger gives with their own address."""
    return reload_record(module_fiche)


def run(*options):
    out = io.StringIO()
    call_command("effacer_personne", MAIL, *options, stdout=out)
    return out.getvalue()


def chapo():
    return FichePage.objects.get().chapo


def box(response):
    [found] = BeautifulSoup(response.content, "html.parser").find_all("input", attrs={"name": "noms"})
    return found


def test_a_stranger_s_registration_erases_nobody_else_s_name(fiche):
    registered = Inscription.objects.get()
    output = run()
    assert (chapo(), Inscription.objects.count()) == (NAMED, 0)
    assert f"Nom lu à côté de cette adresse\xa0: «\xa0{NAME}\xa0» (inscription n°\xa0{registered.pk})" in output
    assert f"manage.py effacer_personne {MAIL} --nom 'Maryse Vaubourg'" in output


def test_a_name_that_nobody_is_asked_for_stays_at_a_terminal_too(fiche, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal(f"{NAME}\n"))
    run("--noinput")
    assert chapo() == NAMED


@pytest.mark.parametrize(("typed", "left"), [(NAME, "Racontée par – à Dole."), ("", NAMED), ("oui", NAMED)])
def test_a_name_typed_once_more_is_erased_everywhere(fiche, monkeypatch, typed, left):
    monkeypatch.setattr(sys, "stdin", Terminal(f"{typed}\n"))
    run()
    assert chapo() == left


@pytest.mark.parametrize("option", [("--noms-trouves",), ("--nom", NAME)])
def test_a_name_is_erased_everywhere_by_an_option(fiche, option):
    output = run(*option)
    assert chapo() == "Racontée par – à Dole."
    assert "--nom" not in output


def test_the_name_of_a_contact_goes_with_its_address(tree):
    partner = PartenaireFactory(nom="Là", contact_nom=NAME, contact_courriel=MAIL, contact_telephone="03 81 86 58 58")
    run()
    partner.refresh_from_db()
    assert (partner.contact_nom, partner.contact_courriel, partner.contact_telephone) == ("", "", "")


def test_a_row_that_carries_the_address_loses_the_name_too(client, officer, fiche):
    mail = Courriel.objects.create(
        modele="message",
        destinataires=["equipe@rallynov.test"],
        contexte={"nom": NAME, "courriel": MAIL, "texte": f"Bonjour, {NAME}."},
    )
    comment = Comment.objects.create(page=fiche, user=UserFactory(), text=f"{NAME} : {MAIL}", contentpath="title")
    alone = Comment.objects.create(page=fiche, user=UserFactory(), text=f"Appeler {NAME}.", contentpath="title")
    page = words(client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "chercher"}))
    assert "3 autres endroits changeraient." in page
    run()
    for row in (mail, comment, alone):
        row.refresh_from_db()
    assert mail.contexte == {"nom": "nom effacé", "courriel": "", "texte": "Bonjour, –."}
    assert (comment.text, alone.text) == ("– : –", f"Appeler {NAME}.")


def test_a_name_is_a_box_to_tick_with_where_it_was_read_and_what_would_change(client, officer, fiche):
    response = client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "chercher"})
    assert box(response)["value"] == NAME and not box(response).has_attr("checked")
    page = words(response)
    place = f"Ce nom est à côté du courriel dans : inscription n° {Inscription.objects.get().pk}."
    assert f"{NAME} {place} 2 autres endroits changeraient." in page
    assert NAMED in page


def test_a_name_left_unticked_stays_and_is_not_exported(client, officer, fiche):
    export = client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "exporter"}).json()
    assert NAMED not in str(export["mentions"])
    receipt = words(
        client.post(SCREEN, follow=True, data={"courriel": MAIL, "confirmation": MAIL, "action": "effacer"})
    )
    assert chapo() == NAMED
    assert "Noms lus à côté du courriel, laissés dans les autres textes 1" in receipt


def test_a_ticked_name_is_exported_and_erased_everywhere(client, officer, fiche):
    ticked = {"courriel": MAIL, "noms": [NAME]}
    assert NAMED in str(client.post(SCREEN, follow=True, data={**ticked, "action": "exporter"}).json()["mentions"])
    client.post(SCREEN, follow=True, data={**ticked, "confirmation": MAIL, "action": "effacer"})
    assert chapo() == "Racontée par – à Dole."


def test_a_wrong_confirmation_loses_no_tick(client, officer, fiche):
    refused = client.post(
        SCREEN, follow=True, data={"courriel": MAIL, "noms": [NAME], "confirmation": "non", "action": "effacer"}
    )
    assert box(refused).has_attr("checked")
    field = BeautifulSoup(refused.content, "html.parser").find("input", attrs={"name": "confirmation"})
    assert (field["value"], chapo()) == ("non", NAMED)


@pytest.mark.parametrize(("nom", "left"), [(NAME, "Racontée par – à Dole."), ("", NAMED)])
def test_a_restore_erases_again_the_names_that_were_agreed_to(fiche, nom, left, django_capture_on_commit_callbacks):
    registered = Inscription.objects.get()
    before = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(MAIL, nom)
    registered.save(force_insert=True)
    FichePage.objects.update(chapo=NAMED)
    assert replay(before, erase_again) == 1
    assert (chapo(), Inscription.objects.count()) == (left, 0)


def in_a_dossier():
    return Dossier.objects.create(courriel="equipe@rallynov.test", reponses={"contact_courriel": f" {MAIL.title()}"})


def in_an_import():
    return Importation.objects.create(nom="fiches.csv", lignes={"rangs": [[2, [f"Voir\n{MAIL}"]]]})


def in_a_version():
    fiche = FichePage.objects.get()
    fiche.corps = [("texte", f"<p>Écrire à <b>farceur</b>&#64;{MAIL.partition('@')[2]}.</p>")]
    return fiche.save_revision()


@pytest.mark.parametrize("restored", [in_a_dossier, in_an_import, in_a_version])
def test_a_restore_erases_again_an_address_that_only_a_form_an_import_or_a_version_holds(
    fiche, restored, django_capture_on_commit_callbacks
):
    before = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(MAIL)
    row = restored()
    assert replay(before, erase_again) == 1
    left = type(row)._base_manager.filter(pk=row.pk).values()
    assert "farceur" not in str(list(left)).lower()
