"""Who may add a file to a dossier, and who may delete one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fiches.candidatures.dossier_transitions import WrongStateError
from fiches.candidatures.enums import Etat, RoleDePiece
from fiches.candidatures.models import Dossier
from fiches.candidatures.pieces import attach, detach
from tests.candidatures.conftest import CONTACTS, photo, text
from tests.candidatures.screens import ask
from tests.dossier_states import stored_as


@pytest.fixture
def illustrated(visitor):
    """A sent dossier with a photo: ``(link, dossier, photo)``."""
    link = visitor.ask_for_link("jeanne@tilleuls.test")[0]
    visitor.fill_in_all(link)
    visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
    visitor.fill(link, "contacts", {**CONTACTS, "consentement_droits_photo": "on"})
    visitor.post(f"{link}envoyer/")
    dossier = Dossier.objects.get()
    return link, dossier, dossier.pieces.get()


@pytest.mark.parametrize("etat", [Etat.RECU, Etat.PUBLIE, Etat.REFUSE, Etat.RETIRE])
def test_no_file_enters_or_leaves_a_dossier_that_is_not_its_applicants_to_write(illustrated, etat):
    link, dossier, kept = illustrated
    stale = Dossier(pk=dossier.pk)  # as a page opened before the dossier was sent has it
    Dossier.objects.filter(pk=dossier.pk).update(**stored_as(etat))
    if etat == Etat.PUBLIE:
        dossier.fiche.get_latest_revision().publish(skip_permission_checks=True)
    assert Dossier.objects.get().etat == etat
    with pytest.raises(WrongStateError):
        attach(dossier=stale, role=RoleDePiece.DOCUMENT, file=SimpleUploadedFile("bilan.txt", b"Bilan"))
    with pytest.raises(WrongStateError):
        attach(dossier=stale, role=RoleDePiece.PHOTO, file=photo("autre.jpg", size=(90, 60)))
    with pytest.raises(WrongStateError):
        detach(dossier=stale, cle=kept.cle)
    assert list(dossier.pieces.values_list("cle", "nom")) == [(kept.cle, "vache.jpg")]
    assert kept.fichier.storage.exists(kept.fichier.name)


def test_a_file_sent_to_a_dossier_that_cannot_be_edited_is_refused_in_words(illustrated, visitor):
    link, dossier, kept = illustrated
    answer = visitor.post(f"{link}images/", {"logo": photo("logo.jpg"), "oter": str(kept.cle)})
    assert answer.status_code == 409
    assert "Vos réponses ne sont pas enregistrées : ce dossier est maintenant « reçu »" in text(answer)
    assert list(dossier.pieces.values_list("cle", flat=True)) == [kept.cle]


def test_only_a_file_that_is_to_be_corrected_is_taken_out(illustrated, visitor, staff):
    link, dossier, kept = illustrated
    ask(staff, dossier, ("chapo", "Plus court."), ("logo", "Il en manque un."))
    visitor.post(f"{link}images/", {"oter": str(kept.cle)})
    assert list(dossier.pieces.values_list("cle", flat=True)) == [kept.cle]
    # Once a correction is asked for, the applicant may change it.
    Dossier.objects.filter(pk=dossier.pk).update(a_corriger=[{"champ": "photo", "raison": "Floue."}])
    visitor.post(f"{link}images/", {"oter": str(kept.cle)})
    assert list(dossier.pieces.all()) == []


def test_a_file_is_taken_out_by_the_link_of_its_own_dossier_only(illustrated, visitor, staff):
    _link, dossier, kept = illustrated
    other = visitor.ask_for_link("autre@tilleuls.test")[0]
    for cle in (str(kept.cle), "1", "", "é", "'"):
        visitor.post(f"{other}images/", {"oter": cle})
    assert list(dossier.pieces.values_list("cle", flat=True)) == [kept.cle]
