"""Pictures' sizes are drawn by the periodic work, not while a visitor waits."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from etapes.models import EtapePage
from fiches.diffusion import prerender
from fiches.models import FicheFinanceur, FichePage
from fiches.publications.version import touch
from home.models import IllustrationRendition, Organisme
from tests.conftest import module_transaction, read_tree
from tests.factories import (
    CarnetPageFactory,
    ContentPageFactory,
    EtapePageFactory,
    IllustrationFactory,
    PartenaireFactory,
    PartenairesPageFactory,
)

pytestmark = pytest.mark.django_db


def in_a_text(*pictures):
    """A body with each of its blocks that show a picture."""
    first, second, third = ({"image": each.pk, "alt_text": "Un four", "decorative": False} for each in pictures)
    return json.dumps(
        [
            {"type": "image", "value": {"image": first, "legende": "", "credit": ""}},
            {"type": "galerie", "value": {"images": [{"image": second, "legende": "", "credit": ""}]}},
            {
                "type": "video",
                "value": {"adresse": "https://video.example/1", "titre": "Le film", "vignette": third["image"]},
            },
        ]
    )


@pytest.fixture(scope="module")
def illustrated(module_tree, module_epicerie, django_db_blocker):
    """The addresses of public pages that show pictures wherever a page can show one."""
    with module_transaction(django_db_blocker):
        yield illustrate(read_tree(module_tree), FichePage.objects.get(pk=module_epicerie))


@pytest.fixture(autouse=True)
def _version_of_its_own(db):
    """Moves the version, so that no test reads the values that another one memoized about its pictures."""
    touch()


def illustrate(tree, epicerie):
    pictures = iter(IllustrationFactory.create_batch(20))
    funder = PartenaireFactory(nom="Le fonds", slug="fonds", logo=next(pictures))
    epicerie.photo, epicerie.logo = next(pictures), next(pictures)
    epicerie.photo_alt, epicerie.logo_alt = "Un four", "Le logo"
    epicerie.corps = in_a_text(next(pictures), next(pictures), next(pictures))
    epicerie.financements = [FicheFinanceur(partenaire=funder, mention="")]
    epicerie.save_revision().publish()
    etape = EtapePageFactory(parent=tree.etapes, slug="dole", photo=next(pictures), photo_alt="La place")
    if "galerie" in EtapePage._meta.get_field("compte_rendu").stream_block.child_blocks:
        etape.compte_rendu = in_a_text(next(pictures), next(pictures), next(pictures))
    etape.save_revision().publish()
    page = ContentPageFactory(parent=tree.home, slug="programme")
    page.corps = in_a_text(next(pictures), next(pictures), next(pictures))
    page.save_revision().publish()
    PartenairesPageFactory(parent=tree.home, slug="partenaires")
    carnet = CarnetPageFactory(parent=tree.carnets, slug="un")
    tree.home.photo, tree.home.photo_alt = next(pictures), "La route"
    tree.home.save_revision().publish()
    Organisme.objects.create(site=tree.site, partage=next(pictures))
    pages = (tree.home, tree.fiches, epicerie, tree.etapes, etape, page, tree.carnets, carnet)
    return [*[page.url for page in pages], "/partenaires/", "/recherche/?q=pain", "/plan-du-site/"]


def drawn():
    return set(IllustrationRendition.objects.values_list("image", "filter_spec"))


def test_no_page_draws_a_picture_once_the_periodic_work_is_done(client, illustrated):
    IllustrationRendition.objects.all().delete()
    prerender.prepare()
    ready = drawn()
    for address in illustrated:
        page = client.get(address)
        assert (page.status_code, drawn() - ready) == (200, set()), address
    assert ready  # pictures are shown at all


def asked_by(client, address):
    """The number of queries of a page, which is shown."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_what_no_public_page_shows_is_not_drawn(illustrated):
    hidden = IllustrationFactory()
    prerender.prepare()
    assert not hidden.renditions.exists()
