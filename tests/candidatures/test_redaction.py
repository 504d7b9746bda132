"""Answers saved by several people at once, with the button and automatically."""

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fiches.candidatures.models import Consentement, Dossier, Modification, PieceJointe
from fiches.formats import hour
from tests.candidatures.conftest import INNOVATION, text


def document():
    return SimpleUploadedFile("devis.csv", b"poste;prix\nlait;12\n", content_type="text/csv")


def begin(visitor):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill(link, "innovation", INNOVATION)
    return link, Dossier.objects.get()


def test_two_people_who_write_in_two_steps_lose_nothing(visitor):
    link, dossier = begin(visitor)
    seen = dossier.revision
    visitor.post(f"{link}innovation/", {**INNOVATION, "revision": seen, "titre": "Le lait du soir"})
    visitor.post(f"{link}organisation/", {"revision": seen, "organisation": "Fruitière"})
    answers = Dossier.objects.get().reponses
    assert (answers["titre"], answers["organisation"]) == ("Le lait du soir", "Fruitière")


def test_two_people_who_write_in_the_same_step_see_both_texts_and_lose_neither(visitor):
    link, dossier = begin(visitor)
    seen = dossier.revision
    visitor.post(f"{link}innovation/", {**INNOVATION, "revision": seen, "titre": "Premier"})
    second = {**INNOVATION, "revision": seen, "titre": "Second", "chapo": "Autre chapô."}
    by_itself = visitor.post(f"{link}innovation/", second, headers={"Accept": "application/json"})
    assert (by_itself.status_code, "Enregistrez pour voir les deux textes." in by_itself.json()["refus"]) == (409, True)
    response = visitor.post(f"{link}innovation/", second)
    assert response.status_code == 409
    told = "Ce texte a été modifié depuis que vous avez ouvert cette page (dans un autre onglet, ou par une autre personne) : "
    assert told + "« Premier »." in text(response)
    assert told + "« Une fruitière qui laisse dormir ses fromagers. »." not in text(response)
    assert "Des réponses ne sont pas enregistrées" in text(response)
    assert 'value="Second"' in text(response) and "Autre chapô." in text(response)
    answers = Dossier.objects.get().reponses
    assert (answers["titre"], answers["chapo"]) == ("Premier", "Autre chapô.")
    # Saved again from that page, which shows both, the second text is applied.
    again = {
        **second,
        "revision": BeautifulSoup(response.content, "html.parser").select_one("[name=revision]")["value"],
    }
    assert visitor.post(f"{link}innovation/", again).status_code == 302
    assert (Dossier.objects.get().reponses["titre"], Dossier.objects.get().reponses["chapo"]) == (
        "Second",
        "Autre chapô.",
    )
    assert Modification.objects.filter(champ="titre").last().avant == "Premier"


def test_who_saves_an_older_page_takes_back_nothing_that_they_did_not_touch(visitor):
    link, dossier = begin(visitor)
    seen = dossier.revision
    visitor.post(f"{link}innovation/", {**INNOVATION, "revision": seen, "titre": "Premier", "chapo": "Neuf."})
    second = {**INNOVATION, "revision": seen, "titre": "Second", "description": "Décrite."}
    by_itself = visitor.post(f"{link}innovation/", second, headers={"Accept": "application/json"})
    assert (by_itself.status_code, Dossier.objects.get().reponses["chapo"]) == (409, "Neuf.")
    response = visitor.post(f"{link}innovation/", second)
    again = {
        field["name"]: field.get("value", field.text)
        for field in BeautifulSoup(response.content, "html.parser").select(
            "form [name=revision], form [name=titre], form textarea[name]"
        )
    }
    assert (again["titre"], again["chapo"].strip()) == ("Second", "Neuf.")
    visitor.post(f"{link}innovation/", again)
    answers = Dossier.objects.get().reponses
    assert (answers["titre"], answers["chapo"], answers["description"]) == ("Second", "Neuf.", "Décrite.")


def test_a_stale_page_that_says_what_is_stored_is_no_conflict(visitor):
    link, dossier = begin(visitor)
    for _twice in range(2):
        typed = {**INNOVATION, "revision": dossier.revision, "titre": "Le lait du soir"}
        assert visitor.post(f"{link}innovation/", typed).status_code == 302
    assert Modification.objects.filter(champ="titre").count() == 2


def test_a_sending_that_the_next_one_of_its_page_overtook_changes_nothing(visitor):
    """The page counts the revision that its first sending will make: the second one may arrive without it."""
    link, dossier = begin(visitor)
    seen = dossier.revision
    visitor.post(f"{link}innovation/", {**INNOVATION, "revision": seen + 1, "titre": "Le lait du soir"})
    late = visitor.post(f"{link}innovation/", {**INNOVATION, "revision": seen, "titre": "Le lait"})
    assert (late.status_code, Dossier.objects.get().reponses["titre"]) == (409, "Le lait du soir")


def test_a_box_that_was_ticked_meanwhile_stays_ticked(visitor):
    link, dossier = begin(visitor)
    seen = dossier.revision
    visitor.post(f"{link}contacts/", {"revision": seen, "consentement_actualites": "on"})
    visitor.post(f"{link}contacts/", {"revision": seen, "contact_nom": "Jeanne"})
    answers = Dossier.objects.get().reponses
    assert (answers["consentement_actualites"], answers["contact_nom"]) == (True, "Jeanne")


def test_the_page_that_saves_by_itself_is_told_what_it_needs(visitor):
    link, dossier = begin(visitor)
    data = {**INNOVATION, "revision": dossier.revision, "titre": "Le lait du soir"}
    before = timezone.localtime()
    answer = visitor.post(f"{link}innovation/", data, headers={"Accept": "application/json"}).json()
    assert answer.pop("a") in {hour(before), hour(timezone.localtime())}
    nothing = {role: {"gardes": [], "fautes": []} for role in ("photo", "logo", "document")}
    told = {"erreurs": {}, "fichiers": nothing}
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
