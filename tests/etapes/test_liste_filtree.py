"""The list of the étapes, narrowed by place, date and words, with a form that needs no JavaScript."""

import datetime

import pytest
from django.utils import timezone

from etapes.models import EtapePage
from tests.batch_indexing import batch_indexing
from tests.conftest import module_transaction, read_tree
from tests.factories import EtapePageFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture(scope="module")
def module_road(module_tree, django_db_blocker):
    """What `road` is, made once for the module."""
    with module_transaction(django_db_blocker):
        create_road(read_tree(module_tree).etapes)
        yield


@pytest.fixture
def road(module_road, tree):
    """Three étapes: one is past, one is near Besançon."""


@batch_indexing()
def create_road(etapes):
    for slug, commune, place, days in (
        ("dole", "39198", (47.09, 5.49), -30),
        ("besancon", "25056", (47.24, 6.02), 10),
        ("morteau", "25411", (47.06, 6.6), 40),
    ):
        etape = EtapePageFactory(
            parent=etapes,
            slug=slug,
            title=slug.capitalize(),
            commune_id=commune,
            latitude=place[0],
            longitude=place[1],
            date=TODAY + datetime.timedelta(days=days),
            chapo="Une rencontre sur la bicyclette" if slug == "dole" else "",
        )
        etape.save_revision().publish()


def slugs_found(client, question):
    return [etape.slug for etape in client.get(f"/etapes/?{question}").context["trouvees"]]


def test_the_list_is_narrowed_by_place_date_and_words(client, road):
    in_a_month = TODAY + datetime.timedelta(days=30)
    assert slugs_found(client, "commune=Dole") == ["dole"]
    assert slugs_found(client, "departement=25") == ["besancon", "morteau"]
    assert slugs_found(client, "quand=a-venir") == ["besancon", "morteau"]
    assert slugs_found(client, "quand=passees") == ["dole"]
    assert slugs_found(client, f"du={TODAY}&au={in_a_month}") == ["besancon"]
    assert slugs_found(client, f"au={TODAY:%d/%m/%Y}") == ["dole"]
    assert slugs_found(client, "autour=Besançon&rayon=20") == ["besancon"]
    assert slugs_found(client, "autour=25000&rayon=20") == ["besancon"]
    assert slugs_found(client, "autour=Besançon&rayon=50") == ["besancon", "morteau", "dole"]
    assert slugs_found(client, "q=vélo") == ["dole"]


def test_a_postponed_one_is_to_come_until_it_has_a_new_date_and_is_over(client, tree, road):
    for slug, first in (("attend", None), ("reportee", TODAY - datetime.timedelta(days=200))):
        date = TODAY - datetime.timedelta(days=100)
        EtapePageFactory(parent=tree.etapes, slug=slug, date=date, statut="reportee", ancienne_date=first)
    listed = {question: set(slugs_found(client, question)) for question in ("quand=a-venir", "quand=passees")}
    assert listed == {"quand=a-venir": {"attend", "besancon", "morteau"}, "quand=passees": {"dole", "reportee"}}
    assert {page.slug for page in EtapePage.objects.all() if page.passee} == listed["quand=passees"]


def test_a_cancelled_etape_is_listed_and_not_counted_as_coming(client, road):
    EtapePage.objects.filter(slug="morteau").update(statut="annulee")
    page = client.get("/etapes/?quand=a-venir")
    assert [etape.slug for etape in page.context["trouvees"]] == ["besancon", "morteau"]
    assert page.context["phrase"] == "1 étape, à venir (et 1 annulée)"


def test_the_api_takes_the_same_filters(client, road, settings):
    settings.RALLYNOV_API_QUOTA = 0
    for question in ("quand=a-venir", f"du={TODAY}", "autour=Besançon&rayon=20", "quand=passees&departement=39"):
        items = client.get(f"/api/v1/etapes?{question}").json()["items"]
        assert [item["slug"] for item in items] == slugs_found(client, question)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("departement=99", "Département"),
        ("commune=Xyzzy", "Commune"),
        ("autour=Xyzzy", "Près de"),
        ("du=demain", "À partir du"),
        ("du=2020-02-01&au=2020-01-01", "Jusqu’au"),
        ("quand=hier", "Quand"),
        ("couleur=bleu", "couleur"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_applies(client, road, question, name):
    response = client.get(f"/etapes/?{question}&departement=39")
    assert f"<strong>{name}</strong>" in response.content.decode()
    assert (response.status_code, [etape.slug for etape in response.context["trouvees"]]) == (200, ["dole"])
