"""What an erasure leaves: nothing on any public address, no empty field that must be filled, no common word cut, and a list for
the staff of all that only people can judge."""

import json

import pytest
from django.core.files.base import ContentFile
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Revision

from fiches.models import FichePage, Partenaire, Publication
from fiches.upkeep.personal_data.erasure import erase_and_list, erase_person
from fiches.upkeep.personal_data.identification import find_person
from home.models import LienDePied, Navigation
from tests.factories import (
    CarnetPageFactory,
    ContentPageFactory,
    EtapePageFactory,
    FichePageFactory,
    PartenaireFactory,
)
from tests.pictures import picture

pytestmark = pytest.mark.django_db
NAME = "Ségolène d’Éprémont"


@pytest.fixture
def erased_text(tree):
    """``erased_text(text, name)`` erases ``name`` and returns what a text says then, and what is listed for the staff."""

    def after(text, name=NAME):
        page = ContentPageFactory(parent=tree.home, introduction="Ici.", corps=[("texte", text)])
        page.save_revision().publish()
        by_hand, _counts = erase_and_list(find_person("", name))
        page.refresh_from_db()
        return page.corps[0].value.source, [each for each in by_hand if each.pk == page.pk] != []

    return after


# --- What the public reads --------------------------------------------------------------------------------------------


def test_the_credit_of_a_photo_leaves_every_public_address_at_once(client, tree, django_capture_on_commit_callbacks):
    photo = get_image_model().objects.create(
        title="La cour", credit="Ferdinand Quicampoix", file=ContentFile(picture(), name="a.jpg")
    )
    fiche = FichePageFactory(parent=tree.fiches, slug="la-fruitiere", photo=photo, photo_alt="La cour")
    fiche.save_revision().publish()
    addresses = [
        *("/api/v1/fiches", "/api/v1/fiches/la-fruitiere", "/fiches/flux.atom", "/fiches/flux.json"),
        *("/fiches/la-fruitiere/", "/fiches/la-fruitiere/fiche.md"),
    ]
    said = [client.get(address).content.decode() for address in addresses]
    assert "Quicampoix" in said[1]
    with django_capture_on_commit_callbacks(execute=True):
        erase_person("", "Ferdinand Quicampoix")
    assert [address for address in addresses if "Quicampoix" in client.get(address).content.decode()] == []


def test_the_credit_of_a_picture_in_a_text_leaves_the_api_and_the_feeds_at_once(
    client, tree, django_capture_on_commit_callbacks
):
    photo = get_image_model().objects.create(
        title="La cour", credit="Ferdinand Quicampoix", file=ContentFile(picture(), name="a.jpg")
    )
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
        *("/api/v1/fiches", "/api/v1/fiches/p0", "/fiches/flux.json", "/fiches/flux.atom", "/fiches/p0/fiche.md"),
        *("/api/v1/carnets", "/api/v1/carnets/p1", "/carnets/flux.json", "/carnets/flux.atom", "/carnets/p1/"),
        *("/api/v1/etapes", "/api/v1/etapes/p2", "/etapes/flux.atom", "/etapes/p2/", "/fiches/p0/"),
    ]
    said = [address for address in addresses if "Quicampoix" in client.get(address).content.decode()]
    assert {"/api/v1/fiches/p0", "/api/v1/carnets/p1", "/etapes/p2/"} <= set(said)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person("", "Ferdinand Quicampoix")
    assert [address for address in addresses if "Quicampoix" in client.get(address).content.decode()] == []


def test_the_title_of_a_document_leaves_the_text_of_the_fiche_that_offers_it(
    client, tree, django_capture_on_commit_callbacks
):
    model = get_document_model()
    note = model.objects.create(title="Note de Ferdinand Quicampoix", file=ContentFile(b"Bonjour", name="a.txt"))
    with django_capture_on_commit_callbacks(execute=True):
        fiche = FichePageFactory(parent=tree.fiches, corps=[("document", {"document": note, "titre": ""})])
        fiche.save_revision().publish()
    assert "Quicampoix" in Publication.objects.get(kind="fiche").text
    with django_capture_on_commit_callbacks(execute=True):
        erase_person("", "Ferdinand Quicampoix")
    assert "Quicampoix" not in "".join(Publication.objects.values_list("text", flat=True))
    assert client.get("/api/v1/recherche?q=quicampoix").json()["count"] == 0


# --- Spellings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Merci à Ségolène d’ Éprémont.", "Merci à –."),
        ("Merci à Ségolène d' Épremont.", "Merci à –."),
        ("Voir Éprémont, Ségolène d’ ; Dupont, Jean.", "Voir – ; Dupont, Jean."),
        ("Voir ÉPRÉMONT Ségolène d’.", "Voir –."),
        ("Voir d’Éprémont, Ségolène.", "Voir –."),
    ],
)
def test_a_particle_is_read_wherever_it_is_written(erased_text, said, left):
    assert erased_text(f"<p>{said}</p>") == (f"<p>{left}</p>", False)


def test_a_name_with_a_particle_of_its_own_word_is_read_after_the_first_name(erased_text):
    assert (
        erased_text("<p>Voir La Tour, Jean de ; Dupont, Jean.</p>", "Jean de La Tour")[0]
        == "<p>Voir – ; Dupont, Jean.</p>"
    )


@pytest.mark.parametrize(
    "said",
    [
        '<a href="https://x.test/~segolene.d.epremont/">Son site</a>.',
        '<a href="https://x.test/equipe/segolene-depremont-directrice">Son site</a>.',
        "Voir x.test/epremont_segolene_d.",
        "Avec Ségolène-d’Éprémont.",
        "Avec <i>d’Éprémont</i> (Ségolène).",
        "Avec S. d’Éprémont et Ségolène d’Éprémont.",
    ],
)
def test_what_may_name_the_person_is_listed_for_the_staff(erased_text, said):
    _left, is_listed = erased_text(f"<p>{said}</p>")
    assert is_listed


def test_addresses_that_spell_the_name_are_listed_wherever_they_stand(tree):
    navigation, _new = Navigation.objects.get_or_create(site=tree.site)
    link = LienDePied.objects.create(navigation=navigation, libelle="Site", adresse="https://x.test/segolene-depremont")
    redirect = Redirect.objects.create(old_path="/segolene-depremont", redirect_link="https://y.test/")
    fiche = FichePageFactory(
        parent=tree.fiches, corps=[("video", {"titre": "Le four", "adresse": "https://v.test/segolenedepremont"})]
    )
    by_hand, _counts = erase_and_list(find_person("", NAME))
    listed = {str(each.pk) for each in by_hand}
    assert {str(link.pk), str(redirect.pk), str(fiche.pk)} <= listed


# --- What stays -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<p>Un mur en pierre</p><p>Bois de chauffe, et de la paille.</p>",
        "<p>Il habite rue du Bois, Pierre Martin et Paul aussi.</p>",
        "<p>Rendez-vous rue du Bois, Pierre vous attend.</p>",
        "<p>Une pierre bois brut.</p>",
        "<p>Écrire à pierre.bois@exemple.fr.example.org.</p>",
        "<p>Jean-Pierre Bois et Pierre Bois-Martin.</p>",
    ],
)
def test_common_words_places_and_other_people_stay(erased_text, text):
    person_s = find_person("pierre.bois@exemple.fr", "Pierre Bois")
    assert person_s.forget_in(text) == text
    assert erased_text(text, "Pierre Bois")[0] == text


def test_the_name_of_an_organisation_stays_and_is_listed(tree):
    same = PartenaireFactory(nom=NAME, sigle="", contact_nom=NAME, contact_courriel="s@x.test")
    short = PartenaireFactory(nom="Un atelier", sigle="Ségolène d’Éprémont")
    by_hand, _counts = erase_and_list(find_person("s@x.test", NAME))
    assert list(Partenaire.objects.order_by("pk").values_list("nom", "sigle", "contact_nom")) == [
        (NAME, "", ""),
        ("Un atelier", "Ségolène d’Éprémont", short.contact_nom),
    ]
    assert {str(same.pk), str(short.pk)} <= {str(each.pk) for each in by_hand}


# --- What must not become empty ---------------------------------------------------------------------------------------


def test_a_field_that_was_only_the_name_says_so_where_a_text_is_needed(tree):
    fiche = FichePageFactory(
        parent=tree.fiches,
        organisation=NAME,
        corps=[
            ("video", {"titre": NAME, "adresse": "https://v.test/1"}),
            ("texte", f"<p>{NAME}</p>"),
        ],
    )
    fiche.save_revision().publish()
    erase_person("", NAME)
    for page in (FichePage.objects.get(), FichePage.objects.get().get_latest_revision_as_object()):
        assert (page.organisation, page.corps[0].value["titre"]) == ("nom effacé", "nom effacé")
        page.full_clean()
    assert not Revision.objects.filter(content__icontains="premont").exists()


def test_an_optional_field_that_was_only_the_name_is_empty(tree):
    photo = get_image_model().objects.create(title="La cour", credit=NAME, file=ContentFile(picture(), name="a.jpg"))
    erase_person("", NAME)
    photo.refresh_from_db()
    assert photo.credit == ""
