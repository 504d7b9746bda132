"""Answers saved by several people at once, with the button and automatically."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fiches.candidatures.answers import Saved, save_answers
from fiches.candidatures.models import Consentement, Dossier, Modification, PieceJointe
from fiches.formats import hour
from tests.candidatures.conftest import INNOVATION, text


def document():
    return SimpleUploadedFile("devis.csv", b"poste;prix\nlait;12\n", content_type="text/csv")


def begin(visitor):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill(link, "innovation", INNOVATION)
    return link, Dossier.objects.get()


def test_two_people_who_change_two_answers_lose_nothing(visitor):
    link, dossier = begin(visitor)
    seen = dossier.revision
    visitor.post(f"{link}innovation/", {**INNOVATION, "revision": seen, "titre": "Le lait du soir"})
    visitor.post(f"{link}innovation/", {**INNOVATION, "revision": seen, "chapo": "Autre chapô."})
    answers = Dossier.objects.get().reponses
    assert (answers["titre"], answers["chapo"]) == ("Le lait du soir", "Autre chapô.")


def test_two_people_who_change_the_same_answer_see_both_and_lose_neither(visitor):
    link, dossier = begin(visitor)
    seen = dossier.revision
    visitor.post(f"{link}innovation/", {**INNOVATION, "revision": seen, "titre": "Premier"})
    response = visitor.post(f"{link}innovation/", {**INNOVATION, "revision": seen, "titre": "Second"})
    assert response.status_code == 200
    assert (
        "Ce texte a été modifié depuis que vous avez ouvert cette page (dans un autre onglet, ou par une autre personne) : « Premier »."
        in text(response)
    )
    assert 'value="Second"' in text(response)
    assert Dossier.objects.get().reponses["titre"] == "Premier"
    kept = Modification.objects.get(en_conflit=True)
    assert (kept.champ, kept.avant, kept.apres) == ("titre", "Premier", "Second")
    # Saved again from a page that shows the first text, the second one is applied.
    again = {**INNOVATION, "revision": Dossier.objects.get().revision, "titre": "Second"}
    assert visitor.post(f"{link}innovation/", again).status_code == 302
    assert Dossier.objects.get().reponses["titre"] == "Second"


def test_an_answer_that_only_somebody_else_changed_is_kept_and_told(visitor):
    _link, dossier = begin(visitor)
    seen = dossier.revision
    save_answers(dossier=dossier, typed={"titre": "Le lait du soir"}, seen=seen)
    saved = save_answers(dossier=dossier, typed={"titre": INNOVATION["titre"]}, seen=seen)
    assert saved == Saved(revision=seen + 1, conflicts={}, others=["titre"])
    assert Dossier.objects.get().reponses["titre"] == "Le lait du soir"


ITSELF = {"headers": {"Accept": "application/json"}}
"""The page saves by itself."""


def save_title(visitor, link, ecran, titre, *, seen, **more):
    """Saves a title from the page ``ecran`` that read the revision ``seen``; returns the fields in conflict, and those changed elsewhere."""
    typed = {**INNOVATION, "revision": seen, "ecran": ecran, "titre": titre, **more}
    answer = visitor.post(f"{link}innovation/", typed, **ITSELF).json()
    return answer["conflits"], answer["autres"]


def test_a_page_that_sends_again_before_the_answer_replaces_its_own_text(visitor):
    link, dossier = begin(visitor)
    seen = dossier.revision
    assert save_title(visitor, link, "12.1", "Le lait", seen=seen) == ([], [])
    assert save_title(visitor, link, "12.2", "Le lait du soir", seen=seen) == ([], [])
    button = {**INNOVATION, "revision": seen, "ecran": "12.3", "titre": "Le lait du soir, puis du matin"}
    assert visitor.post(f"{link}innovation/", {**button, "continuer": "1"}).status_code == 302
    assert Dossier.objects.get().reponses["titre"] == "Le lait du soir, puis du matin"
    assert not Modification.objects.filter(en_conflit=True).exists()


def test_a_sending_that_the_next_one_of_its_page_overtook_changes_nothing(visitor):
    link, dossier = begin(visitor)
    seen = dossier.revision
    assert save_title(visitor, link, "12.2", "Le lait du soir", seen=seen) == ([], [])
    assert save_title(visitor, link, "12.1", "Le lait", seen=seen) == ([], [])
    assert Dossier.objects.get().reponses["titre"] == "Le lait du soir"
    assert not Modification.objects.filter(en_conflit=True).exists()


def test_a_page_does_not_replace_what_another_wrote_over_its_own_text(visitor):
    link, dossier = begin(visitor)
    seen = dossier.revision
    save_title(visitor, link, "12.1", "Le lait", seen=seen)
    assert save_title(visitor, link, "13.1", "Le lait du matin", seen=seen + 1) == ([], [])
    assert save_title(visitor, link, "12.2", "Le lait", seen=seen) == ([], ["titre"])
    assert save_title(visitor, link, "12.3", "Le lait du soir", seen=seen) == (["titre"], [])
    assert Dossier.objects.get().reponses["titre"] == "Le lait du matin"


def test_a_page_told_of_another_answer_changed_elsewhere_types_on_in_its_own(visitor):
    """It keeps the revision that it was opened with, until it is loaded again."""
    link, dossier = begin(visitor)
    seen = dossier.revision
    save_title(visitor, link, "13.1", INNOVATION["titre"], seen=seen, chapo="Autre chapô.")
    assert save_title(visitor, link, "12.1", "Le lait", seen=seen) == ([], ["chapo"])
    assert save_title(visitor, link, "12.2", "Le lait du soir", seen=seen) == ([], ["chapo"])
    answers = Dossier.objects.get().reponses
    assert (answers["titre"], answers["chapo"]) == ("Le lait du soir", "Autre chapô.")


@pytest.mark.parametrize("ecran", ["", "12", "\0.1", "١٢.1", "1" * 40 + ".1"])
def test_two_sendings_that_name_no_page_are_of_two(visitor, ecran):
    link, dossier = begin(visitor)
    seen = dossier.revision
    assert save_title(visitor, link, ecran, "Le lait", seen=seen) == ([], [])
    assert save_title(visitor, link, ecran, "Le lait du soir", seen=seen) == (["titre"], [])
    assert set(Modification.objects.values_list("ecran", flat=True)) == {""}


def test_the_page_that_saves_by_itself_is_told_what_it_needs(visitor):
    link, dossier = begin(visitor)
    data = {**INNOVATION, "revision": dossier.revision, "titre": "Le lait du soir"}
    before = timezone.localtime()
    answer = visitor.post(f"{link}innovation/", data, headers={"Accept": "application/json"}).json()
    assert answer.pop("a") in {hour(before), hour(timezone.localtime())}
    nothing = {role: {"gardes": [], "fautes": []} for role in ("photo", "logo", "document")}
    told = {"erreurs": {}, "conflits": [], "autres": [], "fichiers": nothing}
    assert answer == {"revision": dossier.revision + 1, **told}
    assert visitor.post(f"{link}innovation/", data, headers={"Accept": "application/json"}).json()["revision"] == (
        dossier.revision + 1
    )


def test_an_answer_with_a_fault_is_kept_as_typed_with_a_message_beside_it(visitor):
    link, _dossier = begin(visitor)
    response = visitor.fill(
        link, "organisation", {"organisation": "Fruitière", "siret": "732 829 320 00075", "naf": "lait"}
    )
    errors = response.context["form"].errors
    assert list(errors) == ["siret", "naf"]
    assert len(errors["siret"]) == len(errors["naf"]) == 1
    assert Dossier.objects.get().reponses["siret"] == "732 829 320 00075"
    assert 'value="732 829 320 00075"' in text(response)
    assert (
        response.context["form"]["siret"].build_widget_attrs({})["aria-describedby"]
        == "id_siret_helptext id_siret_error"
    )


def test_a_file_sent_twice_by_the_page_and_its_button_is_kept_once_and_its_faults_are_told(visitor):
    link, _dossier = begin(visitor)
    liar = SimpleUploadedFile("vache.jpg", b"<script>", content_type="image/jpeg")
    sent = {"document": document(), "photo": liar, "revision": "0"}
    answer = visitor.post(f"{link}images/", sent, headers={"Accept": "application/json"}).json()["fichiers"]
    assert (answer["document"]["gardes"], answer["photo"]["gardes"]) == (["devis.csv"], [])
    assert len(answer["photo"]["fautes"]) == 1
    visitor.fill(link, "images", {"document": document()})
    assert [piece.nom for piece in PieceJointe.objects.all()] == ["devis.csv"]


def test_consents_are_kept_with_their_wording_and_only_when_they_change(visitor):
    link, _dossier = begin(visitor)
    visitor.fill(link, "contacts", {"contact_nom": "Jeanne"})
    assert Consentement.objects.count() == 0
    visitor.fill(link, "contacts", {"contact_nom": "Jeanne", "consentement_actualites": "on"})
    visitor.fill(link, "contacts", {"contact_nom": "Jeanne", "consentement_actualites": "on"})
    visitor.fill(link, "contacts", {"contact_nom": "Jeanne"})
    rows = Consentement.objects.values_list("finalite", "accorde", "version", "libelle")
    wording = "Je souhaite recevoir des nouvelles du rallye par courriel."
    assert list(rows) == [("actualites", True, "2026-11", wording), ("actualites", False, "2026-11", wording)]


def test_spaces_that_a_fiche_makes_even_are_no_difference_to_the_staff(visitor, staff):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill_in_all(link)
    visitor.fill(
        link, "innovation", {**INNOVATION, "description": "Le  lait attend   au frais.\n\n\nPuis  huit heures."}
    )
    visitor.post(f"{link}envoyer/")
    page = text(staff.get(f"/admin/candidatures/dossiers/{Dossier.objects.get().pk}/"))
    assert "différent" not in page
