"""The words of the mails in the admin: each is listed, changed in place, seen before, and taken back."""

import pytest
from django.contrib.admin.utils import quote
from django.core import mail
from wagtail.models import Site

from fiches.mail.outbox import post
from fiches.mail.placeholders import PLACEHOLDERS
from fiches.mail.wordings import LETTERS, default_wording, wording
from fiches.models import Courriel, ModeleDeCourriel
from home.models import Organisme
from tests.factories import UserFactory
from tests.redaction.seen_text import text

pytestmark = pytest.mark.django_db

LIST = "/admin/snippets/rallynov_fiches/modeledecourriel/"
FORM = f"{LIST}edit/accuse/"
WORDS = {"objet": "Bien reçu : {numero}", "texte": "Bonjour,\r\n\r\nMerci.\r\n\r\n{lien}"}


@pytest.fixture
def editor_client(client, tree):
    client.force_login(UserFactory(role="redaction"))
    return client


@pytest.fixture
def worded(db):
    ModeleDeCourriel.objects.filter(cle="accuse").update(objet="Bien reçu", texte="Nos mots. {lien}")


def test_each_mail_stands_in_the_list_with_its_present_subject(editor_client, worded):
    answer = editor_client.get(LIST)
    rows = {each.pk: each for each in answer.context["object_list"]}
    assert set(rows) == set(LETTERS)
    assert (rows["accuse"].present_subject(), rows["accuse"].is_changed()) == ("Bien reçu", True)
    assert (rows["refuse"].present_subject(), rows["refuse"].is_changed()) == (default_wording("refuse")[0], False)
    assert "Ajouter" not in text(answer) and f"{LIST}delete/" not in answer.content.decode()


def test_a_form_opens_on_the_default_text_with_the_words_that_may_stand_in_it(editor_client):
    answer = editor_client.get(FORM)
    form = answer.context["form"]
    assert (form["objet"].value(), form["texte"].value()) == default_wording("accuse")
    page = text(answer)
    assert "{numero} Numéro du dossier (dans l’objet aussi)" in page
    assert "{organisation} Nom de l’organisation" in page
    assert "{raisons}" not in page


def test_each_word_of_each_mail_is_explained():
    used = {place for letter in LETTERS.values() for place in letter.wording.places}
    assert used - set(PLACEHOLDERS) == set()


@pytest.mark.parametrize("back", [("", ""), default_wording])
def test_what_is_written_is_sent_until_the_default_text_is_taken_back(
    editor_client, django_capture_on_commit_callbacks, back
):
    editor_client.post(FORM, WORDS)
    with django_capture_on_commit_callbacks(execute=True):
        post("un", modele="accuse", destinataires=["a@b.example"], contexte={"numero": "7", "lien": "https://x.test/"})
    assert mail.outbox[0].subject == "Bien reçu : 7"
    assert mail.outbox[0].body.startswith("Bonjour,\n\nMerci.\n\nhttps://x.test/")
    assert mail.outbox[0].alternatives[0][0].count("<p>") == 3
    assert wording("accuse")[1] == "Bonjour,\n\nMerci.\n\n{lien}"
    objet, texte = back("accuse") if callable(back) else back
    editor_client.post(FORM, {"objet": objet, "texte": texte.replace("\n", "\r\n")})
    assert wording("accuse") == default_wording("accuse")
    assert not ModeleDeCourriel.objects.get(cle="accuse").is_changed()
    assert editor_client.get(FORM).context["form"]["texte"].value() == default_wording("accuse")[1]


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
    assert not ModeleDeCourriel.objects.exclude(texte="").exists()
    form = answer.context["form"]
    errors = [error for field in ("objet", "texte") for error in form.errors.get(field, [])]
    assert len(errors) == 1 and errors[0].replace("\u00a0", " ").startswith(message)
    assert {name: form[name].value().splitlines() for name in data} == {
        name: typed.splitlines() for name, typed in data.items()
    }


def test_the_preview_shows_what_is_typed_with_examples_and_the_signature(editor_client, tree):
    Organisme.objects.create(
        site=Site.objects.get(is_default_site=True), editeur="Fact", telephone="03 81 00 00 00", courriel="eq@x.test"
    )
    assert editor_client.post(f"{LIST}preview/accuse/", WORDS).json() == {"is_valid": True, "is_available": True}
    shown = text(editor_client.get(f"{LIST}preview/accuse/"))
    assert "Objet : Bien reçu : [numéro du dossier]" in shown
    assert "Bonjour, Merci. [lien personnel du destinataire]" in shown
    assert shown.endswith("Fact 03 81 00 00 00 Une question ? Répondez à ce courriel, ou écrivez à eq@x.test .")
    assert not Courriel.objects.exists()


def test_the_preview_of_each_mail_can_be_drawn(editor_client):
    for cle in LETTERS:
        answer = editor_client.get(f"{LIST}preview/{quote(cle)}/")  # as the form's address has it
        assert answer.status_code == 200 and "{" not in text(answer), cle


@pytest.mark.parametrize("role", ["moderation", "partenaire", "jury"])
def test_who_may_not_word_the_mails_neither_reads_nor_changes_them(client, worded, tree, role):
    client.force_login(UserFactory(role="" if role == "jury" else role))
    for address in (LIST, FORM, f"{LIST}preview/accuse/"):
        assert client.get(address).status_code == 302, address
    client.post(FORM, WORDS)
    assert wording("accuse") == ("Bien reçu", "Nos mots. {lien}")


def test_nobody_adds_or_deletes_a_mail(editor_client):
    assert editor_client.get(f"{LIST}add/").status_code == 302
    editor_client.post(f"{LIST}delete/accuse/")
    assert ModeleDeCourriel.objects.filter(cle="accuse").exists()
    assert editor_client.get(f"{LIST}edit/inconnu/").status_code == 404
