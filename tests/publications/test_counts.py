"""What the register counts for the pages: always what counting the public fiches would give, and no query more with a hundred."""

import datetime

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from fiches.models import FicheCritere, FichePage, Publication, PublicationCount
from fiches.publications import ledger
from tests.factories import (
    CritereFactory,
    EditionFactory,
    EtapePageFactory,
    FichePageFactory,
    GrillePageFactory,
    PartenaireFactory,
)

pytestmark = pytest.mark.django_db


def kept():
    rows = PublicationCount.objects.values_list("facet", "value").annotate(number=Sum("number"))
    return {(facet, value): number for facet, value, number in rows if number}


def rebuilt():
    before = kept()
    ledger.rebuild()
    after = kept()
    return before, after


def number_of(facet, value):
    facets = Client().get("/api/v1/facettes").json()["facettes"]
    values = next((each["valeurs"] for each in facets if each["parametre"] == facet), [])
    return next((each["nombre"] for each in values if each["valeur"] == value), 0)


def test_the_kept_numbers_follow_each_change(tree):
    fiche = FichePageFactory(parent=tree.fiches, sphere="ess", commune_id="25056", edition=EditionFactory())
    other = FichePageFactory(parent=tree.fiches, sphere="ess", partenaire=PartenaireFactory())
    assert kept()["sphere", "ess"] == 2
    fiche.fiche_criteres = [FicheCritere(tag=CritereFactory()) for _number in range(2)]
    fiche.sphere, fiche.effectif = "classique", 12
    fiche.save_revision().publish()
    assert (kept()["sphere", "ess"], kept()["sphere", "classique"], kept()["tranche", "10-19"]) == (1, 1, 1)
    other.unpublish()
    assert ("sphere", "ess") not in kept()
    assert kept()["all", "all"] == 1
    before, after = rebuilt()
    assert before == after
    PageViewRestriction.objects.create(page=tree.fiches, restriction_type="login")
    assert kept() == {}


def test_a_fiche_that_moves_or_goes_is_counted_where_it_is(tree, django_capture_on_commit_callbacks):
    fiche = FichePageFactory(parent=tree.fiches)
    tree.fiches.slug = "innovations"
    with django_capture_on_commit_callbacks(execute=True):
        tree.fiches.save_revision().publish()
    counted = PublicationCount.objects.filter(facet="all", value="all", number__gt=0)
    assert list(counted.values_list("url_path", "number")) == [("/accueil/innovations/", 1)]
    FichePage.objects.get(pk=fiche.pk).delete()
    assert kept() == {}


def test_an_expired_fiche_is_not_counted_though_nothing_was_written(tree):
    fiche = FichePageFactory(parent=tree.fiches, sphere="ess")
    FichePageFactory(parent=tree.fiches, sphere="ess")
    assert number_of("sphere", "ess") == 2
    passed = timezone.now() - datetime.timedelta(minutes=1)
    Publication.objects.filter(object_id=fiche.pk).update(expires_at=passed)
    FichePage.objects.filter(pk=fiche.pk).update(expire_at=passed)
    ledger.version.touch()
    assert number_of("sphere", "ess") == 1
    assert Client().get("/api/v1/fiches").json()["count"] == 1


ADDRESSES = (
    *("/", "/fiches/", "/fiches/?departement=25", "/fiches/?q=verger", "/fiches/verger/", "/grille/", "/etapes/dole/"),
    *("/recherche/?q=verger", "/api/v1/fiches", "/api/v1/fiches/verger", "/api/v1/facettes", "/fiches/flux.atom"),
)


def statements(address):
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


def test_no_page_asks_more_among_a_hundred_fiches(tree):
    GrillePageFactory(parent=tree.home, slug="grille")
    criteria = [CritereFactory() for _number in range(3)]
    common = {"commune_id": "25056", "sphere": "ess", "effectif": 3, "edition": EditionFactory(), "chapo": "Un verger."}
    fiches = FichePageFactory.create_batch(29, parent=tree.fiches, **common)
    fiches.append(FichePageFactory(parent=tree.fiches, slug="verger", title="Le verger", **common))
    FicheCritere.objects.bulk_create(
        FicheCritere(content_object=fiche, tag=tag) for fiche in fiches for tag in criteria
    )
    EtapePageFactory(parent=tree.etapes, slug="dole", title="Dole")
    ledger.rebuild()
    few = {address: statements(address) for address in ADDRESSES}
    FichePageFactory.create_batch(70, parent=tree.fiches, **common)
    assert {address: statements(address) for address in ADDRESSES} == few
