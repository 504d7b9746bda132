"""However a person's name, address and phone are spelt in what is published, the public reads them nowhere after the erasure."""

import re
import unicodedata
from html import unescape
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision

from etapes.models import Inscription
from fiches.models import FichePage
from fiches.upkeep.personal_data.erasure import erase_and_list, erase_person, mentions_of
from fiches.upkeep.personal_data.identification import find_person
from fiches.upkeep.personal_data.person import Person
from home.models import LienDePied, Navigation, Reference
from tests.batch_indexing import batch_indexing
from tests.conftest import reload_record
from tests.factories import BibliographiePageFactory, EtapePageFactory, FichePageFactory, PartenaireFactory
from tests.pictures import picture
from tests.test_personal_data_screen import SCREEN, officer, words

NAME, MAIL, PHONE = "Ottilie Zqpublicà", "ottilie.zqpublica@example.org", "06 12 98 76 54"
ZERO_WIDTH, SOFT_HYPHEN = "\u200b", "\u00ad"

pytestmark = pytest.mark.django_db
__all__ = ["officer"]

SPELLINGS = {
    "a name partly bold": ("Merci à <b>Ottilie</b> Zqpublicà.", "Merci à <b>–</b>."),
    "a name half in a link": (
        'Merci à <a href="https://x.test/">Ottilie</a> Zqpublicà.',
        'Merci à <a href="https://x.test/">–</a>.',
    ),
    "letters in bold": ("Merci à Ottilie Zq<b>pub</b>licà.", "Merci à –."),
    "a name over two lines": ("Merci à Ottilie<br/>Zqpublicà.", "Merci à –<br/>."),
    "an address partly bold": ("Écrire à ottilie.<b>zqpublica</b>@example.org.", "Écrire à –."),
    "a phone partly bold": ("Appeler le 06 12 <b>98 76</b> 54.", "Appeler le –."),
    "a phone with brackets within": ("Appeler le (06) 12 98 76 54.", "Appeler le –."),
    "a phone of abroad with brackets": ("Appeler le (+33) 6 12 98 76 54.", "Appeler le –."),
    "a phone in brackets": ("Appeler Marie (06 12 98 76 54).", "Appeler Marie (–)."),
    "an international phone": ("Appeler le +33 (0)6.12.98.76.54.", "Appeler le –."),
    "a name in entities": ("Merci à Ottilie&nbsp;Zqpublic&agrave;.", "Merci à –."),
    "the surname first": ("Voir ZQPUBLICÀ, Ottilie ; Dupont, Jean.", "Voir – ; Dupont, Jean."),
    "decomposed letters": (unicodedata.normalize("NFD", "Merci à Ottilie Zqpublicà."), "Merci a\u0300 –."),
    "no accents": ("Merci à OTTILIE ZQPUBLICA.", "Merci à –."),
    "characters that nobody sees": (f"Merci à Otti{SOFT_HYPHEN}lie Zqpub{ZERO_WIDTH}licà.", "Merci à –."),
    "an address that nobody sees cut": (
        f"Écrire à ottilie.{ZERO_WIDTH}zqpublica@exam{SOFT_HYPHEN}ple.org.",
        "Écrire à –.",
    ),
    "a link that writes": ('<a href="mailto:ottilie.zqpublica@example.org">Écrire</a> vite.', "Écrire vite."),
    "a coded link that writes": (
        '<a href="mailto:ottilie.zqpublica%40example.org?subject=a">Écrire</a> vite.',
        "Écrire vite.",
    ),
    "a link that calls": ('<a href="tel:+33612987654">06 12 98 76 54</a> le soir.', "– le soir."),
    "a link in a link": (
        '<a href="https://x.test/?de=Ottilie%20Zqpublic%C3%A0"><b>Voir</b></a> là.',
        "<b>Voir</b> là.",
    ),
}
SOMEBODY_ELSE = {
    "a longer name": "Merci à Ottilie Zqpublicare et Ottilien Zqpublicà.",
    "two people": "Avec Claude Zqpublicà, Ottilie Durand.",
    "another address": "Écrire à anne.ottilie.zqpublica@example.org.",
    "words apart": "Zqpublicà est un lieu ; Ottilie aussi.",
    "a hyphen before": "Merci à Anne-Ottilie Zqpublicà.",
    "a hyphen after": "Merci à Ottilie Zqpublicà-Martin.",
    "a list of places": "Ottilie, Zqpublicà et Gray.",
    "a sentence that begins": "Ottilie zqpublicà est une plante.",
    "an elided article": "Pour eux, l’ottilie zqpublicà compte.",
    "common words": "Un mur zqpublicà, ottilie et blanc ; le zqpublicà ottilie.",
}


@pytest.fixture
def publish_texts(tree):
    """Publishes a fiche for each text."""

    def publish(*texts):
        with batch_indexing():
            fiches = [
                FichePageFactory(
                    parent=tree.fiches,
                    title=f"La recette {number}",
                    chapo="Un pain.",
                    corps=[("texte", f"<p>{text}</p>")],
                )
                for number, text in enumerate(texts)
            ]
            for fiche in fiches:
                fiche.save_revision().publish()
                fiche.save_revision()
        return [reload_record(fiche) for fiche in fiches]

    return publish


def known():
    PartenaireFactory(contact_nom=NAME, contact_courriel=MAIL, contact_telephone=PHONE)


def body(fiche):
    [block] = reload_record(fiche).corps.get_prep_value()
    return block["value"]


def test_a_person_is_read_nowhere_however_they_were_written(
    client, officer, publish_texts, django_capture_on_commit_callbacks
):
    """The screen shows each spelling before, and nothing after."""
    written, left = zip(*SPELLINGS.values(), strict=True)
    known()
    fiches = publish_texts(*written)
    for fiche in fiches:
        Client().get(f"/api/v1/fiches/{fiche.slug}")
    before = words(client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "chercher"}))
    assert [fiche.title for fiche in fiches if f"Fiche : {fiche.title} " not in before] == []
    confirmed = {"courriel": MAIL, "noms": [NAME], "confirmation": MAIL, "action": "effacer"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(SCREEN, follow=True, data=confirmed)
    after = words(client.post(SCREEN, follow=True, data={"courriel": MAIL, "nom": NAME, "action": "chercher"}))
    assert "Le site ne conserve rien sur cette personne." in after
    reader = Client()
    assert [body(fiche) for fiche in fiches] == [f"<p>{text}</p>" for text in left]
    for fiche in fiches:
        revisions = Revision.objects.for_instance(fiche).values_list("content__corps", flat=True)
        assert not [each for each in revisions if Person(MAIL, {NAME}, {PHONE}).is_in(each)]
        main = BeautifulSoup(reader.get(fiche.url).content, "html.parser").main
        for answer in (main.get_text(""), str(main), reader.get(f"/api/v1/fiches/{fiche.slug}").content.decode()):
            assert not re.search('zq.{0,3}pub|ottilie|98 ?76|129876|mailto:["–]', answer, re.IGNORECASE)
    assert reader.get("/api/v1/fiches", {"q": "zqpublica"}).json()["count"] == 0
    assert list(Page.objects.search("zqpublica")) == list(Page.objects.search("ottilie")) == []


def test_somebody_else_s_name_stays(publish_texts):
    known()
    fiches = publish_texts(*SOMEBODY_ELSE.values())
    erase_person(MAIL, NAME)
    assert [body(fiche) for fiche in fiches] == [f"<p>{text}</p>" for text in SOMEBODY_ELSE.values()]


def test_the_address_of_a_page_that_spells_the_name_is_left_to_the_staff(tree):
    known()
    fiche = FichePageFactory(parent=tree.fiches, title="Le fournil", slug="le-fournil-d-ottilie-zqpublica")
    assert {m.pk for m in mentions_of(find_person(MAIL, NAME)) if m.by_hand} == {fiche.pk}
    erase_person(MAIL, NAME)
    assert FichePage.objects.get(pk=fiche.pk).slug == "le-fournil-d-ottilie-zqpublica"
    assert {m.pk for m in mentions_of(find_person(MAIL, NAME)) if m.by_hand} == {fiche.pk}


def test_a_sub_address_of_the_person_s_mail_is_left_to_the_staff(tree):
    publish_texts, other = (
        FichePageFactory(parent=tree.fiches, chapo=f"Écrire à {address}.")
        for address in ("ottilie.zqpublica+liste@example.org", "ottilie.zqpublica+liste@autre.example")
    )
    assert {(m.pk, m.by_hand) for m in mentions_of(find_person(MAIL))} == {(publish_texts.pk, True)}
    by_hand, _counts = erase_and_list(find_person(MAIL))
    assert [each for each in by_hand if each.pk == publish_texts.pk]
    assert FichePage.objects.get(pk=publish_texts.pk).chapo == "Écrire à ottilie.zqpublica+liste@example.org."


@pytest.mark.parametrize("courriel", ["autre@example.org", MAIL, ""])
def test_a_contact_of_the_same_name_with_another_address_is_left_to_the_staff(courriel, tree):
    known()
    same = PartenaireFactory(nom="Ici", contact_nom=NAME, contact_courriel=courriel, contact_fonction="Trésorière")
    person = find_person(MAIL, NAME)
    assert {m.by_hand for m in mentions_of(person) if m.pk == same.pk} == {courriel == "autre@example.org"}
    erase_person(MAIL, NAME)
    same.refresh_from_db()
    kept = (NAME, "Trésorière", courriel) if courriel == "autre@example.org" else ("", "", "")
    assert (same.contact_nom, same.contact_fonction, same.contact_courriel) == kept


@pytest.mark.parametrize(
    ("name", "written"),
    [("Anne d’Arc", "Anne d'Arc"), ("Anne d'Arc", "Anne d’Arc"), ("Marie Claire Œuvrard", "Marie-Claire Oeuvrard")],
)
def test_apostrophes_hyphens_and_ligatures_are_read_alike(publish_texts, name, written):
    [fiche] = publish_texts(f"Avec {written}.")
    erase_person("", name)
    assert body(fiche) == "<p>Avec –.</p>"


def test_an_author_of_the_bibliography_goes_and_the_others_stay(client, tree):
    page = BibliographiePageFactory(parent=tree.home)
    Reference.objects.create(titre="Le pain", auteurs="Zqpublicà, Ottilie; Dupont, Jean")
    erase_person("", NAME)
    assert Reference.objects.get().auteurs == "–; Dupont, Jean"
    assert "zqpublic" not in client.get(page.url).content.decode().lower()


def test_an_initial_is_shown_to_be_looked_at_by_hand(client, officer, tree):
    work = Reference.objects.create(titre="Le pain", auteurs="Zqpublicà, O.; Dupont, Jean")
    page_text = words(client.post(SCREEN, follow=True, data={"nom": NAME, "action": "chercher"}))
    assert "Zqpublicà, O.; Dupont, Jean" in page_text
    receipt = words(client.post(SCREEN, follow=True, data={"nom": NAME, "confirmation": NAME, "action": "effacer"}))
    assert "À regarder à la main" in receipt and f"Référence : {work}" in receipt
    work.refresh_from_db()
    assert work.auteurs == "Zqpublicà, O.; Dupont, Jean"


@pytest.mark.parametrize(
    "columns",
    [
        {"old_path": f"/contact/{MAIL}", "redirect_link": "https://x.test/"},
        {"old_path": "/contact/ottilie.zqpublica%40example.org", "redirect_link": "https://x.test/"},
        {"old_path": "/contact", "redirect_link": f"mailto:{MAIL}"},
        {"old_path": "/contact", "redirect_link": "https://x.test/?nom=Ottilie+Zqpublica"},
    ],
)
def test_a_redirect_that_names_the_person_goes(client, columns):
    Redirect.objects.create(**columns)
    Redirect.objects.create(old_path="/autre", redirect_link="https://autre.test/")
    erase_person(MAIL, NAME)
    assert list(Redirect.objects.values_list("old_path", flat=True)) == ["/autre"]


def test_a_link_of_the_footer_that_writes_to_the_person_goes_from_every_page(client, tree):
    navigation, _new = Navigation.objects.get_or_create(site=tree.site)
    LienDePied.objects.create(navigation=navigation, libelle="Écrire", adresse=f"https://x.test/?to={MAIL}")
    LienDePied.objects.create(navigation=navigation, libelle=NAME, adresse="https://y.test/")
    known()
    erase_person(MAIL, NAME)
    page = client.get("/").content.decode()
    assert MAIL not in page and NAME not in page
    assert re.search(r'href="https://y.test/"[^>]*>\s*https://y.test/\s*<', page)


def test_a_document_is_in_the_receipt_by_its_file_s_name_or_the_text_of_a_file_that_no_page_offers(client, officer):
    def document(name, text=b"texte"):
        return get_document_model().objects.create(title=f"Plan {name[0]}", file=ContentFile(text, name=name))

    document("cv-ottilie_zqpublica.txt")
    document("b.txt", "Par Ottilie Zqpublicà".encode())
    document("d.txt")
    client.post(SCREEN, follow=True, data={"nom": NAME, "action": "chercher"})
    receipt = words(client.post(SCREEN, follow=True, data={"nom": NAME, "confirmation": NAME, "action": "effacer"}))
    assert "Document : Plan c " in receipt and "Texte d’un document : Plan b " in receipt
    assert "Plan d" not in receipt


def test_the_search_of_pictures_finds_an_erased_tag_or_credit_no_more(client, officer, tree):
    photo = get_image_model().objects.create(
        title="La cour", credit=f"Photo {NAME}", file=ContentFile(picture(), name="a.jpg")
    )
    photo.tags.add("Zqpublicà", "fromage")
    call_command("update_index", stdout=StringIO())
    assert "Zqpublicà" in words(client.post(SCREEN, follow=True, data={"nom": NAME, "action": "chercher"}))
    erase_person("", NAME)
    assert list(get_image_model().objects.search("zqpublica")) == []
    assert [each.pk for each in get_image_model().objects.search("fromage")] == [photo.pk]
    assert list(Tag.objects.values_list("name", flat=True)) == ["fromage"]


@pytest.mark.parametrize("given", ["Les Tilleuls", "Innovation Sociale", "Mutuelle du Grand Jour"])
def test_who_may_agree_to_a_name_is_warned_that_the_site_says_it_of_something_else(tree, given, client, officer):
    """Whoever registers may type the name of an organisation."""
    PartenaireFactory(nom="Mutuelle du Grand Jour")
    fiche = FichePageFactory(parent=tree.fiches, organisation="Les Tilleuls", chapo=f"Un texte de {given}.")
    Inscription.objects.create(etape=EtapePageFactory(parent=tree.etapes), nom=given, courriel=MAIL)
    warning = f"«\xa0{given}\xa0» est aussi une organisation ou un mot du site."
    assert warning in unescape(
        client.post(SCREEN, follow=True, data={"courriel": MAIL, "action": "chercher"}).content.decode()
    )
    out = StringIO()
    call_command("effacer_personne", MAIL, stdout=out)
    fiche.refresh_from_db()
    assert (fiche.organisation, fiche.chapo) == ("Les Tilleuls", f"Un texte de {given}.")
    assert warning in out.getvalue() and not Inscription.objects.filter(courriel=MAIL).exists()
