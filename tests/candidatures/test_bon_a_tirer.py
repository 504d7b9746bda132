"""« Bon à tirer »: the company reads its fiche, then agrees to that version or writes to the team."""

from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse

from fiches.candidatures.team_messages import AGREED
from tests.candidatures.conftest import INNOVATION, LINK, text
from tests.candidatures.screens import kept_picture, pictures_of
from tests.formulaires import filled_form

CHANGED = "la fiche a changé depuis."


def ask(staff, dossier):
    staff.post(f"/admin/candidatures/dossiers/{dossier.pk}/bon-a-tirer/")
    return LINK.findall(mail.outbox[-1].body)[0]


def agree(sent, link, nom):
    sent.visitor.post(link, {**filled_form(sent.visitor.get(link), "form:has(input[name=version])"), "nom": nom})


def test_the_company_agrees_to_the_revision_that_it_read(sent, staff):
    link = ask(staff, sent.dossier)
    revision = sent.dossier.fiche.get_latest_revision()
    assert mail.outbox[-1].subject == f"Dossier {sent.dossier.numero} : un message de l’équipe"
    page = text(sent.visitor.get(link))
    assert all(answer in page for answer in INNOVATION.values() if "\n" not in answer)
    assert page.index("Le lait attend au frais.") < page.index("Je suis d’accord avec cette fiche")
    # Between the fiche and the form, nothing leads away.
    form = BeautifulSoup(page, "html.parser").select_one("main form")
    assert [
        link.text for link in form.find_previous("article").find_all_next("a") if link in form.find_all_previous("a")
    ] == []
    agree(sent, link, "Jeanne Marmier")
    said = f"Jeanne Marmier est d’accord avec la version {revision.pk} de la fiche"
    accord = sent.dossier.evenements.get(message=AGREED)
    assert (accord.epreuve, accord.texte) == (revision, said)
    # The answer stands above the fiche; so does its line in the history, which the company and the staff read.
    page = text(sent.visitor.get(link))
    assert page.index(said) < page.index("Le lait attend au frais.")
    screen = f"/admin/candidatures/dossiers/{sent.dossier.pk}/"
    for history in (sent.link, screen):
        assert said in text((staff if history == screen else sent.visitor).get(history))
    # A second answer is ignored.
    sent.visitor.post(link, {"nom": "Autre", "version": revision.pk})
    assert sent.dossier.evenements.filter(message=AGREED).count() == 1
    # The staff see that the fiche changed since.
    assert CHANGED not in text(staff.get(screen))
    fiche = sent.dossier.fiche.get_latest_revision_as_object()
    fiche.save_revision(user=staff.user)
    assert CHANGED not in text(staff.get(screen))
    fiche.chapo = "Autre chose."
    fiche.save_revision()
    assert CHANGED in text(staff.get(screen))


def test_a_proof_is_outdated_by_another_text_and_not_by_another_saving(sent, staff):
    link = ask(staff, sent.dossier)
    agree(sent, link, "Jeanne Marmier")
    screen = f"/admin/candidatures/dossiers/{sent.dossier.pk}/"
    # Saved from the form without a change.
    edit = reverse("wagtailadmin_pages:edit", args=[sent.dossier.fiche.pk])
    staff.post(edit, filled_form(staff.get(edit)))
    assert CHANGED not in text(staff.get(screen))
    staff.post(edit, {**filled_form(staff.get(edit)), "organisation": "Fruitière de Flagey"})
    assert CHANGED in text(staff.get(screen))


def test_who_approves_reads_that_a_proof_is_awaited_and_what_was_answered(sent, staff):
    screen, awaited = (
        f"/admin/candidatures/dossiers/{sent.dossier.pk}/",
        "L’entreprise a reçu un bon à tirer de cette fiche le",
    )
    assert awaited not in text(staff.get(screen))
    ask(staff, sent.dossier)
    assert awaited in text(staff.get(screen))
    sent.visitor.post(f"{sent.link}messages/", {"texte": "Le nom est mal écrit."})
    assert "L’entreprise répond à son bon à tirer : « Le nom est mal écrit. »" in text(staff.get(screen)).replace(
        "\xa0", " "
    )
    agree(sent, ask(staff, sent.dossier), "Jeanne")
    agreed = "L’entreprise a donné son accord à cette fiche le"
    for page in (screen, "/admin/"):
        assert awaited not in text(staff.get(page))
        assert agreed in text(staff.get(page))


def test_an_agreement_to_a_version_that_was_replaced_meanwhile_asks_to_read_the_new_one(sent, staff):
    link = ask(staff, sent.dossier)
    form = filled_form(sent.visitor.get(link), "form:has(input[name=version])") | {"nom": "Jeanne"}
    fiche = sent.dossier.fiche.get_latest_revision_as_object()
    fiche.chapo = "Autre chose."
    fiche.save_revision()
    ask(staff, sent.dossier)
    refused = sent.visitor.post(link, form)
    assert "L’équipe a envoyé une autre version entre-temps" in text(refused)
    assert "Autre chose." in text(refused)
    assert not sent.dossier.evenements.filter(message=AGREED).exists()
    sent.visitor.post(link, filled_form(refused, "form:has(input[name=version])"))
    assert sent.dossier.evenements.get(message=AGREED).epreuve == fiche.get_latest_revision()


def test_the_proof_of_a_withdrawn_dossier_is_answered_by_nobody(sent, staff):
    link = ask(staff, sent.dossier)
    sent.visitor.post(f"{sent.link}retirer/")
    for answer in (
        sent.visitor.post(link, {"nom": "Jeanne", "version": sent.dossier.fiche.latest_revision_id}),
        sent.visitor.get(link),
    ):
        assert "Vous avez retiré votre dossier." in text(sent.visitor.get(answer.url))
    assert not sent.dossier.evenements.filter(message=AGREED).exists()


def test_no_proof_is_sent_of_a_dossier_that_was_withdrawn_meanwhile(sent, staff):
    sent.visitor.post(f"{sent.link}retirer/")
    mail.outbox.clear()
    page_text = text(staff.post(f"/admin/candidatures/dossiers/{sent.dossier.pk}/bon-a-tirer/", follow=True))
    assert "ce dossier est maintenant « retiré »" in page_text
    assert mail.outbox == []


def test_the_proof_shows_the_pictures_of_the_revision_to_whom_it_was_sent(sent, staff):
    fiche = sent.dossier.fiche.get_latest_revision_as_object()
    fiche.photo, fiche.photo_alt = kept_picture("vache"), "Une vache"
    fiche.save_revision()
    link = ask(staff, sent.dossier)
    shown = pictures_of(sent.visitor.get(link))
    assert shown
    for address in shown:
        assert address.startswith(link.replace("bon-a-tirer/", "image/"))
        assert sent.visitor.get(address)["Content-Type"].startswith("image/")
    foreign = kept_picture("forge").get_rendition("width-400")
    assert sent.visitor.get(f"{sent.link}image/{foreign.pk}/").status_code == 404
