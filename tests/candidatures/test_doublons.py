"""Duplicate dossiers: detection and merge."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from fiches.candidatures.consentements import granted
from fiches.candidatures.duplicates import probable_duplicates
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier, Signalement
from fiches.models import Courriel
from tests.candidatures.conftest import LINK, text
from tests.candidatures.screens import second_dossier
from tests.formulaires import filled_form
from tests.undo_delay import send_delayed_mails


def test_the_same_siret_is_a_duplicate_and_merging_keeps_both_histories(sent, staff):
    link, other = second_dossier(sent.visitor, organisation="GAEC du Lait")
    assert [(d.dossier, d.raison) for d in probable_duplicates(sent.dossier)] == [(other, "même SIRET")]
    screen = text(staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/"))
    assert "C’est le même dossier : le fusionner avec celui-ci" in screen

    staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/", {"autre": other.pk})
    other.refresh_from_db()
    assert (other.etat, other.fusionne_dans) == (Etat.RETIRE, sent.dossier)
    assert other.fiche.workflow_states.get().status == "cancelled"
    assert other.evenements.filter(texte=f"Fusionné dans le dossier {sent.dossier.numero}").exists()
    assert sent.dossier.evenements.filter(texte=f"Dossier {other.numero} fusionné ici").exists()
    assert list(staff.get("/admin/candidatures/dossiers/").context["object_list"]) == [sent.dossier]


def merging(staff, kept, other):
    """``(address, data)`` of the confirmation of a merge."""
    address = f"/admin/candidatures/dossiers/{kept.pk}/fusionner/"
    question = staff.get(f"{address}?autre={other.pk}")
    return question, address, filled_form(question, f'form[action="{address}"]')


def test_a_merge_sent_twice_is_said_to_be_done(sent, staff):
    _link, other = second_dossier(sent.visitor, organisation="GAEC du Lait")
    _question, address, form = merging(staff, sent.dossier, other)
    staff.post(address, form)
    again = text(staff.post(address, form, follow=True))
    assert f"C’est déjà fait : le dossier {other.numero} est réuni à celui-ci." in again
    assert "ne peut plus être fusionné" not in again
    back = text(staff.get(f"{address}?autre={other.pk}", follow=True))  # the back button
    assert f"C’est déjà fait : le dossier {other.numero} est réuni à celui-ci." in back
    assert other.evenements.filter(texte__startswith="Fusionné dans").count() == 1


def test_the_question_before_a_merge_says_what_becomes_of_the_fiche_as_it_stands(sent, staff):
    _link, other = second_dossier(sent.visitor, organisation="GAEC du Lait")
    ends = f"Le dossier {other.numero} est fermé."

    def sentence_shown():
        question, *_rest = merging(staff, sent.dossier, other)
        items = BeautifulSoup(question.content, "html.parser").select("main li")
        return next(each for item in items if ends in (each := " ".join(item.get_text().split())))

    assert sentence_shown() == f"{ends} Sa fiche quitte la relecture et reste hors du site."
    other.fiche.current_workflow_state.cancel(user=staff.user)
    assert sentence_shown() == f"{ends} Sa fiche reste hors du site."
    Dossier.objects.filter(pk=other.pk).update(fiche=None)
    assert sentence_shown() == ends


def new_link(visitor, courriel):
    """Returns the link that an address is sent when it asks for one again later."""
    Courriel.objects.filter(modele="lien").delete()
    [link] = visitor.ask_for_link(courriel)
    return link


def text_of_all_pages(visitor, link):
    """Returns the text of all the pages that the holder of a link may read."""
    paths = ("", "relecture/", "apercu/", "consentements/", "recu/", "retirer/", "organisation/", "contacts/")
    return "\n".join(text(visitor.get(link + path, follow=True)) for path in paths)


SECRETS = ("jeanne@tilleuls.test", "Jeanne Marmier", "03 81 86 58 58", "Plus personne ne part")


def stranger_with_the_same_siret(visitor):
    """The dossier of somebody who typed a company's public SIRET and name; the other answers differ."""
    return second_dossier(
        visitor,
        contacts={
            "contact_nom": "Un inconnu",
            "contact_courriel": "autre@tilleuls.test",
            "contact_telephone": "03.84.11.11.11",
        },
        innovation={"resultats": "Rien.", "titre": "Autre chose"},
    )


def with_a_private_file(sent, staff):
    """Asks the company for a document, which it sends; the dossier is received again."""
    admin = f"/admin/candidatures/dossiers/{sent.dossier.pk}/"
    reasons = {"raisons-TOTAL_FORMS": "1", "raisons-INITIAL_FORMS": "0", "raisons-0-champ": "document"}
    staff.post(f"{admin}corriger/", {**reasons, "raisons-0-raison": "Les comptes."})
    document = SimpleUploadedFile("comptes.txt", b"Secret des affaires")
    sent.visitor.post(f"{sent.link}images/", {"document": document, "continuer": "1"})
    sent.visitor.post(f"{sent.link}envoyer/")
    return sent.dossier.pieces.get()


@pytest.mark.parametrize("kept_is_the_companys", [True, False])
def test_a_merge_keeps_both_links_apart(sent, staff, kept_is_the_companys):
    piece = with_a_private_file(sent, staff)
    link, other = stranger_with_the_same_siret(sent.visitor)
    kept, absorbed = (sent.dossier, other) if kept_is_the_companys else (other, sent.dossier)
    staff.post(f"/admin/candidatures/dossiers/{kept.pk}/fusionner/", {"autre": absorbed.pk})
    absorbed.refresh_from_db()
    assert absorbed.fusionne_dans == kept

    # The stranger's links, old and new, open its own dossier only.
    for own in (link, new_link(sent.visitor, "autre@tilleuls.test")):
        assert sent.visitor.get(own).context["dossier"] == other
        read = text_of_all_pages(sent.visitor, own)
        assert "autre@tilleuls.test" in read
        assert [secret for secret in SECRETS if secret in read] == []
        assert sent.visitor.get(f"{own}fichier/{piece.cle}/").status_code == 404
        sent.visitor.post(f"{own}retirer/")
        sent.visitor.post(f"{own}consentements/", {"finalite": "publication"})
    # The company has no access to the stranger's dossier either.
    for own in (sent.link, new_link(sent.visitor, "jeanne@tilleuls.test")):
        assert sent.visitor.get(own).context["dossier"] == sent.dossier
        assert "autre@tilleuls.test" not in text_of_all_pages(sent.visitor, own)
    sent.dossier.refresh_from_db()
    assert sent.dossier.etat == (Etat.RECU if kept_is_the_companys else Etat.RETIRE)
    assert "publication" in granted(sent.dossier)


def test_a_merged_dossier_is_said_to_be_closed_and_nothing_tells_that_another_one_exists(sent, staff):
    link, other = stranger_with_the_same_siret(sent.visitor)
    staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/", {"autre": other.pk})
    send_delayed_mails()
    page = text(sent.visitor.get(link))
    assert "Votre dossier est fermé : l’équipe n’étudie plus ce dossier" in page
    assert sent.dossier.numero not in page
    assert "Vous avez retiré votre dossier" not in page
    assert other.numero not in text(sent.visitor.get(sent.link))
    letter = mail.outbox[-1]
    assert letter.to == ["autre@tilleuls.test"]
    assert letter.subject == f"Dossier {other.numero} : fermé"
    for told in (page, text(sent.visitor.get(link, headers={"accept-language": "en"})), letter.body):
        assert not re.search("autre dossier|deux dossiers|votre organisation|doublon|fusion|même", told, re.IGNORECASE)
    assert sent.dossier.numero not in letter.body
    assert sent.visitor.get(LINK.findall(letter.body)[0]).context["dossier"] == other


def test_no_screen_says_that_a_merged_dossier_was_withdrawn(sent, staff):
    link, other = stranger_with_the_same_siret(sent.visitor)
    staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/", {"autre": other.pk})
    send_delayed_mails()
    main = BeautifulSoup(sent.visitor.get(link).content, "html.parser").main
    assert main.select_one(".dossier__etat .badge").text == "fermé"
    assert main.select_one(".histoire li:last-child strong").text == "Fermé"
    screen = BeautifulSoup(staff.get(f"/admin/candidatures/dossiers/{other.pk}/").content, "html.parser").main
    assert screen.select_one(".w-status").text == "réuni à un autre"
    assert "réuni à un autre" in [line.text for line in screen.select(".innovation__histoire strong")]
    again = staff.post(f"/admin/candidatures/dossiers/{other.pk}/refuser/", {"refus-raison": "Non."}, follow=True)
    assert "Cette action est déjà faite : ce dossier est maintenant « réuni à un autre »." in text(again)
    for shown in (main.get_text(), screen.get_text(), text(again)):
        assert not re.search("[Rr]etiré", shown)


def test_the_proof_of_a_merged_dossier_opens_nothing_of_the_other(sent, staff):
    _link, other = stranger_with_the_same_siret(sent.visitor)
    for dossier in (other, sent.dossier):
        staff.post(f"/admin/candidatures/dossiers/{dossier.pk}/bon-a-tirer/")
    [proof] = [
        LINK.findall(letter.body)[0]
        for letter in mail.outbox
        if letter.to == ["autre@tilleuls.test"] and "bon-a-tirer" in letter.body
    ]
    staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/", {"autre": other.pk})
    send_delayed_mails()
    answer = sent.visitor.get(proof)
    assert answer.status_code == 404
    assert "Plus personne ne part" not in text(answer)
    sent.visitor.post(proof, {"nom": "Un inconnu", "reponse": "oui"})
    assert sent.dossier.accords.get().repondu is None


def test_the_staff_read_what_merging_does_and_that_the_addresses_differ(sent, staff):
    _link, other = stranger_with_the_same_siret(sent.visitor)
    screen = staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/")
    [merge] = BeautifulSoup(screen.content, "html.parser").select("[aria-labelledby=doublons] a.button")
    address = merge["href"]
    question = text(staff.get(address))
    assert f"Le dossier {other.numero} est fermé" in question
    assert f"Le dossier {sent.dossier.numero} continue" in question
    assert "Aucune réponse et aucun fichier ne passe de l’un à l’autre." in question
    assert "Les deux adresses diffèrent : autre@tilleuls.test et jeanne@tilleuls.test" in question
    assert "Un courriel part à autre@tilleuls.test dix minutes après." in question
    other.refresh_from_db()
    assert other.fusionne_dans is None


def test_the_address_of_a_merged_dossier_begins_no_other(sent, staff):
    _link, other = second_dossier(sent.visitor)
    staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/", {"autre": other.pk})
    link = new_link(sent.visitor, "autre@tilleuls.test")
    assert sent.visitor.get(link).context["dossier"] == other
    tip = Signalement.objects.create(organisation="x", innovation="y", contact="autre@tilleuls.test")
    mail.outbox.clear()
    staff.post(f"/admin/candidatures/signalements/{tip.pk}/inviter/")
    assert Dossier.objects.count() == 2
    [letter] = mail.outbox
    assert letter.to == ["autre@tilleuls.test"]
    [link] = LINK.findall(letter.body)
    assert sent.visitor.get(link).context["dossier"] == other
    assert sent.dossier.evenements.filter(texte="Une autre personne a aussi signalé cette organisation").exists()


def test_similar_names_are_duplicates_more_loosely_within_one_commune(sent):
    _link, other = second_dossier(sent.visitor, organisation="Fruitiere des Tilleul", siret="")
    assert [d.raison for d in probable_duplicates(sent.dossier)] == ["même commune, nom proche"]
    Dossier.objects.filter(pk=other.pk).update(code_insee="39001")
    assert [d.raison for d in probable_duplicates(sent.dossier)] == ["nom proche"]
    Dossier.objects.filter(pk=other.pk).update(organisation="Garage Martin")
    assert probable_duplicates(sent.dossier) == []


def test_a_dossier_that_its_company_did_not_send_is_named_to_nobody(sent, staff):
    _link, other = second_dossier(sent.visitor, organisation="Fruitiere des Tilleul")
    assert "Fruitiere des Tilleul" in text(staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/"))
    Dossier.objects.filter(pk=other.pk).update(etat=Etat.BROUILLON)
    assert "Fruitiere des Tilleul" not in text(staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/"))


def test_a_published_dossier_is_not_merged_away(sent, staff):
    _link, other = second_dossier(sent.visitor)
    with staff.capture(execute=True):
        other.fiche.get_latest_revision().publish(skip_permission_checks=True)
    answer = staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/", {"autre": other.pk}, follow=True)
    assert f"Le dossier {other.numero} est maintenant « publié » : il ne peut plus être fusionné." in text(answer)
    other.refresh_from_db()
    assert (other.etat, other.fusionne_dans) == (Etat.PUBLIE, None)


def offers_to_merge(staff, dossier):
    screen = staff.get(f"/admin/candidatures/dossiers/{dossier.pk}/")
    return [
        a["href"] for a in BeautifulSoup(screen.content, "html.parser").select("[aria-labelledby=doublons] a.button")
    ]


def refusal(staff, kept, absorbed, send):
    """What the screen says to whoever types the address of a merge by hand, or sends its form."""
    address = f"/admin/candidatures/dossiers/{kept.pk}/fusionner/"
    if send == staff.get:
        answer = staff.get(f"{address}?autre={absorbed.pk}", follow=True)
    else:
        answer = staff.post(address, {"autre": absorbed.pk}, follow=True)
    assert "Cette action est définitive" not in text(answer)
    [message] = answer.context["messages"]
    return str(message)


def test_only_what_can_be_merged_is_offered_and_its_typed_address_is_refused_at_once(sent, staff):
    link, other = second_dossier(sent.visitor)
    _link, third = second_dossier(sent.visitor, courriel="troisieme@tilleuls.test")
    assert len(offers_to_merge(staff, sent.dossier)) == 2
    with staff.capture(execute=True):
        other.fiche.get_latest_revision().publish(skip_permission_checks=True)
    address = f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/?autre={third.pk}"
    assert offers_to_merge(staff, sent.dossier) == [address]
    staff.post(f"/admin/candidatures/dossiers/{other.pk}/fusionner/", {"autre": third.pk})
    assert offers_to_merge(staff, sent.dossier) == []
    third.refresh_from_db()
    assert third.fusionne_dans == other
    assert offers_to_merge(staff, third) == []
    assert probable_duplicates(third) == []
    published, joined = (
        f"Le dossier {each.numero} est maintenant «\u00a0{state}\u00a0»\u00a0: il ne peut plus être fusionné."
        for each, state in ((other, "publié"), (third, "réuni à un autre"))
    )
    for kept, absorbed, said in [
        (sent.dossier, other, published),
        (sent.dossier, third, joined),
        (sent.dossier, sent.dossier, "Ces deux dossiers ne peuvent pas être fusionnés."),
        (third, sent.dossier, joined),
    ]:
        for send in (staff.get, staff.post):
            assert refusal(staff, kept, absorbed, send) == said


BOX = "Fermer le dossier {} de « Tout autre chose »."


def test_two_dossiers_with_nothing_in_common_are_merged_only_by_ticking_a_box_that_says_so(sent, staff):
    contact = {
        "contact_nom": "Un inconnu",
        "contact_courriel": "x@tilleuls.test",
        "contact_telephone": "03.84.11.11.11",
    }
    _link, other = second_dossier(
        sent.visitor,
        contacts=contact,
        innovation={"titre": "Zinc et cuivre"},
        organisation="Tout autre chose",
        siret="",
    )
    assert probable_duplicates(sent.dossier) == []
    address = f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/"
    asked = text(staff.get(f"{address}?autre={other.pk}"))
    refused = staff.post(address, {"autre": other.pk})
    page_text = text(refused)
    assert (BOX.format(other.numero) in asked, BOX.format(other.numero) in page_text, refused.status_code) == (
        True,
        True,
        422,
    )
    assert "Ces deux dossiers n’ont rien en commun (SIRET, noms, courriel, téléphone)." in asked
    assert "Rien n’a été fusionné : le SIRET et le nom de l’organisation diffèrent." in page_text
    other.refresh_from_db()
    assert (other.etat, other.fusionne_dans) == (Etat.RECU, None)
    staff.post(address, {"autre": other.pk, "fusion-accord": "on"})
    other.refresh_from_db()
    assert (other.etat, other.fusionne_dans) == (Etat.RETIRE, sent.dossier)


@pytest.mark.parametrize(
    ("same", "said"),
    [
        ({"contact_nom": "Jeanne Marmier"}, "le même nom de contact"),
        ({"contact_nom": "Jeanne Marmiers"}, "un nom de contact proche"),
        ({"contact_telephone": "03 81 86 58 58"}, "le téléphone du contact"),
        (
            {"contact_courriel": "jeanne@tilleuls.test", "contact_telephone": "+33381865858"},
            "le courriel du contact et le téléphone du contact",
        ),
    ],
)
def test_two_dossiers_that_share_a_contact_alone_are_merged_only_by_ticking_the_box(sent, staff, same, said):
    contact = {
        "contact_nom": "Un inconnu",
        "contact_courriel": "x@tilleuls.test",
        "contact_telephone": "03.84.11.11.11",
    }
    _link, other = second_dossier(
        sent.visitor, contacts=contact | same, innovation={"titre": "Zinc"}, organisation="Tout autre chose", siret=""
    )
    address = f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/"
    asked = text(staff.get(f"{address}?autre={other.pk}"))
    assert f"Ces deux dossiers ont en commun : {said}." in asked and BOX.format(other.numero) in asked
    assert staff.post(address, {"autre": other.pk}).status_code == 422
    other.refresh_from_db()
    assert other.fusionne_dans is None
    assert probable_duplicates(sent.dossier) == []
    staff.post(address, {"autre": other.pk, "fusion-accord": "on"})
    other.refresh_from_db()
    assert other.fusionne_dans == sent.dossier


@pytest.mark.parametrize(
    ("organisation", "said"),
    [("{}s", "un nom d’organisation proche"), ("{}", "le même nom d’organisation")],
)
def test_a_merge_tells_a_near_name_from_an_equal_one(sent, staff, organisation, said):
    names = {
        "organisation": organisation.format(sent.dossier.organisation),
        "siret": "",
        "innovation": {"titre": "Zinc"},
        "contacts": {"contact_nom": "Un inconnu", "contact_courriel": "x@tilleuls.test", "contact_telephone": ""},
    }
    _link, other = second_dossier(sent.visitor, **names)
    asked = text(staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/?autre={other.pk}"))
    assert f"Ces deux dossiers ont en commun : {said}." in asked


def test_the_merge_of_two_dossiers_of_one_organisation_says_what_they_share_and_has_no_box(sent, staff):
    _link, other = second_dossier(sent.visitor)
    address = f"/admin/candidatures/dossiers/{sent.dossier.pk}/fusionner/"
    asked = text(staff.get(f"{address}?autre={other.pk}"))
    assert "Ces deux dossiers ont en commun : le SIRET, le même nom d’organisation, le même nom d’innovation" in asked
    assert "Fermer définitivement" not in asked
