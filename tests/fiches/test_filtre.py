"""The query language: what it reads, what it refuses and says so, what it counts."""

import pytest
from django.http import QueryDict
from django.utils.http import urlencode
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fiches.models import Publication
from fiches.query.facets import CONDITIONS, register_condition
from fiches.query.fiche_filter import FicheFilter


def count(found, parameter, value):
    facet = next(facet for facet in found.facets() if facet["parametre"] == parameter)
    return next((v["nombre"] for v in facet["valeurs"] if v["valeur"] == value), None)


def test_without_a_question_every_fiche_answers_the_newest_first(find):
    assert find("")[:3] == ["agrodoubs", "epicerie", "cafe"]
    assert find.filter("").count == 24
    assert find.filter("").errors == {}


def test_values_of_one_parameter_add_up_and_parameters_narrow(find):
    assert find("departement=90&sphere=classique") == ["handicap"]
    assert set(find("departement=90&departement=70&sphere=ess&statut=association")) == {
        "epicerie", "jardin", "theatre", "emploi",
    }  # fmt: skip


def test_each_dimension_of_the_grid_is_a_parameter(find):
    assert find("centree-sur=territoire&en-lien-avec=legislation") == ["foret", "monnaie", "energie"]
    assert find.filter("centree-sur=territoire&centree-sur=individu").count == 17


def test_staff_sizes_are_asked_by_band(find):
    assert find("effectif=200-249&effectif=500-999") == ["telemedecine", "handicap"]


def test_a_commune_is_named_by_its_code_or_as_people_write_it(find):
    assert find("commune=25434") == find("commune=39300&commune=25434&commune=rien") == ["eau", "fruitiere"]
    assert find("commune=ornans") == ["eau", "fruitiere"]
    assert find.filter("commune=ornans").querystring() == "commune=25434"


def test_keywords_partners_and_editions(find):
    assert find("mot-cle=gouvernance") == ["agrodoubs", "fruitiere", "innovation"]
    assert find("partenaire=reseau-fact") == ["agrodoubs", "creche"]
    assert find("edition=2015&departement=25") == ["eau", "dechets", "microcredit"]


def test_an_area_of_the_map(find):
    assert find("bbox=6.8,47.6,6.9,47.7") == ["creche", "handicap", "habitat", "theatre"]
    assert find("bbox=0,0,1,1") == []


def test_around_a_place_the_nearest_first(find):
    assert find("autour=47.62,6.86&rayon=5") == ["handicap", "creche", "habitat", "theatre"]
    assert find("autour=47.62,6.86&rayon=5&tri=titre") == ["handicap", "theatre", "creche", "habitat"]


def test_orders(find):
    assert find("tri=titre&departement=70") == ["epicerie", "telemedecine", "jardin", "emploi"]
    assert find("q=coopérative&tri=recent") == ["cafe", "creche", "fruitiere"]
    assert find("q=coopérative&tri=titre") == ["fruitiere", "cafe", "creche"]


def test_changed_since_whatever_the_way_the_instant_is_written(find, corpus):
    for fiche in corpus.values():
        Publication.objects.filter(object_id=fiche.pk).update(changed_at=fiche.last_published_at)
    assert find("depuis=2026-06-01") == ["agrodoubs"]
    assert find("depuis=2026-05-31T00:00:00%2B00:00") == ["agrodoubs", "epicerie"]
    assert find("depuis=2026-05-31T00:00:00+00:00") == ["agrodoubs", "epicerie"]


def test_counts_tell_what_a_click_would_give(find):
    query_filter = find.filter("departement=90&sphere=ess")
    assert query_filter.count == 3
    assert count(query_filter, "departement", "90") == 3
    assert count(query_filter, "departement", "70") == 4
    assert count(query_filter, "sphere", "classique") == 1
    assert count(query_filter, "centree-sur", "individu") == 1
    assert count(query_filter, "statut", "sarl") is None
    for facet in query_filter.facets():
        for value in facet["valeurs"]:
            others = [pair for pair in query_filter.parameters() if pair[0] != facet["parametre"]]
            asked = QueryDict(urlencode([*others, (facet["parametre"], value["valeur"])]))
            assert FicheFilter.parse(asked).count == value["nombre"], (facet["parametre"], value)


@pytest.mark.parametrize(
    ("query", "parameter", "rest"),
    [
        ("departement=75", "departement", 24),
        ("departement=75&sphere=classique", "departement", 8),
        ("centree-sur=lune", "centree-sur", 24),
        ("effectif=beaucoup", "effectif", 24),
        ("edition=1789", "edition", 24),
        ("mot-cle=rien", "mot-cle", 24),
        ("commune=99999", "commune", 24),
        ("bbox=nan,nan,nan,nan", "bbox", 24),
        ("bbox=1,2,3", "bbox", 24),
        ("bbox=7,47,6,48", "bbox", 24),
        ("bbox=6,47,6,48", "bbox", 24),
        ("bbox=6,47,7,47", "bbox", 24),
        ("bbox=inf,0,1,1", "bbox", 24),
        ("bbox=1e400,0,1,1", "bbox", 24),
        ("bbox=-180.5,0,1,1", "bbox", 24),
        ("bbox=0,0,180.5,1", "bbox", 24),
        ("bbox=0,-90.5,1,1", "bbox", 24),
        ("bbox=0,0,1,90.5", "bbox", 24),
        ("autour=90.5,6", "autour", 24),
        ("autour=-90.5,6", "autour", 24),
        ("autour=47,180.5", "autour", 24),
        ("autour=47,-180.5", "autour", 24),
        ("autour=ici", "autour", 24),
        ("autour=47", "autour", 24),
        ("autour=147,6", "autour", 24),
        ("autour=47,6&rayon=-1", "rayon", 1),
        ("autour=47,6&rayon=0", "rayon", 1),
        ("autour=47,6&rayon=1000.5", "rayon", 1),
        ("rayon=5", "rayon", 24),
        ("depuis=hier", "depuis", 24),
        ("depuis=0001-01-01", "depuis", 24),
        ("depuis=1969-12-31", "depuis", 24),
        ("depuis=2201-01-01", "depuis", 24),
        ("depuis=9999-12-31T23:59:59-14:00", "depuis", 24),
        ("tri=hasard", "tri", 24),
        ("tri=distance", "tri", 24),
        ("page=1e20", "page", 24),
        ("page=0", "page", 24),
        ("page=-1", "page", 24),
        ("page=99999999999999999999", "page", 24),
        ("page=%C2%B2", "page", 24),
        ("par_page=101", "par_page", 24),
        ("q=%22%22", "q", 24),
        ("q=%F0%9F%90%84", "q", 24),
        ("couleur=bleu", "couleur", 24),
        ("etape=1", "etape", 24),
        ("prime=0", "prime", 24),
        ("page=1&page=2", "page", 24),
        ("tri=titre&tri=recent", "tri", 24),
        ("bbox=5,46,8,48&bbox=5,46,8,49", "bbox", 24),
        ("autour=nan,nan", "autour", 24),
        ("autour=47;6", "autour", 24),
        ("departement=25%00", "departement", 24),
        ("q=pain%00", "q", 24),
        ("&".join(f"mot-cle=m{n}" for n in range(60)), "mot-cle", 24),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_applies(find, query, parameter, rest):
    query_filter = find.filter(query)
    assert list(query_filter.errors) == [parameter]
    assert query_filter.errors[parameter]
    if parameter != "rayon" or rest == 24:
        assert query_filter.count == rest


@pytest.mark.parametrize(
    "query",
    [
        *("bbox=-180,-90,180,90", "autour=90,180", "autour=-90,-180", "autour=47,6&rayon=1000"),
        *("depuis=1970-01-01", "depuis=2200-12-31", "page=1", "par_page=1", "par_page=100"),
    ],
)
def test_the_ends_of_what_is_allowed_are_read(find, query):
    assert find.filter(query).errors == {}


def test_a_page_past_the_end_is_the_last_one_and_says_so(find):
    query_filter = find.filter("page=7")
    assert len(query_filter.page_ids) == 4
    assert query_filter.page == 2
    assert list(query_filter.errors) == ["page"]


def test_empty_fields_of_a_form_and_tracking_marks_are_no_question(find):
    query_filter = find.filter("q=&departement=&bbox=&utm_source=lettre&fbclid=x&tri=")
    assert (query_filter.errors, query_filter.querystring(), query_filter.count) == ({}, "", 24)


def test_two_ways_to_ask_the_same_give_one_address(find):
    one = find.filter("sphere=ess&departement=90&departement=25&q=%20eau%20&tri=pertinence&page=1")
    other = find.filter("q=eau&departement=25&departement=90&sphere=ess&rayon=")
    assert one.querystring() == other.querystring() == "q=eau&departement=25&departement=90&sphere=ess"


def test_filters_are_removed_one_by_one(find):
    query_filter = find.filter("q=eau&departement=25&departement=90&page=2&autour=47.2,6&rayon=30")
    assert query_filter.without("departement", "25") == "q=eau&departement=90&autour=47.2%2C6&rayon=30"
    assert query_filter.without("departement") == "q=eau&autour=47.2%2C6&rayon=30"
    assert query_filter.without("autour") == "q=eau&departement=25&departement=90"


def test_the_question_reads_as_a_sentence(find):
    assert find.filter("").sentence() == "24 innovations"
    assert find.filter("q=monnaie&departement=25").sentence() == "1 innovation avec «\xa0monnaie\xa0», dans le Doubs"
    assert (
        find.filter("q=monnaie&depuis=2020-01-02").sentence()
        == "1 innovation avec «\xa0monnaie\xa0», avec un changement depuis le 2 janvier 2020"
    )
    assert (
        find.filter("centree-sur=individu&centree-sur=territoire&departement=70&departement=39&tri=titre").sentence()
        == "8 innovations, centrée sur individu ou territoire, dans le Jura ou en Haute-Saône, par titre"
    )
    assert find.filter("q=inovation").sentence() == "1 innovation avec «\xa0innovation\xa0»"


def test_a_room_above_registers_its_own_parameter(find, corpus, monkeypatch):
    monkeypatch.setitem(CONDITIONS, "etape", None)

    def presented(values):
        if values != ("3",):
            raise ValueError("Étape inconnue.")
        return [corpus["eau"].pk, 999_999]

    register_condition("etape", presented, lambda values: "au programme de l’étape 3")
    assert find("etape=3") == ["eau"]
    assert find.filter("etape=3").sentence() == "1 innovation, au programme de l’étape 3"
    assert find.filter("etape=12").errors == {"etape": "Étape inconnue."}


ANYTHING = st.text(st.characters(), max_size=80)
NAMES = st.sampled_from(
    [
        "q",
        "departement",
        "commune",
        "sphere",
        "statut",
        "effectif",
        "edition",
        "prime",
        "mot-cle",
        "partenaire",
        "etape",
        "bbox",
        "autour",
        "rayon",
        "depuis",
        "tri",
        "page",
        "par_page",
        "centree-sur",
        "zut",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(NAMES, ANYTHING), max_size=6))
@example([("q", "TI⼀")])
def test_nothing_hostile_raises(find, pairs):
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    query_filter = FicheFilter.parse(query)
    assert query_filter.count <= 24
    assert list(query_filter.extraits()) in ([], query_filter.page_ids)
    assert query_filter.sentence()
    assert FicheFilter.parse(QueryDict(query_filter.querystring())).ids == query_filter.ids


@pytest.mark.parametrize(
    "words",
    [" ", "\x00", '"', "'", "a AND b OR (c", "NEAR(a b)", "*", "-x", "mot " * 2000, "é" * 4096, "🐄🐄", "\ud800", "!&|<->:*",
     "%", "_", "\\", "ſ İ ı ß", "²³½", "ऑ", "{titre}: x", "x\n\ry"],
)  # fmt: skip
def test_hostile_words_never_raise(find, words):
    query = QueryDict(mutable=True)
    query["q"] = words
    query_filter = FicheFilter.parse(query)
    assert query_filter.count <= 24
    assert isinstance(query_filter.sentence(), str)
