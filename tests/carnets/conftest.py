"""A road book that pulls in everything, and people who await it."""

import datetime

import pytest
from django.utils import timezone

from etapes.carnets.models import CarnetPage
from fiches.models import Abonnement
from tests.batch_indexing import batch_indexing
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import CarnetPageFactory, EditionFactory, EtapePageFactory, FichePageFactory


@pytest.fixture(scope="module")
def module_carnet(module_tree, django_db_blocker):
    """What `carnet` is, made once for the module; None where `module_tree` is."""
    if not module_tree:
        yield None
        return
    with module_transaction(django_db_blocker):
        yield write_carnet(read_tree(module_tree))


@pytest.fixture
def carnet(module_carnet, tree):
    """N° 7, with a fiche, an étape and free text."""
    return reload_record(module_carnet or write_carnet(tree))


@batch_indexing()
def write_carnet(tree):
    fiche = FichePageFactory(parent=tree.fiches, title="L’épicerie qui partage", slug="epicerie", commune_id="25056")
    etape = EtapePageFactory(parent=tree.etapes, title="L’originale gouvernance", numero=1, commune_id="25056")
    CarnetPageFactory(parent=tree.carnets, slug="n-7", title="Carnet n° 7", numero=7, chapo="Où l’on va.")
    page = CarnetPage.objects.get(slug="n-7")
    page.corps = [
        ("titre", "Pourquoi un rallye"),
        ("texte", "<p>On regarde <b>des deux côtés</b>. Lire <a href='https://exemple.test/suite'>la suite</a>.</p>"),
        ("texte", "<ul><li>un</li><li>deux</li></ul>"),
        ("citation", {"texte": "On partage tout.", "auteur": "Une boulangère", "fonction": ""}),
        ("etapes", {"titre": "Les étapes", "etapes": [etape]}),
        ("fiches", {"titre": "Une fiche", "fiches": [fiche]}),
        ("prix", {"titre": "Les prix", "edition": EditionFactory(annee=2013)}),
    ]
    page.save_revision().publish()
    return page


@pytest.fixture
def subscribe(db):
    """``subscribe(3)`` makes three confirmed subscribers, a0@x.test and on."""

    def make(number, name="a"):
        old = timezone.now() - datetime.timedelta(days=1)
        return Abonnement.objects.bulk_create(
            Abonnement(nature="carnets", courriel=f"{name}{rank}@x.test", mention="J’accepte.", confirme_le=old)
            for rank in range(number)
        )

    return make
