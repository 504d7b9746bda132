"""Made-up fiches in bulk are sound pages, the same for the same seed, and leave without a trace."""

import pytest
from django.db import connection
from wagtail.models import Page, PageViewRestriction, ReferenceIndex
from wagtail.search.backends import get_search_backends
from wagtail.search.models import IndexEntry

from bench import generation
from fiches.models import (
    Dimension,
    FicheCritere,
    FicheIndexPage,
    FicheMotCle,
    FichePage,
    Mot,
    Publication,
    PublicationValue,
)
from fiches.publications import ledger
from fiches.publications.text_analysis import STOPWORDS, words
from fiches.publications.words import TABLE
from tests.factories import CritereFactory, DimensionFactory, FichePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def grid():
    for _dimension in range(2):
        dimension = DimensionFactory()
        for _criterion in range(3):
            CritereFactory(dimension=dimension)


def run(*arguments):
    generation.main(arguments)


def generated():
    return FichePage.objects.filter(slug__startswith=generation.SLUG).order_by("path")


def described():
    """What a person would see of each, less its key."""
    return [
        (
            f.title,
            f.slug,
            f.organisation,
            f.commune_id,
            f.point,
            f.effectif,
            f.corps.raw_data[0]["value"],
            f.contact_nom,
        )
        for f in generated()
    ]


def test_generated_fiches_are_pages_of_the_tree_like_any_other(tree, grid, client):
    written = FichePageFactory(parent=tree.fiches)
    run("30")
    index_page = FicheIndexPage.objects.get()
    assert index_page.numchild == 31
    assert list(index_page.get_children().order_by("path").values_list("pk", flat=True)) == [
        written.pk,
        *generated().values_list("pk", flat=True),
    ]
    assert Page.find_problems() == ([], [], [], [], [])
    fiche = generated().first()
    assert fiche.url == f"/fiches/{fiche.slug}/"
    page = client.get(fiche.url).content.decode()
    assert fiche.organisation in page


def test_generated_fiches_are_marked_as_examples(tree, grid):
    run("30")
    assert set(generated().values_list("exemple", "live")) == {(True, True)}
    assert all(f.contact_telephone.startswith("03 53 01 ") for f in generated())


def test_each_has_a_criterion_of_each_dimension_and_keywords(tree, grid):
    run("30", "--sans-index")
    for fiche in generated():
        assert {c.dimension_id for c in fiche.criteres.all()} == set(Dimension.objects.values_list("pk", flat=True))
        assert 1 <= fiche.mots_cles.count() <= 3


def test_they_spread_over_the_territory_and_the_sizes(tree, grid):
    run("300", "--sans-index")
    assert set(generated().values_list("departement", flat=True)) == {"25", "39", "70", "90"}
    assert set(generated().values_list("precision", flat=True)) == {"exacte", "commune", "aucune"}
    assert {f.tranche_effectif for f in generated()} >= {"0", "1-2", "10-19", "100-199", "500-999"}
    assert set(generated().values_list("sphere", flat=True)) == {"ess", "classique"}


def test_their_bodies_would_pass_the_editors_checks(tree, grid):
    run("20", "--sans-index")
    for fiche in generated():
        fiche.corps.stream_block.clean(fiche.corps)
        fiche.full_clean()


def test_the_same_seed_makes_the_same_fiches_and_another_seed_others(tree, grid):
    run("8", "--seed", "7", "--sans-index")
    first = described()
    run("--retirer")
    run("8", "--seed", "7", "--sans-index")
    assert described() == first
    run("--retirer")
    run("8", "--seed", "8", "--sans-index")
    assert described() != first


def test_more_are_added_after_those_that_are_there(tree, grid):
    run("5", "--sans-index")
    run("5", "--sans-index")
    assert [f.slug for f in generated()] == [f"fiche-generee-{n:06d}" for n in range(1, 11)]


def test_they_can_be_found_at_once_unless_asked_otherwise(tree, grid):
    run("10", "--sans-index")
    assert not public_fiches().exists()
    run("--retirer")
    run("10")
    assert set(public_fiches().values_list("object_id", flat=True)) == set(generated().values_list("pk", flat=True))
    word = generated().first().title.split()[1]
    assert generated().first().pk in [fiche.pk for fiche in FichePage.objects.live().search(word)]


def test_under_a_private_list_none_is_found(tree, grid):
    PageViewRestriction.objects.create(page=tree.fiches, restriction_type="login")
    before = search_rows()
    run("5")
    assert (generated().count(), search_rows(), entries()) == (5, before, [])


def test_several_batches_are_one_row_of_pages_and_what_is_found_is_the_same(tree, grid, monkeypatch):
    run("10")
    whole, found = described(), [row["words"] for row in search_rows()[0]]
    run("--retirer")
    monkeypatch.setattr(generation, "BATCH", 4)
    run("10")
    assert (described(), [row["words"] for row in search_rows()[0]]) == (whole, found)
    assert FicheIndexPage.objects.get().numchild == 10
    assert Page.find_problems() == ([], [], [], [], [])


def test_partners_are_served_them_at_once(tree, grid, client):
    assert client.get("/api/v1/fiches").json()["count"] == 0
    run("10")
    answer = client.get("/api/v1/fiches").json()
    assert (answer["count"], {fiche["titre"] for fiche in answer["items"]}) == (10, {f.title for f in generated()})
    run("--retirer")
    assert client.get("/api/v1/fiches").json()["count"] == 0


def test_they_leave_without_a_trace_and_the_others_stay(tree, grid, monkeypatch, capsys):
    monkeypatch.setattr(generation, "AT_ONCE", 10)  # they leave in three times
    written = FichePageFactory(parent=tree.fiches)
    run("25")
    run("--retirer")
    assert "25 fiches deleted" in capsys.readouterr().out
    assert list(FichePage.objects.all()) == [written]
    assert FicheIndexPage.objects.get().numchild == 1
    assert (FicheCritere.objects.count(), FicheMotCle.objects.count()) == (0, 0)
    assert list(public_fiches().values_list("object_id", flat=True)) == [written.pk]
    assert not ReferenceIndex.objects.filter(base_content_type__model="page").exclude(object_id=written.pk)


def test_the_number_of_queries_does_not_grow_with_each_fiche(tree, grid, django_assert_max_num_queries):
    index_page = FicheIndexPage.objects.get()
    generation.generate(1, index_page=index_page, seed=1)
    with django_assert_max_num_queries(120):
        generation.generate(500, index_page=FicheIndexPage.objects.get(), seed=1)


@pytest.mark.parametrize("count", ["0", "-3", "100001"])
def test_a_number_that_makes_no_sense_is_refused_in_words(tree, count, capsys):
    with pytest.raises(SystemExit):
        run("--", count)
    assert "1 to 100000" in capsys.readouterr().err


def test_without_a_grid_they_have_no_criterion(tree):
    run("2")
    assert [fiche.fiche_criteres.count() for fiche in FichePage.objects.visible()] == [0, 0]


def test_a_dimension_of_one_criterion_gives_it_to_each(tree):
    CritereFactory()
    run("20", "--sans-index")
    assert {fiche.criteres.count() for fiche in generated()} == {1}


def test_without_a_list_of_the_fiches_it_says_so(capsys):
    with pytest.raises(SystemExit):
        run("5")
    assert "no list of the fiches" in capsys.readouterr().err


def test_wagtails_index_holds_of_them_what_it_finds_by_itself(tree, grid):
    run("10")
    quickly = entries()
    assert len(quickly) == 10
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(FichePage, list(generated()))
    assert entries() == quickly


def test_what_is_recorded_in_bulk_is_what_each_would_be_by_itself(tree, grid):
    without = search_rows()
    run("40")
    in_bulk = search_rows()
    assert {len(part) for part in in_bulk[:2]} == {40}
    pks = list(generated().values_list("pk", flat=True))
    for pk in pks:
        ledger.record("fiche", [pk])
    assert search_rows() == in_bulk
    ledger.forget("fiche", pks)
    assert search_rows() == without
    for pk in reversed(pks):
        ledger.record("fiche", [pk])
    assert search_rows() == in_bulk
    generated().first().save_revision().publish()
    assert search_rows() == in_bulk


def public_fiches():
    return Publication.objects.filter(kind="fiche", withdrawn_at=None)


def search_rows():
    """What finding rests on: the rows of fiches, their tokens, their values, the words known."""
    pks = list(public_fiches().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid, CAST(mots AS text) FROM {TABLE} ORDER BY rowid")
        tokens = [row for row in cursor.fetchall() if row[0] in pks]
    return [
        list(public_fiches().order_by("pk").values("object_id", *ledger.SEARCHED)),
        tokens,
        sorted(PublicationValue.objects.values_list("publication", "facet", "value")),
        list(Mot.objects.order_by("mot").values_list("mot", "racine", "frequence")),
    ]


def test_a_row_of_the_register_says_what_its_page_says(tree, grid):
    run("20")
    fiches = list(generated().select_related("commune", "partenaire", "edition"))
    rows = {row.object_id: row for row in public_fiches()}
    for fiche in fiches:
        row = rows[fiche.pk]
        assert (row.title, row.organisation, row.departement, row.sphere, row.statut) == (
            fiche.title, fiche.organisation, fiche.departement, fiche.sphere, fiche.statut,
        )  # fmt: skip
        assert (row.commune, row.url_path) == (fiche.commune_id, fiche.url_path)
        assert (row.latitude, row.longitude, row.by_centre) == (
            fiche.latitude, fiche.longitude, fiche.precision == "commune",
        )  # fmt: skip
        assert (row.edition, row.tranche) == (str(fiche.edition.annee), fiche.tranche_effectif)
        assert row.partenaire == str(fiche.partenaire_id or "")
        assert (row.date, row.expires_at) == (fiche.first_published_at, fiche.expire_at)
        met = {str(link.tag_id) for link in fiche.fiche_criteres.all()}
        assert set(row.criteres.split()) == met
        assert set(row.values.filter(facet="critere").values_list("value", flat=True)) == met
        said = " ".join(f"{fiche.title} {fiche.chapo} {fiche.commune.nom}".split())
        assert {word for word in words(said) if word not in STOPWORDS} <= set(row.words.split())


def entries():
    """What Wagtail's index holds of each, whatever the spaces."""
    rows = IndexEntry.objects.filter(object_id__in=map(str, generated().values_list("pk", flat=True))).order_by(
        "object_id"
    )
    return [[" ".join(text.split()) for text in row] for row in rows.values_list("title", "autocomplete", "body")]
