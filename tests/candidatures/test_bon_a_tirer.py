"""« Bon à tirer »: the company reads its fiche and agrees or asks for changes; the answer is stored."""

from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse

from fiches.candidatures.models import Accord
from tests.candidatures.conftest import INNOVATION, LINK, text
from tests.candidatures.screens import kept_picture, pictures_of
from tests.formulaires import filled_form


def ask(staff, dossier):
    staff.post(f"/admin/candidatures/dossiers/{dossier.pk}/bon-a-tirer/")
    return LINK.findall(mail.outbox[-1].body)[0]


def test_the_company_agrees_to_the_revision_that_it_read(sent, staff):
    link = ask(staff, sent.dossier)
    revision = sent.dossier.fiche.get_latest_revision()
    assert mail.outbox[-1].subject == f"Dossier {sent.dossier.numero} : votre fiche à relire"
    page = text(sent.visitor.get(link))
    assert all(answer in page for answer in INNOVATION.values() if "\n" not in answer)
    assert page.index("Le lait attend au frais.") < page.index("Envoyer ma réponse")
    # Between the fiche and the form, nothing leads away.
    form = BeautifulSoup(page, "html.parser").select_one("main form")
    assert [
        link.text for link in form.find_previous("article").find_all_next("a") if link in form.find_all_previous("a")
    ] == []
    sent.visitor.post(link, {"nom": "Jeanne Marmier", "reponse": "oui"})
    accord = Accord.objects.get()
    assert (accord.nom, accord.accord, accord.droits_image) == ("Jeanne Marmier", True, False)
    assert (accord.revision, accord.revision_numero) == (revision, revision.pk)
    assert accord.repondu is not None
    # The answer stands above the fiche; so does its line in the history, as a sentence.
    page = text(sent.visitor.get(link))
    assert page.index("Vous êtes d’accord avec cette fiche.") < page.index("Le lait attend au frais.")
    assert "L’entreprise approuve sa fiche" in text(sent.visitor.get(sent.link))
    # A second answer is ignored.
    sent.visitor.post(link, {"nom": "Autre", "reponse": "non", "annotations": "Tout."})
    assert Accord.objects.get().nom == "Jeanne Marmier"
    # The staff see that the fiche changed since.
    screen = f"/admin/candidatures/dossiers/{sent.dossier.pk}/"
    assert "La fiche a changé depuis." not in text(staff.get(screen))
    fiche = sent.dossier.fiche.get_latest_revision_as_object()
    fiche.save_revision(user=staff.user)
    assert "La fiche a changé depuis." not in text(staff.get(screen))
    fiche.chapo = "Autre chose."
    fiche.save_revision()
    assert "La fiche a changé depuis." in text(staff.get(screen))


def test_the_rights_of_the_pictures_are_asked_for_only_where_there_are_some(sent, staff):
    asked = "J’ai le droit d’utiliser les images montrées"
    assert asked not in text(sent.visitor.get(ask(staff, sent.dossier)))
    fiche = sent.dossier.fiche.get_latest_revision_as_object()
    fiche.photo, fiche.photo_alt = kept_picture("vache"), "Une vache"
    fiche.save_revision()
    link = ask(staff, sent.dossier)
    assert asked in text(sent.visitor.get(link))
    sent.visitor.post(link, {"nom": "Jeanne Marmier", "reponse": "oui", "droits_image": "on"})
    assert Accord.objects.exclude(repondu=None).get().droits_image


def test_a_proof_of_a_fiche_that_is_online_does_not_say_that_it_will_be_published(sent, staff):
    before = text(sent.visitor.get(ask(staff, sent.dossier)))
    assert "Votre fiche avant publication" in before
    sent.dossier.fiche.get_latest_revision().publish()
    online = text(sent.visitor.get(ask(staff, sent.dossier)))
    assert ("Votre fiche à relire" in online, "avant publication" in online) == (True, False)
    letter = mail.outbox[-1]
    assert letter.subject == f"Dossier {sent.dossier.numero} : votre fiche à relire"
    assert "Voici la fiche de votre innovation. Merci de la lire" in letter.body


def test_a_proof_is_outdated_by_another_text_and_not_by_another_saving(sent, staff):
    link = ask(staff, sent.dossier)
    sent.visitor.post(link, {"nom": "Jeanne Marmier", "reponse": "oui"})
    screen = f"/admin/candidatures/dossiers/{sent.dossier.pk}/"
    # Saved from the form without a change.
    edit = reverse("wagtailadmin_pages:edit", args=[sent.dossier.fiche.pk])
    staff.post(edit, filled_form(staff.get(edit)))
    assert "La fiche a changé depuis." not in text(staff.get(screen))
    staff.post(edit, {**filled_form(staff.get(edit)), "organisation": "Fruitière de Flagey"})
    assert "La fiche a changé depuis." in text(staff.get(screen))


def test_who_approves_reads_that_a_proof_is_awaited_and_what_was_answered(sent, staff):
    screen, awaited = (
        f"/admin/candidatures/dossiers/{sent.dossier.pk}/",
        "L’entreprise a reçu un bon à tirer de cette fiche le",
    )
    assert awaited not in text(staff.get(screen))
    link = ask(staff, sent.dossier)
    assert awaited in text(staff.get(screen))
    sent.visitor.post(link, {"nom": "Jeanne", "reponse": "non", "annotations": "Le nom est mal écrit."})
    message = "L’entreprise demande des changements dans son bon à tirer : « Le nom est mal écrit. »"
    assert message in text(staff.get(screen))
    link = ask(staff, sent.dossier)
    sent.visitor.post(link, {"nom": "Jeanne", "reponse": "oui"})
    agreed = "L’entreprise a donné son accord à cette fiche le"
    for page in (screen, "/admin/"):
        assert awaited not in text(staff.get(page))
        assert agreed in text(staff.get(page))


def test_changes_asked_for_must_be_written(sent, staff):
    link = ask(staff, sent.dossier)
    response = sent.visitor.post(link, {"nom": "Jeanne", "reponse": "non"})
    assert response.context["form"].errors == {"annotations": ["Écrivez ce qu’il faut changer."]}
    sent.visitor.post(link, {"nom": "Jeanne", "reponse": "non", "annotations": "Le nom est mal écrit."})
    assert Accord.objects.get().annotations == "Le nom est mal écrit."


def test_the_proof_of_a_withdrawn_dossier_is_answered_by_nobody(sent, staff):
    link = ask(staff, sent.dossier)
    sent.visitor.post(f"{sent.link}retirer/")
    for answer in (
        sent.visitor.post(link, {"nom": "Jeanne", "reponse": "oui"}),
        sent.visitor.get(link),
    ):
        assert answer.status_code == 404
        assert "L’étude de votre dossier est terminée" in text(answer)
        assert "Recevoir un nouveau lien" in text(answer)
    assert Accord.objects.get().repondu is None


def test_no_proof_is_sent_of_a_dossier_that_was_withdrawn_meanwhile(sent, staff):
    sent.visitor.post(f"{sent.link}retirer/")
    mail.outbox.clear()
    page_text = text(staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/bon-a-tirer/", follow=True))
    assert "ce dossier est maintenant « retiré »" in page_text
    assert (mail.outbox, Accord.objects.exists()) == ([], False)


def test_a_proofs_link_that_was_cut_says_how_to_get_another(sent, staff):
    link = ask(staff, sent.dossier)
    for cut in (link[:-1][:-8], f"{link[:-9]}/", "/candidature/bon-a-tirer/"):
        answer = sent.visitor.get(cut)
        assert answer.status_code == 404
        assert "Recevoir un nouveau lien" in text(answer)


def test_the_proofs_link_opens_nothing_else_and_a_new_one_replaces_it(sent, staff):
    link = ask(staff, sent.dossier)
    secret = link.strip("/").split("/")[-1]
    assert sent.visitor.get(f"/candidature/{secret}/").status_code == 404
    second = ask(staff, sent.dossier)
    assert sent.visitor.get(link).status_code == 404
    assert sent.visitor.get(second).status_code == 200


def test_the_proof_shows_the_pictures_of_the_revision_to_whom_it_was_sent(sent, staff):
    fiche = sent.dossier.fiche.get_latest_revision_as_object()
    fiche.photo, fiche.photo_alt = kept_picture("vache"), "Une vache"
    fiche.save_revision()
    link = ask(staff, sent.dossier)
    shown = pictures_of(sent.visitor.get(link))
    assert shown
    for address in shown:
        assert address.startswith(f"{link}image/")
        assert sent.visitor.get(address)["Content-Type"].startswith("image/")
    foreign = kept_picture("forge").get_rendition("width-400")
    assert sent.visitor.get(f"{link}image/{foreign.pk}/").status_code == 404
