"""A name may be somebody else's: it goes from the rows that bear the address, and elsewhere once the staff tick the text."""

import io

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Comment

from etapes.models import Inscription
from fiches.candidatures.models import Dossier
from fiches.models import Courriel, FichePage, Importation
from fiches.upkeep.erasure_log import replay
from fiches.upkeep.personal_data import erasure
from fiches.upkeep.personal_data.erasure import erase, erase_again, key_of, replace_in
from fiches.upkeep.personal_data.search import find_person
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory, UserFactory
from tests.screens import SCREEN, words
from tests.screens import officer as officer

MAIL, NAME, OTHER = "farceur@exemple.test", "Maryse Vaubourg", "maryse@vaubourg.test"
NAMED, LEFT = f"Racontée par {NAME} à Dole.", "Racontée par – à Dole."

pytestmark = pytest.mark.django_db
__all__ = ["officer"]


@pytest.fixture(scope="module")
def module_fiche(module_tree, django_db_blocker):
    with module_transaction(django_db_blocker):
        tree = read_tree(module_tree)
        etape = EtapePageFactory(parent=tree.etapes)
        for courriel in (MAIL, OTHER):
            Inscription.objects.create(etape=etape, nom=NAME, courriel=courriel)
        PartenaireFactory(nom="Ici", contact_nom=NAME, contact_courriel=OTHER)
        yield FichePageFactory(parent=tree.fiches, slug="recette", chapo=NAMED, revision=True)


@pytest.fixture
def fiche(module_fiche, tree):
    """A fiche and a partner that name somebody whose name a stranger gives with their own address."""
    return reload_record(module_fiche)


def run():
    out = io.StringIO()
    call_command("effacer_personne", MAIL, stdout=out)
    return out.getvalue()


def asked(client, action="chercher", **data):
    return client.post(SCREEN, {"courriel": MAIL, "confirmation": MAIL, "action": action, **data})


def chapos():
    """The chapô of the fiche and of its version."""
    fiche = FichePage.objects.get()
    return {fiche.chapo, fiche.latest_revision.content["chapo"]}


def others():
    return list(Inscription.objects.values_list("nom", "courriel"))


def test_the_address_alone_erases_nobody_else_s_name(fiche):
    output = run()
    assert (chapos(), others()) == ({NAMED}, [(NAME, OTHER)])
    assert f"Noms lus à côté de cette adresse\xa0: {NAME}" in output


def test_a_text_with_the_name_is_listed_and_replaced_in_each_version_once_ticked(client, officer, fiche):
    apart = Comment.objects.create(page=fiche, user=officer, text=f"Appeler {NAME}.", contentpath="title")
    asked(client, "effacer", nom=NAME)
    page = BeautifulSoup(asked(client, nom=NAME).content, "html.parser").main
    assert NAMED in page.get_text() and f"Noms cherchés : {NAME}" in " ".join(page.get_text().split())
    keys = {box["value"] for box in page.find_all("input", {"name": "remplacer"})}
    assert f"rallynov_fiches.fichepage:{fiche.pk}" in keys and chapos() == {NAMED}
    answer = asked(client, "remplacer", noms=[NAME], remplacer=[f"rallynov_fiches.fichepage:{fiche.pk}"])
    apart.refresh_from_db()
    assert (chapos(), apart.text, others()) == ({LEFT}, f"Appeler {NAME}.", [(NAME, OTHER)])
    assert NAMED not in answer.content.decode()


def test_a_refused_erasure_replaces_nothing_in_the_ticked_lines(client, officer, fiche):
    asked(client, "effacer", confirmation="non", noms=[NAME], remplacer=[key_of(fiche)])
    assert chapos() == {NAMED}


def test_what_follows_an_erasure_is_done_once_for_all_ticked_lines(client, officer, fiche, monkeypatch):
    done = []
    monkeypatch.setattr(erasure, "AFTER", [done.append])
    apart = Comment.objects.create(page=fiche, user=officer, text=f"Appeler {NAME}.", contentpath="title")
    asked(client, "remplacer", noms=[NAME], remplacer=[key_of(fiche), key_of(apart)])
    apart.refresh_from_db()
    assert (chapos(), apart.text, len(done)) == ({LEFT}, "Appeler –.", 1)


def test_a_row_that_bears_the_address_loses_the_name_too(fiche):
    mail = Courriel.objects.create(
        modele="message",
        destinataires=["equipe@rallynov.test"],
        contexte={"nom": NAME, "courriel": MAIL, "texte": f"Bonjour, {NAME}."},
    )
    comment = Comment.objects.create(page=fiche, user=UserFactory(), text=f"{NAME} : {MAIL}", contentpath="title")
    run()
    for row in (mail, comment):
        row.refresh_from_db()
    assert mail.contexte == {"nom": "nom effacé", "courriel": "", "texte": "Bonjour, –."}
    assert comment.text == "– : –"


def test_the_texts_of_the_person_s_own_fiche_lose_the_name_with_the_contact(tree):
    own = FichePageFactory(
        parent=tree.fiches, title=f"Chez {NAME}", chapo=NAMED, contact_nom=NAME, contact_courriel=MAIL, revision=True
    )
    run()
    own.refresh_from_db()
    assert (own.title, own.contact_nom, chapos()) == ("Chez –", "", {LEFT})


def test_a_session_goes_by_the_address_and_not_by_a_name_alone():
    session = SessionStore()
    session["brouillon"] = NAME
    session.save()
    theirs = SessionStore()
    theirs["brouillon"] = f"{NAME} {MAIL}"
    theirs.save()
    run()
    assert [each.session_key for each in Session.objects.all()] == [session.session_key]


def test_an_erasure_that_fails_erases_nothing(fiche, monkeypatch):
    monkeypatch.setattr(erasure, "AFTER", [int])
    with pytest.raises(TypeError):
        erase(find_person(MAIL))
    assert Inscription.objects.count() == 2


def test_the_export_holds_the_texts_with_the_typed_name_alone(client, officer, fiche):
    assert NAMED not in str(asked(client, "exporter").json()["mentions"])
    assert NAMED in str(asked(client, "exporter", nom=NAME).json()["mentions"])


def test_a_wrong_confirmation_erases_nothing(client, officer, fiche):
    refused = asked(client, "effacer", confirmation="non")
    form = BeautifulSoup(refused.content, "html.parser")
    assert form.find("input", {"name": "confirmation"})["value"] == "non"
    assert "Rien n’est effacé" in words(refused) and Inscription.objects.count() == 2


def in_a_dossier():
    return Dossier.objects.create(courriel="equipe@rallynov.test", reponses={"contact_courriel": f" {MAIL.title()}"})


def in_an_import():
    return Importation.objects.create(nom="fiches.csv", lignes={"rangs": [[2, [f"Voir\n{MAIL}"]]]})


def in_a_version():
    fiche = FichePage.objects.get()
    fiche.corps = [("texte", f"<p>Écrire à {MAIL}.</p>")]
    return fiche.save_revision()


@pytest.mark.parametrize("restored", [in_a_dossier, in_an_import, in_a_version])
def test_a_restore_erases_again_an_address_that_only_a_form_an_import_or_a_version_holds(
    fiche, restored, django_capture_on_commit_callbacks
):
    before = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        erase(find_person(MAIL))
    row = restored()
    assert replay(before, erase_again) == 1
    left = type(row)._base_manager.filter(pk=row.pk).values()
    assert "farceur" not in str(list(left)).lower()


def test_a_restore_replaces_again_the_name_in_the_texts_that_staff_ticked_and_in_no_other(
    tree, django_capture_on_commit_callbacks
):
    etape = EtapePageFactory(parent=tree.etapes)
    told, other = (FichePageFactory(parent=tree.fiches, title=title) for title in ("Dite", "Autre"))

    def restored():
        Inscription.objects.create(etape=etape, nom=NAME, courriel=MAIL)
        FichePage.objects.filter(pk__in=[told.pk, other.pk]).update(chapo=NAMED)

    before = timezone.now()
    restored()
    person = find_person(MAIL)
    with django_capture_on_commit_callbacks(execute=True):
        erase(find_person(MAIL))
        assert replace_in(person, key_of(told))
    restored()
    assert replay(before, erase_again) == 2
    told.refresh_from_db()
    other.refresh_from_db()
    assert (told.chapo, other.chapo) == (LEFT, NAMED)
    assert not Inscription.objects.filter(courriel=MAIL).exists()
