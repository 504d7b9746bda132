"""From one fiche to others."""

from django.http import QueryDict

from fiches.models.location import Point
from fiches.query.related_fiches import NEAR, NEAR_KM, around_fiche, nearest, row_of


def similar_and_near(fiche, query=""):
    found = around_fiche(fiche, QueryDict(query))
    return {name: [f.organisation for f in found[name]] for name in ("similaires", "proches")}


def neighbours(fiche, query):
    found = around_fiche(fiche, QueryDict(query))
    return found["precedente"], found["suivante"], found["suite"]


def test_similar_fiches_share_the_most_criteria_and_keywords(corpus, db):
    assert similar_and_near(corpus["agrodoubs"])["similaires"][0] == "Fruitière de la Haute Loue"


def test_what_is_near_is_nearest_first(corpus, db):
    assert similar_and_near(corpus["handicap"])["proches"] == ["Les Petits Lapins", "Compagnie du Lion", "Santé Comté"]


def test_a_fiche_that_is_similar_is_not_near_too(corpus, db):
    shown = similar_and_near(corpus["handicap"])
    assert "Toit commun" in shown["similaires"]
    assert set(shown["similaires"]).isdisjoint(shown["proches"])


def test_what_is_withdrawn_is_neither_similar_nor_near(corpus, db):
    corpus["creche"].unpublish()
    assert "Les Petits Lapins" not in similar_and_near(corpus["handicap"])["proches"]


def test_the_neighbours_are_those_of_the_search_in_the_address(corpus, db):
    before, after, suite = neighbours(corpus["mobilite"], "departement=25&edition=2013&page=1")
    assert (before.pk, after.pk) == (corpus["horlogerie"].pk, corpus["fruitiere"].pk)
    assert suite == "departement=25&edition=2013"
    assert neighbours(corpus["eau"], "departement=70") == (None, None, "")
    assert neighbours(corpus["eau"], "page=1e20&bbox=nan") == (None, None, "")


def test_the_page_of_a_fiche_leads_on(corpus, client, db):
    listed = client.get("/fiches/?departement=25&edition=2013").content.decode()
    address = f"{corpus['mobilite'].url}?departement=25&amp;edition=2013"
    assert f'href="{address}"' in listed
    page = client.get(f"{corpus['mobilite'].url}?departement=25&edition=2013").content.decode()
    assert 'rel="next" href="/fiches/la-fruitiere-ouvre-son-conseil/?departement=25&amp;edition=2013"' in page
    assert "Innovations semblables" in page


def test_the_nearest_are_those_that_measuring_all_would_find(corpus, db):
    places = {key: (fiche.latitude, fiche.longitude) for key, fiche in corpus.items() if fiche.latitude}
    for key, place in places.items():
        measured = {
            corpus[other].pk: Point(*place).distance(Point(*there)) for other, there in places.items() if other != key
        }
        expected = [km for km in sorted(measured.values()) if km <= NEAR_KM][:NEAR]
        assert (key, [measured[near] for near in nearest(row_of(corpus[key].pk))]) == (key, expected)
