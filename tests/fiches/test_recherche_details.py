"""What a fiche shows beside its text is found by it, and what is hidden again is found no longer."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from fiches.models import FicheFinanceur, FichePage, Mot
from fiches.query.fiche_filter import FicheFilter
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory

pytestmark = pytest.mark.django_db


def ask(text):
    query = QueryDict(mutable=True)
    query["q"] = text
    return FicheFilter.parse(query)


@pytest.fixture(scope="module")
def module_fiche(module_tree, django_db_blocker):
    """The fiche, made once for the module."""
    with module_transaction(django_db_blocker):
        yield create_fiche(read_tree(module_tree))


@pytest.fixture
def fiche(module_fiche, tree):
    return reload_record(module_fiche)


def create_fiche(tree):
    FichePageFactory(parent=tree.fiches, title="Le verger", organisation="Les Bourgeons", chapo="", commune_id="39198")
    fiche = FichePageFactory(
        parent=tree.fiches,
        title="Une organisation partagée",
        organisation="Agrodoubs",
        chapo="L’équipe passe à la semaine de quatre jours, et reçoit 1 200 visiteurs.",
        commune_id="25241",
        code_postal="25330",
        adresse="100, route de Ballandoz",
        site="https://www.agro-doubs.example/accueil",
        siret="73282932000074",
        contact_nom="Georges Bourgon",
        contact_nom_public=True,
        contact_telephone="03 81 86 58 58",
        contact_telephone_public=True,
        contact_courriel="georges@xylophone.example",
        partenaire=PartenaireFactory(nom="Réseau des cuisines"),
        partenaire_contact_nom="Nathalie Bertinot",
        partenaire_contact_public=True,
    )
    fiche.financements.add(FicheFinanceur(partenaire=PartenaireFactory(nom="Fondation Mirabelle", sigle="FMB")))
    fiche.save_revision().publish()
    return fiche


@pytest.mark.parametrize(
    "text",
    [
        "Bourgon", "georges bourgon", "Bertinot", "Mirabelle", "FMB", "25330", "Ballandoz",
        "03 81 86 58 58", "0381865858", "03.81.86.58.58", "03-81-86-58-58", "+33 3 81 86 58 58", "+33(0)381865858",
        "732 829 320 00074", "73282932000074", "732829320", "732 829 320", "732829320 00074",
        "agro-doubs.example", "https://www.agro-doubs.example/", "www.agro-doubs.example",
        "semaine de 4 jours", "semaine de quatre jours", "1200 visiteurs", "1 200 visiteurs",
    ],
)  # fmt: skip
def test_a_detail_that_a_fiche_shows_finds_it(fiche, text):
    search = ask(text)
    assert search.ids == [fiche.pk]
    assert (search.words.corrige, search.words.elargi) == ("", False)


@pytest.mark.parametrize(
    ("digits", "written"), [("17", "dix-sept"), ("22", "vingt-deux"), ("80", "quatre-vingts"), ("100", "cent")]
)
def test_a_number_and_its_words_find_each_other(tree, digits, written):
    in_words = FichePageFactory(parent=tree.fiches, title="Un", chapo=f"Les {written} villages", exemple=False)
    in_digits = FichePageFactory(parent=tree.fiches, title="Deux", chapo=f"Les {digits} villages")
    assert set(ask(f"{digits} villages").ids) == set(ask(f"{written} villages").ids) == {in_words.pk, in_digits.pk}


def test_a_detail_without_consent_is_found_by_nobody(fiche):
    assert (ask("xylophone").ids, ask("xylophone").words.corrige) == ([], "")
    assert not Mot.objects.filter(mot="xylophone").exists()


def test_a_detail_is_found_no_longer_once_its_consent_is_withdrawn(fiche):
    fiche.contact_nom_public = fiche.contact_telephone_public = fiche.partenaire_contact_public = False
    fiche.save_revision().publish()
    assert [fiche.pk in ask(text).ids for text in ("Bourgon", "Georges", "0381865858", "Bertinot")] == [False] * 4
    assert not Mot.objects.filter(mot__in=["bourgon", "georges", "bertinot"]).exists()


def test_an_organiser_of_an_etape_is_found_while_the_contact_is_public(tree, client):
    etape = EtapePageFactory(
        parent=tree.etapes, title="Les vergers", organisateurs=[PartenaireFactory(nom="Le Réseau")]
    )
    link = etape.organisations.get()
    for is_public in (True, False):
        link.contact_nom, link.contact_telephone, link.contact_public = "Yves Lamboley", "03 53 01 00 21", is_public
        etape.organisations.set([link])
        etape.save_revision().publish()
        for text in ("Lamboley", "0353010021"):
            assert ("Les vergers" in client.get("/recherche/", {"q": text}).content.decode()) == is_public


@pytest.mark.parametrize("text", ["1er mars 2024", "mars 2024"])
def test_the_day_when_a_fiche_was_put_online_finds_it(fiche, text):
    assert ask(text).ids != [fiche.pk]
    FichePage.objects.filter(pk=fiche.pk).update(first_published_at=datetime(2024, 3, 1, 12, tzinfo=UTC))
    fiche.refresh_from_db()
    fiche.save_revision().publish()
    assert ask(text).ids == [fiche.pk]
