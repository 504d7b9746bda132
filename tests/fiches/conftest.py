"""The corpus of the tests of finding: planted once for each module that asks for it."""

import pytest
from django.db import transaction
from django.http import QueryDict
from wagtail.models import Page, Site

from fiches.models import Commune
from fiches.query.fiche_filter import FicheFilter
from home.models import HomePage
from tests.factories import FicheIndexPageFactory, UserFactory
from tests.fiches.corpus import create_corpus


@pytest.fixture(scope="module")
def corpus(django_db_setup, django_db_blocker):
    """``{key: FichePage}``, under /fiches/. Gone after the module; a test's own changes are gone after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        home = Page.get_first_root_node().add_child(instance=HomePage(title="Rally’nov", slug="accueil"))
        Site.objects.filter(is_default_site=True).update(root_page=home)
        Site.clear_site_root_paths_cache()
        yield create_corpus(FicheIndexPageFactory(parent=home))
        transaction.set_rollback(True)


@pytest.fixture
def find(corpus, db):
    """``find("q=…")``: the keys of the fiches found, in order. ``find.filter("q=…")``: the FicheFilter."""
    names = {fiche.pk: key for key, fiche in corpus.items()}

    def ask(query):
        return [names[pk] for pk in FicheFilter.parse(QueryDict(query)).ids]

    ask.filter = lambda query: FicheFilter.parse(QueryDict(query))
    return ask


@pytest.fixture
def partenaire(tree):
    return UserFactory(role="partenaire")


@pytest.fixture
def redaction(tree):
    return UserFactory(role="redaction")


@pytest.fixture
def commune_without_centre(db):
    """Flagey, as if no source had its centre: a commune that is newer than the gazetteer."""
    Commune.objects.filter(pk="25241").update(latitude=None, longitude=None, source="")
    return Commune.objects.get(pk="25241")
