"""Hostile input: an error beside the field, the typed text kept, never a 500."""

import re
import time

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

from fiches.candidatures.models import Dossier, PieceJointe, Signalement
from fiches.candidatures.text_cleaning import clean_answer_text, rich_text
from fiches.forms import throttle
from fiches.models import FichePage
from tests.candidatures.conftest import CONTACTS, INNOVATION, ORGANISATION, photo, text
from tests.fiches.made_documents import DOCUMENTS_WITH_AUTHOR, everything_in
from tests.pictures import SECRET, jpeg_with_position, picture, truncated

TOO_FAST = "L’envoi était aussi rapide que celui d’un robot. Attendez quelques secondes, puis envoyez de nouveau. Votre texte reste sur cette page."
NASTY = "\x00<script>alert(1)</script>\u200b\u202e\ud83d\r\nBcc: tous@exemple.test"


@pytest.mark.parametrize(
    ("cle", "fields"),
    [
        ("organisation", [*ORGANISATION, "site", "adresse", "statut", "sphere", "naf"]),
        ("innovation", [*INNOVATION, "citation", "citation_auteur"]),
        ("caracterisation", ["criteres", "mots_cles"]),
        ("images", ["photo_alt", "photo_decorative", "logo_alt"]),
        ("contacts", [*CONTACTS, "partenaire"]),
    ],
)
def test_hostile_text_in_every_field_is_kept_without_what_no_one_can_type(visitor, link, cle, fields):
    nasty = NASTY.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    response = visitor.fill(link, cle, dict.fromkeys(fields, nasty))
    assert response.status_code in {200, 302}
    stored = Dossier.objects.get().reponses
    assert not any("\x00" in str(value) or "\u200b" in str(value) for value in stored.values())
    for path in (link, f"{link}relecture/", f"{link}apercu/", f"{link}{cle}/"):
        page = visitor.get(path)
        assert page.status_code == 200
        assert "<script>alert(1)</script>" not in page.content.decode()


def test_ten_thousand_characters_are_kept_with_a_message_beside_the_field(visitor, link):
    long = "é" * 10_000
    response = visitor.fill(link, "innovation", {**INNOVATION, "description": long})
    assert list(response.context["form"].errors) == ["description"]
    assert Dossier.objects.get().reponses["description"] == long
    assert visitor.fill(link, "innovation", {"titre": "x" * 300_000}).status_code == 200
    assert Dossier.objects.get().reponses["titre"] == INNOVATION["titre"]


def test_twelve_thousand_fields_are_a_400_in_french(visitor, link):
    response = visitor.post(f"{link}innovation/", {f"champ{n}": "x" for n in range(12_000)})
    assert response.status_code == 400
    assert 'lang="fr"' in text(response)


def test_a_criterion_with_a_number_that_no_table_holds_is_told_beside_the_grid(visitor, link):
    for number in ("9" * 25, "-1", "x"):
        response = visitor.fill(link, "caracterisation", {"criteres": [number]})
        assert list(response.context["form"].errors) == ["criteres"]
        assert visitor.get(f"{link}relecture/").status_code == 200


def test_html_reaches_the_fiche_as_the_text_that_was_typed(visitor, link):
    visitor.fill_in_all(link)
    visitor.fill(link, "innovation", {**INNOVATION, "description": "<b onclick=x()>Gras</b>\n\n<script>x()</script>"})
    visitor.post(f"{link}envoyer/")
    block = re.sub(r' data-block-key="\w+"', "", FichePage.objects.get().corps[1].value.source)
    assert (
        block
        == "<h3>L’innovation</h3><p>&lt;b onclick=x()&gt;Gras&lt;/b&gt;</p><p>&lt;script&gt;x()&lt;/script&gt;</p>"
    )


def test_readable_text_keeps_words_and_lines():
    assert clean_answer_text("a\x00b\u200bc\r\nd\ud800\ufeff") == "abc\nd"
    assert clean_answer_text("\u3164\u2060\U000e0041\u115f").strip() == ""
    assert clean_answer_text("e\u0301te\u0301") == "été"
    assert rich_text("un\ndeux\n\ntrois") == "<p>un<br>deux</p><p>trois</p>"


@pytest.mark.parametrize("value", ["x@y.test\nBcc: z@y.test", "pas-une-adresse", "", "a" * 300 + "@y.test"])
def test_a_wrong_address_sends_nothing_and_stays_in_its_field(visitor, value, mailoutbox):
    mark = visitor.get("/candidature/").context["form"]["depart"].value()
    response = visitor.post("/candidature/", {"courriel": value, "depart": mark})
    assert list(response.context["form"].errors) == ["courriel"]
    assert (Dossier.objects.count(), len(mailoutbox)) == (0, 0)


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("vache.jpg", b"<script>", content_type="image/jpeg"),
        SimpleUploadedFile("vache.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml"),
        SimpleUploadedFile("vache.jpg", truncated(picture()), content_type="image/jpeg"),
        SimpleUploadedFile("vide.png", b"", content_type="image/png"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_beside_its_field_and_the_text_kept(visitor, link, file):
    response = visitor.fill(link, "images", {"photo": file, "photo_alt": "Une vache"})
    assert response.status_code == 200
    assert list(response.context["form"].file_errors) == ["photo"]
    assert PieceJointe.objects.count() == 0
    assert Dossier.objects.get().reponses["photo_alt"] == "Une vache"


def test_of_several_documents_the_one_that_is_refused_is_named(visitor, link):
    names = ("devis.pdf", "plan.pdf")
    files = [SimpleUploadedFile(name, b"<html>", content_type="application/pdf") for name in names]
    response = visitor.fill(link, "images", {"document": files})
    told = response.context["form"].file_errors["document"]
    assert [message.split(" – ")[0] for message in told] == ["devis.pdf", "plan.pdf"]
    assert "<title>Erreur – " in response.content.decode().replace("\n", "")


def test_what_is_missing_is_told_after_the_answer_it_is_asked_in(visitor, link):
    page = text(visitor.get(f"{link}relecture/"))
    assert "publiée sous forme de fiche, sur ce site et sur ceux des partenaires.</a> – " in page


def test_a_document_that_lies_about_its_type_is_refused(visitor, link):
    file = SimpleUploadedFile("devis.pdf", b"<html>", content_type="application/pdf")
    response = visitor.fill(link, "images", {"document": file})
    assert list(response.context["form"].file_errors) == ["document"]


def test_an_applicant_s_document_loses_its_author_and_the_applicant_is_told_so_beforehand(visitor, link):
    assert "retire du fichier le nom de l’auteur" in text(visitor.get(f"{link}images/"))
    file = SimpleUploadedFile("budget.docx", DOCUMENTS_WITH_AUTHOR["dossier.docx"])
    page = {"document": file, "revision": 0}
    payload = visitor.post(f"{link}images/", page, headers={"accept": "application/json"}).json()
    assert payload["fichiers"]["document"]["gardes"] == ["budget.docx"]
    with PieceJointe.objects.get().fichier.open("rb") as stored:
        assert b"Marqueur" not in everything_in(stored.read())


def test_a_photo_is_stored_without_where_it_was_taken(visitor, link):
    sent = SimpleUploadedFile("vache.jpg", jpeg_with_position(), content_type="image/jpeg")
    visitor.fill(link, "images", {"photo": sent, "photo_alt": "Une vache"})
    piece = PieceJointe.objects.get()
    assert SECRET not in piece.fichier.open("rb").read()
    assert "vache" not in piece.fichier.name


def test_a_form_sent_faster_than_a_person_reads_is_shown_again_with_its_text(visitor, monkeypatch):
    monkeypatch.setattr(throttle, "MINIMUM", 2.0)
    mark = visitor.get("/candidature/").context["form"]["depart"].value()
    response = visitor.post("/candidature/", {"courriel": "jeanne@tilleuls.test", "depart": mark})
    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one("#erreurs-titre").text == "Le formulaire n’est pas encore envoyé"
    assert [line.text for line in page.select("#erreurs li")] == [TOO_FAST]
    assert 'value="jeanne@tilleuls.test"' in text(response)
    assert Dossier.objects.count() == 0


def test_who_took_the_time_to_read_corrects_at_once(visitor, monkeypatch):
    monkeypatch.setattr(throttle, "MINIMUM", 2.0)
    mark = signing.dumps(time.time() - 10, salt=throttle.SALT)
    response = visitor.post("/candidature/", {"courriel": "jeanne", "depart": mark})
    assert (
        BeautifulSoup(response.content, "html.parser").select_one("#erreurs-titre").text
        == "Des réponses sont à corriger"
    )
    assert TOO_FAST not in text(response)
    kept = response.context["form"]["depart"].value()
    assert visitor.post("/candidature/", {"courriel": "jeanne@tilleuls.test", "depart": kept}).status_code == 302


@pytest.mark.parametrize("mark", ["", "faux", "1:2:3"])
def test_a_form_without_our_mark_is_not_believed(visitor, mark):
    visitor.post("/signaler/", {"organisation": "x", "innovation": "y", "depart": mark})
    assert Signalement.objects.count() == 0


def ask(visitor, n, **options):
    mark = throttle.start_mark()
    return visitor.post(
        "/candidature/", {"courriel": f"a{n}@x.test", "depart": mark, **options.pop("more", {})}, **options
    )


def test_a_source_that_insists_is_told_to_wait(visitor):
    assert [ask(visitor, n).status_code for n in range(20)] == [302] * 20
    refused = ask(visitor, 20)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "a20@x.test" in text(refused)
    assert ask(visitor, 1, headers={"X-Forwarded-For": "9.9.9.9"}).status_code == 429
    assert ask(visitor, 21, REMOTE_ADDR="203.0.113.9").status_code == 302
    assert Dossier.objects.count() == 21


def test_what_is_refused_for_its_values_is_not_counted(visitor):
    refused = [ask(visitor, n, more={"courriel": "jeanne"}) for n in range(21)]
    assert {each.status_code for each in refused} == {200}
    assert ask(visitor, 21).status_code == 302


@pytest.mark.parametrize(
    ("addresses", "last"),
    [
        ([f"2001:db8:1:2::{n:x}" for n in range(21)], 429),
        ([f"2001:db8:1:{n:x}::1" for n in range(21)], 302),
        ([f"::ffff:198.51.100.{n}" for n in range(21)], 302),
        (["unknown"] * 21, 429),
    ],
    ids=["one /64", "many /64", "IPv4 in IPv6", "no address"],
)
def test_a_network_counts_as_one_source(visitor, addresses, last):
    answers = [ask(visitor, n, REMOTE_ADDR=address) for n, address in enumerate(addresses)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [last]


def test_one_address_is_not_flooded_with_mail(visitor, mailoutbox):
    mark = visitor.get("/candidature/").context["form"]["depart"].value()
    for n in range(8):
        visitor.post("/candidature/", {"courriel": "jeanne@x.test", "depart": mark}, REMOTE_ADDR=f"203.0.113.{n}")
    assert [message.to for message in mailoutbox] == [["jeanne@x.test"]]


def test_the_forms_work_without_the_counters(visitor, monkeypatch, rf):
    class Down:
        def add(self, *args, **kwargs):
            raise ConnectionError

    monkeypatch.setattr(throttle, "cache", Down())
    assert visitor.ask_for_link("jeanne@tilleuls.test") != []
    assert throttle.count(rf.get("/"), "api") == 0


def test_a_photo_with_a_photo_of_another_dossier_is_not_served(visitor, link):
    visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
    cle = PieceJointe.objects.get().cle
    [other] = visitor.ask_for_link("autre@exemple.test")
    assert visitor.get(f"{link}fichier/{cle}/").status_code == 200
    assert visitor.get(f"{other}fichier/{cle}/").status_code == 404
