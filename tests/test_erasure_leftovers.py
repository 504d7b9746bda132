"""What an erasure leaves: nothing on any public address, no empty field that must be filled, and a list for the staff of what only
people can judge."""

import json
import re
import unicodedata
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

from fiches.models import FichePage, Publication, TexteDeDocument
from fiches.publications.linked_documents import document_fingerprint
from fiches.upkeep.personal_data.erasure import erase, key_of, replace_in
from fiches.upkeep.personal_data.person import Person
from fiches.upkeep.personal_data.search import find_person, mentions_of
from home.models import LienDePied, Navigation
from tests.conftest import reload_record
from tests.factories import (
    CarnetPageFactory,
    ContentPageFactory,
    EtapePageFactory,
    FichePageFactory,
    PartenaireFactory,
)
from tests.pictures import picture
from tests.screens import SCREEN, words
from tests.screens import officer as officer

pytestmark = pytest.mark.django_db
__all__ = ["officer"]
PUBLIC, PUBLIC_MAIL, PHONE = "Ottilie Zqpublicà", "ottilie.zqpublica@example.org", "06 12 98 76 54"


def image(title, credit=""):
    return get_image_model().objects.create(title=title, credit=credit, file=ContentFile(picture(), name="a.jpg"))


def document(title, name="a.txt"):
    return get_document_model().objects.create(title=title, file=ContentFile(b"texte", name=name))


def search(client, **asked):
    return words(client.post(SCREEN, {**asked, "action": "chercher"}))


def replace_all(*names):
    """Ticks every line of the list."""
    person = find_person("", *names)
    for mention in list(mentions_of(person)):
        replace_in(person, key_of(mention.row))


@pytest.fixture
def contact(tree):
    return PartenaireFactory(nom="Atelier", contact_nom=PUBLIC, contact_courriel=PUBLIC_MAIL, contact_telephone=PHONE)


# --- What the public reads --------------------------------------------------------------------------------------------


def test_a_person_is_read_nowhere_once_the_screen_erased_them(
    client, officer, tree, contact, django_capture_on_commit_callbacks
):
    """`test_erasure_of_names` has all the spellings. The screen shows each text before, and nothing after."""
    texts = {
        "Merci à Ottilie <b>Zqpublicà</b>.": "Merci à –<b></b>.",
        "Écrire à ottilie.zqpublica@example.org.": "Écrire à –.",
        '<a href="tel:+33612987654">06 12 98 76 54</a> le soir.': "– le soir.",
    }
    fiches = [
        FichePageFactory(parent=tree.fiches, title=f"La recette {number}", corps=[("texte", f"<p>{text}</p>")])
        for number, text in enumerate(texts)
    ]
    for fiche in fiches:
        fiche.save_revision().publish()
        fiche.save_revision()
        client.get(f"/api/v1/fiches/{fiche.slug}")
    before = search(client, courriel=PUBLIC_MAIL)
    assert [fiche.title for fiche in fiches if f"Fiche : {fiche.title} " not in before] == []
    asked = {"courriel": PUBLIC_MAIL, "confirmation": PUBLIC_MAIL, "action": "effacer"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(SCREEN, asked)
        ticked = {"courriel": PUBLIC_MAIL, "noms": PUBLIC, "action": "remplacer", "remplacer": key_of(fiches[0])}
        page = words(client.post(SCREEN, ticked))
    assert "Le site ne conserve rien sur cette personne." in page
    reader = Client()
    for fiche, left in zip(map(reload_record, fiches), texts.values(), strict=True):
        [block] = fiche.corps.get_prep_value()
        assert block["value"] == f"<p>{left}</p>"
        revisions = Revision.objects.for_instance(fiche).values_list("content__corps", flat=True)
        assert not [each for each in revisions if Person(PUBLIC_MAIL, {PUBLIC}, {PHONE}).is_in(each)]
        main = BeautifulSoup(reader.get(fiche.url).content, "html.parser").main
        for answer in (main.get_text(""), str(main), reader.get(f"/api/v1/fiches/{fiche.slug}").content.decode()):
            assert not re.search('zq.{0,3}pub|ottilie|98 ?76|129876|mailto:["–]', answer, re.IGNORECASE)
    assert reader.get("/api/v1/fiches", {"q": "zqpublica"}).json()["count"] == 0
    assert list(Page.objects.search("zqpublica")) == list(Page.objects.search("ottilie")) == []


def test_the_credit_of_a_picture_in_a_text_leaves_the_api_and_the_feeds_at_once(
    client, tree, django_capture_on_commit_callbacks
):
    photo = image("La cour", "Ferdinand Quicampoix")
    block = {"image": {"image": photo.pk, "decorative": True, "alt_text": ""}}
    with django_capture_on_commit_callbacks(execute=True):
        for number, (factory, parent) in enumerate(
            ((FichePageFactory, tree.fiches), (CarnetPageFactory, tree.carnets), (EtapePageFactory, tree.etapes))
        ):
            field = "compte_rendu" if factory is EtapePageFactory else "corps"
            page = factory(parent=parent, slug=f"p{number}")
            setattr(page, field, json.dumps([{"type": "image", "value": block}]))
            page.save_revision().publish()
    addresses = [
        *("/api/v1/fiches", "/api/v1/fiches/p0", "/fiches/flux.atom"),
        *("/api/v1/carnets", "/api/v1/carnets/p1", "/carnets/flux.atom", "/carnets/p1/"),
        *("/api/v1/etapes", "/api/v1/etapes/p2", "/etapes/flux.atom", "/etapes/p2/", "/fiches/p0/"),
    ]
    said = [address for address in addresses if "Quicampoix" in client.get(address).content.decode()]
    assert {"/api/v1/fiches/p0", "/api/v1/carnets/p1", "/etapes/p2/"} <= set(said)
    with django_capture_on_commit_callbacks(execute=True):
        replace_all("Ferdinand Quicampoix")
    assert [address for address in addresses if "Quicampoix" in client.get(address).content.decode()] == []


def test_the_title_of_a_document_leaves_the_text_of_the_fiche_that_offers_it(
    client, tree, django_capture_on_commit_callbacks
):
    note = document("Note de Ferdinand Quicampoix")
    with django_capture_on_commit_callbacks(execute=True):
        fiche = FichePageFactory(parent=tree.fiches, corps=[("document", {"document": note, "titre": ""})])
        fiche.save_revision().publish()
    assert "Quicampoix" in Publication.objects.get(kind="fiche").text
    with django_capture_on_commit_callbacks(execute=True):
        replace_all("Ferdinand Quicampoix")
    assert "Quicampoix" not in "".join(Publication.objects.values_list("text", flat=True))
    assert client.get("/api/v1/recherche?q=quicampoix").json()["count"] == 0


def test_a_link_of_the_footer_that_writes_to_the_person_goes_from_every_page(client, tree, contact):
    navigation, _new = Navigation.objects.get_or_create(site=tree.site)
    LienDePied.objects.create(navigation=navigation, libelle="Écrire", adresse=f"https://x.test/?to={PUBLIC_MAIL}")
    LienDePied.objects.create(navigation=navigation, libelle=PUBLIC_MAIL, adresse="https://y.test/")
    erase(find_person(PUBLIC_MAIL))
    page = client.get("/").content.decode()
    assert PUBLIC_MAIL not in page
    assert re.search(r'href="https://y.test/"[^>]*>\s*https://y.test/\s*<', page)


@pytest.mark.parametrize(
    "columns",
    [
        {"old_path": f"/contact/{PUBLIC_MAIL}", "redirect_link": "https://x.test/"},
        {"old_path": "/contact/ottilie.zqpublica%40example.org", "redirect_link": "https://x.test/"},
        {"old_path": "/contact", "redirect_link": f"mailto:{PUBLIC_MAIL}"},
    ],
)
def test_a_redirect_that_names_the_person_goes(client, columns):
    Redirect.objects.create(**columns)
    Redirect.objects.create(old_path="/autre", redirect_link="https://autre.test/")
    erase(find_person(PUBLIC_MAIL))
    assert list(Redirect.objects.values_list("old_path", flat=True)) == ["/autre"]


def test_the_search_of_pictures_finds_an_erased_tag_or_credit_no_more(client, officer, tree):
    photo = image("La cour", f"Photo {PUBLIC}")
    photo.tags.add(PUBLIC, "fromage")
    call_command("update_index", stdout=StringIO())
    assert "Zqpublicà" in search(client, nom=PUBLIC)
    replace_all(PUBLIC)
    assert list(get_image_model().objects.search("zqpublica")) == []
    assert [each.pk for each in get_image_model().objects.search("fromage")] == [photo.pk]
    assert list(Tag.objects.values_list("name", flat=True)) == ["fromage"]


# --- What is left to the staff -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("courriel", ["autre@example.org", PUBLIC_MAIL, ""])
def test_a_contact_of_the_same_name_with_another_address_is_left_to_the_staff(courriel, tree, contact):
    same = PartenaireFactory(nom="Ici", contact_nom=PUBLIC, contact_courriel=courriel, contact_fonction="Trésorière")
    person = find_person(PUBLIC_MAIL)
    is_another = courriel == "autre@example.org"
    assert {m.by_hand for m in mentions_of(person) if m.row.pk == same.pk} == {is_another}
    erase(find_person(PUBLIC_MAIL))
    replace_in(person, key_of(same))
    same.refresh_from_db()
    kept = (PUBLIC, "Trésorière", courriel) if is_another else ("", "", "")
    assert (same.contact_nom, same.contact_fonction, same.contact_courriel) == kept


def test_the_address_of_a_page_a_file_and_the_name_of_an_organisation_stay_and_are_listed(
    client, officer, contact, tree
):
    fiche = FichePageFactory(parent=tree.fiches, title="Le fournil", slug="le-fournil-d-ottilie-zqpublica")
    same = PartenaireFactory(nom=PUBLIC, sigle="", contact_nom=PUBLIC, contact_courriel=PUBLIC_MAIL)
    document("Plan c", "cv-ottilie_zqpublica.txt")
    document("Plan d", "d.txt")
    document(f"CV de {PUBLIC_MAIL}")
    page = words(client.post(SCREEN, {"courriel": PUBLIC_MAIL, "confirmation": PUBLIC_MAIL, "action": "effacer"}))
    left = page.partition("À regarder à la main")[2]
    assert f"Partenaire : {PUBLIC}" in left and "Fiche : Le fournil le-fournil-d-ottilie-zqpublica" in left
    assert "Document : Plan c" in left and "Document : CV de –" in left and "Plan d" not in left
    same.refresh_from_db()
    fiche.refresh_from_db()
    assert (same.nom, same.contact_nom, fiche.slug) == (PUBLIC, "", "le-fournil-d-ottilie-zqpublica")


@pytest.mark.parametrize("text", ["Écrire à eq@x.test.", "Par Éléonore Çède.", "Par Éléonore_Çède."])
def test_the_text_of_a_document_is_found_by_the_address_and_by_the_name_with_accents_apart(text):
    read = document("Plan")
    TexteDeDocument.objects.create(
        document=read.pk, empreinte=document_fingerprint(read), texte=unicodedata.normalize("NFD", text)
    )
    [mention] = mentions_of(find_person("eq@x.test", "Éléonore Çède"))
    assert (mention.row, mention.by_hand) == (read, True)


# --- What must not become empty ------------------------------------------------------------------------------------------


def test_a_field_that_was_only_the_name_says_so_where_a_text_is_needed(tree):
    fiche = FichePageFactory(
        parent=tree.fiches,
        organisation=PUBLIC,
        corps=[("video", {"titre": PUBLIC, "adresse": "https://v.test/1"}), ("texte", f"<p>{PUBLIC}</p>")],
    )
    photo = image("La cour", PUBLIC)
    fiche.save_revision().publish()
    replace_all(PUBLIC)
    for page in (FichePage.objects.get(), FichePage.objects.get().get_latest_revision_as_object()):
        assert (page.organisation, page.corps[0].value["titre"]) == ("nom effacé", "nom effacé")
        page.full_clean()
    assert not Revision.objects.filter(content__icontains="zqpublic").exists()
    photo.refresh_from_db()
    assert photo.credit == ""


def test_partners_are_told_of_no_page_that_an_erasure_leaves_as_it_is(tree):
    page = ContentPageFactory(parent=tree.home)
    before = Publication.objects.get(object_id=page.pk)
    erase(find_person("personne@exemple.test"))
    after = Publication.objects.get(object_id=page.pk)
    assert (after.sequence, after.changed_at) == (before.sequence, before.changed_at)
