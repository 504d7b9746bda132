"""The words of the mails in the admin: each is listed with its present text, changed in place, seen before, and taken back."""

import pytest
from django.contrib.admin.utils import quote
from django.core import mail
from wagtail.models import Site

from fiches.mail.outbox import post
from fiches.mail.placeholders import PLACEHOLDERS
from fiches.mail.wordings import LETTERS, default_wording, title_of
from fiches.models import Courriel, ModeleDeCourriel
from home.models import Organisme
from tests.factories import UserFactory
from tests.redaction.seen_text import text

pytestmark = pytest.mark.django_db

LIST = "/admin/snippets/rallynov_fiches/modeledecourriel/"
FORM = f"{LIST}edit/accuse/"
RESET = f"{LIST}delete/accuse/"
WORDS = {"objet": "Bien reçu : {numero}", "texte": "Bonjour,\r\n\r\nMerci.\r\n\r\n{lien}"}


@pytest.fixture
def editor_client(client, tree):
    client.force_login(UserFactory(role="redaction"))
    return client


def test_each_mail_stands_in_the_list_with_its_present_text(editor_client):
    ModeleDeCourriel.objects.create(cle="accuse", objet="Bien reçu", texte="Nos mots. {lien}")
    rows = {each.pk: each for each in editor_client.get(LIST).context["object_list"]}
    assert list(rows) == list(LETTERS)
    assert (rows["accuse"].objet, rows["accuse"].texte) == ("Bien reçu", "Nos mots. {lien}")
    assert (rows["refuse"].objet, rows["refuse"].texte) == default_wording("refuse")
    page = text(editor_client.get(LIST))
    assert page.count("modifié par l’équipe") == 1
    assert page.count("texte d’origine") == len(LETTERS) - 1 + 1  # the button of the one that was changed
    assert "Ajouter" not in page


def test_the_list_is_searched_by_title_subject_and_text(editor_client):
    found = [each.pk for each in editor_client.get(LIST, {"q": title_of("accuse")}).context["object_list"]]
    assert "accuse" in found
    ModeleDeCourriel.objects.create(cle="refuse", objet="x", texte="Le Grand Ours {lien}")
    assert [each.pk for each in editor_client.get(LIST, {"q": "grand ours"}).context["object_list"]] == ["refuse"]


def test_a_form_opens_on_the_default_text_with_the_words_that_may_stand_in_it(editor_client):
    answer = editor_client.get(FORM)
    form = answer.context["form"]
    assert (form["objet"].value(), form["texte"].value()) == default_wording("accuse")
    page = text(answer)
    assert "{numero} Numéro du dossier (dans l’objet aussi) 2026-014" in page
    assert "{organisation} Nom de l’organisation Les Tilleuls" in page
    assert "{raisons}" not in page


def test_each_word_of_each_mail_is_explained_with_an_example():
    used = {place for letter in LETTERS.values() for place in letter.wording.places}
    assert used - set(PLACEHOLDERS) == set()


def test_what_is_written_is_sent_and_the_default_text_is_taken_back_once_confirmed(
    editor_client, django_capture_on_commit_callbacks
):
    answer = editor_client.post(FORM, WORDS, follow=True)
    assert "les prochains courriels" in text(answer)
    with django_capture_on_commit_callbacks(execute=True):
        post("un", modele="accuse", destinataires=["a@b.example"], contexte={"numero": "7", "lien": "https://x.test/"})
    assert mail.outbox[0].subject == "Bien reçu : 7"
    assert mail.outbox[0].body.startswith("Bonjour,\n\nMerci.\n\nhttps://x.test/")
    assert mail.outbox[0].alternatives[0][0].count("<p>") == 3
    assert all(f'href="{RESET}"' in editor_client.get(address).content.decode() for address in (FORM, LIST))
    question = text(editor_client.get(RESET))
    assert "Merci. {lien}" in question and " ".join(default_wording("accuse")[1].split()) in question
    assert ModeleDeCourriel.objects.get().texte == "Bonjour,\n\nMerci.\n\n{lien}"
    back = editor_client.post(RESET, follow=True)
    assert f"« {title_of('accuse')} » a de nouveau son texte d’origine" in text(back)
    assert not ModeleDeCourriel.objects.exists()
    assert editor_client.get(FORM).context["form"]["texte"].value() == default_wording("accuse")[1]


def test_the_default_text_written_again_is_no_text_of_the_team_s(editor_client):
    editor_client.post(FORM, WORDS)
    objet, texte = default_wording("accuse")
    editor_client.post(FORM, {"objet": objet, "texte": texte.replace("\n", "\r\n")})
    assert not ModeleDeCourriel.objects.exists()


@pytest.mark.parametrize(
    ("cle", "changed", "message"),
    [
        (
            "accuse",
            {"texte": "{mot_de_passe} {lien}"},
            "Le mot {mot_de_passe} n’existe pas pour ce courriel. Mots possibles : {numero}, {organisation}, {lien}.",
        ),
        ("accuse", {"texte": "Dossier {numero, {lien}"}, "Une accolade est mal placée : « Dossier {numero, »."),
        ("accuse", {"texte": "Dossier {Numéro} {lien}"}, "Une accolade est mal placée : « Dossier {Numéro} »."),
        (
            "accuse",
            {"texte": "{% if numero %}Oui{% endif %} {lien}"},
            "Une accolade est mal placée : « {% if numero %} ».",
        ),
        ("accuse", {"texte": "Merci."}, "La personne a besoin de {lien}"),
        (
            "accuse",
            {"objet": "Pour {organisation}"},
            "L’objet ne peut pas contenir de réponse. Utilisez seulement {numero}.",
        ),
        (
            "abonnement",
            {"objet": "{lien}", "texte": "{lien}"},
            "L’objet de ce courriel ne contient aucun mot entre accolades.",
        ),
        ("carnet", {"objet": "{objet}", "texte": "{texte}"}, "La personne a besoin de {arret}"),
        ("refuse", {"texte": "Non. {lien}"}, "La personne a besoin de {raisons} (raisons écrites par l’équipe)"),
        ("message_du_site", {"objet": "x", "texte": "De {nom}, {courriel}."}, "La personne a besoin de {message}"),
    ],
)
def test_a_word_that_nothing_fills_is_said_beside_the_box_and_nothing_typed_is_lost(
    editor_client, cle, changed, message
):
    data = WORDS | changed
    answer = editor_client.post(f"{LIST}edit/{cle}/", data)
    assert not ModeleDeCourriel.objects.exists()
    form = answer.context["form"]
    errors = [error for field in ("objet", "texte") for error in form.errors.get(field, [])]
    assert len(errors) == 1 and errors[0].replace("\u00a0", " ").startswith(message)
    assert {name: form[name].value().splitlines() for name in data} == {
        name: typed.splitlines() for name, typed in data.items()
    }
    assert "Rien n’est encore enregistré" in text(answer)


def test_the_preview_shows_what_is_typed_with_examples_and_the_signature(editor_client, tree):
    Organisme.objects.create(
        site=Site.objects.get(is_default_site=True), editeur="Fact", telephone="03 81 00 00 00", courriel="eq@x.test"
    )
    assert editor_client.post(f"{LIST}preview/accuse/", WORDS).json() == {"is_valid": True, "is_available": True}
    shown = text(editor_client.get(f"{LIST}preview/accuse/"))
    assert "Objet : Bien reçu : 2026-014" in shown
    assert "Bonjour, Merci. http" in shown and "/exemple/lien-personnel/" in shown
    assert shown.endswith("Fact 03 81 00 00 00 Une question ? Répondez à ce courriel, ou écrivez à eq@x.test .")
    plain = editor_client.get(f"{LIST}preview/accuse/?mode=texte")
    assert "Bonjour,<br><br>Merci." in plain.content.decode()
    assert not Courriel.objects.exists() and not ModeleDeCourriel.objects.exists()


def test_the_preview_of_each_mail_can_be_drawn(editor_client):
    for cle in LETTERS:
        for mode in ("", "?mode=texte"):
            answer = editor_client.get(f"{LIST}preview/{quote(cle)}/{mode}")  # as the form's address has it
            assert answer.status_code == 200 and "{" not in text(answer), cle


def test_a_wording_of_several_words_in_its_key_goes_back_to_its_default(editor_client):
    ModeleDeCourriel.objects.create(cle="message_au_porteur", objet="Bien reçu", texte="Nos mots.")
    back = editor_client.post(f"{LIST}delete/{quote('message_au_porteur')}/", follow=True)
    assert "a de nouveau son texte d’origine" in text(back)
    assert not ModeleDeCourriel.objects.exists()


@pytest.mark.parametrize("role", ["moderation", "partenaire", "jury"])
def test_who_may_not_word_the_mails_neither_reads_nor_changes_them(client, tree, role):
    client.force_login(UserFactory(role="" if role == "jury" else role))
    ModeleDeCourriel.objects.create(cle="accuse", objet="Bien reçu", texte="Nos mots.")
    for address in (LIST, FORM, RESET, f"{LIST}preview/accuse/"):
        assert client.get(address).status_code == 302, address
    client.post(FORM, WORDS)
    client.post(RESET)
    assert ModeleDeCourriel.objects.get().texte == "Nos mots."


def test_nobody_adds_a_mail_nor_words_one_that_does_not_exist(editor_client):
    assert editor_client.get(f"{LIST}add/").status_code == 302
    assert editor_client.get(f"{LIST}edit/inconnu/").status_code == 404
    assert editor_client.post(f"{LIST}edit/inconnu/", WORDS).status_code == 404
    assert not ModeleDeCourriel.objects.exists()
