import pytest
from wagtail.models import PageViewRestriction

from fiches import version
from fiches.models import FichePage
from fiches.prepared import Prepared
from fiches.version import detached, kept, token, touch
from tests.factories import ContentPageFactory, DimensionFactory, EtapePageFactory, FichePageFactory


@pytest.fixture
def during_a_request():
    version.begin()
    yield
    version.end()


def test_a_request_asks_once_which_version_it_reads(tree, during_a_request, django_assert_num_queries):
    touch()
    with django_assert_num_queries(1):
        assert token() == token() != ""


def test_a_request_that_writes_reads_its_own_version(tree, during_a_request):
    before = token()
    touch()
    assert token() != before


def test_outside_requests_the_version_is_asked_each_time(tree, django_assert_num_queries):
    with django_assert_num_queries(2):
        token(), token()


def test_what_is_kept_is_made_once_a_version(tree):
    made = []
    for _ in range(2):
        kept("test", lambda: made.append("once"))
    assert made == ["once"]
    touch()
    kept("test", lambda: made.append("again"))
    assert made == ["once", "again"]


def unpublish(tree):
    ContentPageFactory(parent=tree.home).unpublish()


def restrict(tree):
    PageViewRestriction.objects.create(page=tree.fiches, restriction_type=PageViewRestriction.LOGIN)


def name_the_site(tree):
    tree.site.site_name = "La chasse"
    tree.site.save()


def move(tree):
    ContentPageFactory(parent=tree.home).move(tree.home, "first-child")


def delete(tree):
    EtapePageFactory(parent=tree.etapes).delete()


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: ContentPageFactory(parent=tree.home),
        lambda tree: FichePageFactory(parent=tree.fiches),
        lambda tree: DimensionFactory(),
        unpublish,
        restrict,
        name_the_site,
        move,
        delete,
    ],
)
def test_what_the_public_may_see_changes_the_version(tree, change):
    before = token()
    change(tree)
    assert token() != before


@pytest.mark.parametrize("factory", [FichePageFactory, ContentPageFactory])
def test_a_draft_changes_nothing_for_the_public(tree, factory):
    page = factory(parent=tree.fiches if factory is FichePageFactory else tree.home)
    before = token()
    page.title = "Un brouillon"
    page.save_revision()
    assert token() == before


def test_a_page_without_its_rank_in_memory_is_found_at_its_new_address(tree, client):
    fiche = FichePageFactory(parent=tree.fiches, slug="verger")
    assert client.get("/fiches/verger/").status_code == 200
    tree.fiches.slug = "innovations"
    tree.fiches.save()
    assert client.get("/innovations/verger/").context["page"] == fiche
    assert client.get("/fiches/verger/").status_code == 404


def test_a_detached_copy_keeps_what_is_hung_on_it_to_itself(tree):
    copy = detached(tree.home)
    copy.title, copy.owner = "Autre", None
    assert tree.home.title != "Autre"
    assert copy._state.fields_cache is not tree.home._state.fields_cache


def test_a_prepared_query_finds_what_its_queryset_finds(tree, django_assert_num_queries):
    fiches = [FichePageFactory(parent=tree.fiches, slug=slug) for slug in ("a", "b")]
    prepared = Prepared(lambda slug: FichePage.objects.select_related("commune").filter(slug=slug), slug="?")
    for fiche in fiches:
        with django_assert_num_queries(1):
            [found] = prepared(slug=fiche.slug)
            assert (found, found.commune) == (fiche, fiche.commune)
    assert prepared(slug="c") == []


def test_a_prepared_query_names_a_value_that_it_would_lose():
    with pytest.raises(AssertionError, match="path"):
        Prepared(lambda path: FichePage.objects.filter(path__startswith=path), path="x")(path="y")
