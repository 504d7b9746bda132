"""The whole way of a company without an account, from the first page to its published fiche."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail

from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.models import FichePage
from tests.candidatures.conftest import CONTACTS, INNOVATION, ORGANISATION, SIRET, photo, text
from tests.factories import CritereFactory, DimensionFactory, UserFactory
from tests.undo_delay import send_delayed_mails


def test_a_company_sends_its_dossier_and_follows_it_to_the_published_fiche(visitor, critere, staff):
    reader = UserFactory(role="redaction")
    # It asks for a link; the page does not reveal which addresses are known.
    [link] = visitor.ask_for_link("Jeanne@Tilleuls.test")
    assert mail.outbox[0].to == ["jeanne@tilleuls.test"]
    assert mail.outbox[0].subject == "Votre lien pour proposer une innovation"

    # It fills in the steps, one after the other.
    assert "NON ENVOYÉ" in text(visitor.get(link))
    assert visitor.fill(link, "organisation", ORGANISATION).url == f"{link}innovation/"
    assert visitor.fill(link, "innovation", INNOVATION).url == f"{link}caracterisation/"
    assert (
        visitor.fill(link, "caracterisation", {"criteres": [critere.pk], "mots_cles": "lait, nuit"}).url
        == f"{link}images/"
    )
    assert visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"}).url == f"{link}contacts/"
    consents = {**CONTACTS, "consentement_droits_photo": "on", "consentement_contact_nom": "on"}
    assert visitor.fill(link, "contacts", consents).url == f"{link}relecture/"

    # It sees what the public would see, and sends.
    preview = text(visitor.get(f"{link}apercu/"))
    assert "Le lait de nuit" in preview and 'alt="Une vache"' in preview and "jeanne@tilleuls.test" not in preview
    assert FichePage.objects.count() == 0
    receipt = visitor.post(f"{link}envoyer/")
    assert receipt.url == f"{link}?fait=envoye"

    dossier = Dossier.objects.get()
    assert dossier.etat == Etat.RECU
    arrived = visitor.get(receipt.url)
    assert dossier.numero in text(arrived)
    history = BeautifulSoup(arrived.content, "html.parser").select(".histoire strong")
    assert [state.get_text() for state in history] == ["Reçu"]
    assert [message.subject for message in mail.outbox if message.to == ["jeanne@tilleuls.test"]] == [
        "Votre lien pour proposer une innovation",
        f"Dossier {dossier.numero} reçu",
    ]

    # The fiche is a filled-in draft in moderation, not visible on the site.
    fiche = dossier.fiche
    assert (fiche.live, fiche.title, fiche.organisation, fiche.siret) == (False, *_names(), SIRET)
    assert (fiche.commune.nom, fiche.effectif, fiche.contact_telephone) == ("Flagey", 12, "03 81 86 58 58")
    assert fiche.contact_public == {"nom": "Jeanne Marmier"}
    assert [link.tag for link in fiche.fiche_criteres.all()] == [critere]
    assert sorted(fiche.mots_cles.names()) == ["lait", "nuit"]
    assert [block.block_type for block in fiche.corps] == ["texte", "texte", "texte"]
    assert ">Le lait attend au frais.</p><p" in str(fiche.corps[1].value)
    assert fiche.photo.collection.name == "Candidatures (privé)"
    assert fiche.workflow_in_progress
    assert visitor.get("/fiches/le-lait-de-nuit/").status_code == 404

    # The staff approve; the company gets a mail, and its fiche is online.
    for person in (reader, UserFactory(role="moderation")):
        with staff.capture(execute=True):
            fiche.current_workflow_task_state.approve(user=person)
        fiche = FichePage.objects.get()
    dossier.refresh_from_db()
    assert dossier.etat == Etat.PUBLIE
    send_delayed_mails()
    assert f"Dossier {dossier.numero} : la fiche est publiée" in [letter.subject for letter in mail.outbox]
    assert "/fiches/le-lait-de-nuit/" in mail.outbox[-1].body
    page = text(visitor.get("/fiches/le-lait-de-nuit/"))
    assert "Jeanne Marmier" in page and "jeanne@tilleuls.test" not in page
    assert FichePage.objects.get().photo.collection.is_root()
    tracking = text(visitor.get(link))
    assert re.search(r"La fiche de votre innovation est en ligne", tracking) and "/fiches/le-lait-de-nuit/" in tracking


def _names():
    return "Le lait de nuit", "Fruitière des Tilleuls"


def test_the_same_address_gets_the_same_dossier_back(visitor):
    visitor.ask_for_link("jeanne@tilleuls.test")
    second = visitor.post("/candidature/", {"courriel": "jeanne@tilleuls.test", "depart": _mark(visitor)})
    known = visitor.get(second.url).content
    other = visitor.post("/candidature/", {"courriel": "autre@exemple.test", "depart": _mark(visitor)})
    assert [d.courriel for d in Dossier.objects.order_by("pk")] == ["jeanne@tilleuls.test", "autre@exemple.test"]
    assert (second.status_code, second.url) == (other.status_code, other.url)
    assert known == visitor.get(other.url).content


def _mark(visitor):
    return visitor.get("/candidature/").context["form"]["depart"].value()


def test_a_dossier_sent_twice_is_sent_once(sent):
    first = (sent.dossier.numero, sent.dossier.soumis)
    again = sent.visitor.post(f"{sent.link}envoyer/")
    dossier = Dossier.objects.get()
    assert again.url == f"{sent.link}?fait=envoye"
    assert (dossier.numero, dossier.soumis) == first
    assert FichePage.objects.count() == 1
    assert len(mail.outbox) == 0
    assert dossier.evenements.filter(etat=Etat.RECU).count() == 1


def test_an_incomplete_dossier_is_kept_and_told_what_is_missing(visitor):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    kept = visitor.fill(link, "organisation", {"organisation": "Fruitière des Tilleuls", "plus_tard": "1"})
    assert kept.url == f"{link}?fait=enregistre"
    response = visitor.post(f"{link}envoyer/")
    assert response.status_code == 422
    assert Dossier.objects.get().etat == Etat.BROUILLON
    missing = [(item["etape"].cle, item["champ"]) for item in response.context["manques"]]
    assert missing == [
        ("organisation", "commune"),
        ("innovation", "titre"),
        ("innovation", "description"),
        ("innovation", "chapo"),
        ("caracterisation", "criteres"),
        ("contacts", "contact_nom"),
        ("contacts", "consentement_publication"),
    ]
    step = visitor.get(f"{link}organisation/?a-completer")
    assert step.context["form"].errors == {"commune": ["Écrivez le nom d’une commune."]}
    assert step.context["form"]["organisation"].value() == "Fruitière des Tilleuls"


@pytest.fixture
def grid(critere):
    """A grid with two groups that have criteria, and one without."""
    voie = CritereFactory(dimension__nom="par la voie de")
    DimensionFactory(nom="sans réponse")
    return critere, voie


def beside_groups(response):
    """Returns ``{group of the grid: [errors beside it]}``."""
    groups = BeautifulSoup(response.content, "html.parser").select("fieldset.groupe:has(input[name=criteres])")
    return {g.legend.text: [fault.text.strip() for fault in g.select(".field__error")] for g in groups}


def test_the_grid_is_asked_for_in_its_own_step_beside_each_group(visitor, grid):
    centre, voie = grid
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill_in_all(link)
    # A draft is saved even if answers are missing.
    later = visitor.post(f"{link}caracterisation/", {"criteres": [centre.pk], "plus_tard": "1", "revision": 99})
    assert later.url == f"{link}?fait=enregistre"
    answer = visitor.post(f"{link}envoyer/")
    assert answer.status_code == 422
    message = "Cochez au moins une réponse de « Par la voie de… »."
    assert [(i["etape"].cle, i["champ"], list(i["messages"])) for i in answer.context["manques"]] == [
        ("caracterisation", "criteres", [message.replace("« ", "«\u00a0").replace(" »", "\u00a0»")])
    ]
    step = visitor.get(f"{link}caracterisation/?a-completer")
    assert {k: [t.replace("\u00a0", " ") for t in v] for k, v in beside_groups(step).items()} == {
        "Centrée sur…": [],
        "Par la voie de…": [message],
    }
    assert BeautifulSoup(step.content, "html.parser").select_one("#erreurs a")["href"] == "#id_criteres"
    assert BeautifulSoup(step.content, "html.parser").select_one("fieldset#id_criteres")
    assert "terminée" not in text(visitor.get(link)).partition("Place dans la grille")[2][:80]
    visitor.fill(link, "caracterisation", {"criteres": [centre.pk, voie.pk]})
    assert visitor.post(f"{link}envoyer/").url == f"{link}?fait=envoye"


def test_who_goes_on_from_the_grid_reads_beside_each_group_what_is_missing_and_the_rest_is_kept(visitor, grid):
    centre, voie = grid
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    nothing = visitor.fill(link, "caracterisation", {"mots_cles": "lait, nuit"})
    assert [len(faults) for faults in beside_groups(nothing).values()] == [1, 1]
    assert "Vos réponses sont enregistrées. Celles-ci sont à corriger" in text(nothing)
    assert Dossier.objects.get().reponses["mots_cles"] == "lait, nuit"
    one = visitor.fill(link, "caracterisation", {"mots_cles": "lait, nuit", "criteres": [centre.pk]})
    assert {k: [t.replace("\u00a0", " ") for t in v] for k, v in beside_groups(one).items()} == {
        "Centrée sur…": [],
        "Par la voie de…": ["Cochez au moins une réponse de « Par la voie de… »."],
    }
    assert Dossier.objects.get().reponses["criteres"] == [str(centre.pk)]
    # Automatic saving shows no error: the applicant is still typing.
    saved = visitor.post(f"{link}caracterisation/", {"revision": 99}, headers={"accept": "application/json"})
    assert saved.json()["erreurs"] == {}
    assert visitor.fill(link, "caracterisation", {"criteres": [centre.pk, voie.pk]}).url == f"{link}images/"


def test_a_group_added_to_the_grid_holds_up_no_correction_that_asks_for_something_else(sent, staff):
    CritereFactory(dimension__nom="par la voie de")
    data = {"raisons-TOTAL_FORMS": 1, "raisons-INITIAL_FORMS": 0, "raisons-0-champ": "chapo"}
    staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/corriger/", {**data, "raisons-0-raison": "Plus court."})
    sent.visitor.fill(sent.link, "innovation", {"chapo": "Court."})
    sent.visitor.post(f"{sent.link}envoyer/")
    sent.dossier.refresh_from_db()
    assert sent.dossier.etat == Etat.RECU
    # Once a correction of the grid is asked for, it must be answered.
    staff.post(
        f"/admin/candidatures/dossiers/{sent.dossier.pk}/corriger/",
        {**data, "raisons-0-champ": "criteres", "raisons-0-raison": "Cochez."},
    )
    assert sent.visitor.post(f"{sent.link}envoyer/").status_code == 422
