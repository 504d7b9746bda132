"""The list of the fiches as people read it: filters, counts, map, suggestions."""

import orjson
import pytest
from wagtail.models import PageViewRestriction


def test_the_list_says_what_it_shows(corpus, client, db):
    page = client.get("/fiches/?departement=90&sphere=ess").content.decode()
    assert '<h2 class="results__title" id="resultats-titre" tabindex="-1">3 innovations, dans le Territoire de' in page
    assert page.count('<article class="card">') == 3
    assert 'id="f-departement-90" name="departement" value="90" checked' in page
    assert 'href="/fiches/?sphere=ess"' in page


def test_words_are_marked_and_nothing_in_them_is_html(corpus, client, db):
    page = client.get("/fiches/", {"q": "cheval <script>alert(1)</script>"}).content.decode()
    assert "<mark>cheval</mark>" in page
    assert "<script>alert" not in page


def test_what_cannot_be_read_is_said_and_the_rest_applies(corpus, client, db):
    response = client.get("/fiches/?departement=75&page=1e20&bbox=nan&sphere=classique")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<strong>Département</strong>" in page
    assert "8 innovations" in page


def test_nothing_found_gives_a_way_on(corpus, client, db):
    page = client.get("/fiches/?q=zzzzzz&departement=90").content.decode()
    assert "0 innovation" in page
    assert 'href="/fiches/?departement=90"' in page
    assert "Aucune innovation ne correspond à tous ces filtres" in page


def test_words_that_find_no_fiche_lead_to_the_search_of_the_whole_site(corpus, client, db):
    page = client.get("/fiches/?q=zzzzzz").content.decode()
    assert "Aucune innovation pour «\u00a0zzzzzz\u00a0»" in page
    assert 'href="/recherche/?q=zzzzzz"' in page
    assert "filtre" not in page.partition('class="empty"')[2].partition("</div>")[0]


def test_the_map_is_the_same_answer_as_the_list(corpus, client, db):
    listed = client.get("/fiches/?departement=90").context["recherche"].ids
    response = client.get("/fiches/carte.geojson?departement=90")
    data = orjson.loads(response.content)
    assert response["Content-Type"] == "application/geo+json"
    assert [feature["id"] for feature in data["features"]] == listed
    assert data["features"][0] == {
        "type": "Feature",
        "id": corpus["creche"].pk,
        "geometry": {"type": "Point", "coordinates": [6.85385, 47.64218]},
        "properties": {"titre": "Une crèche partagée par trois entreprises", "precision": "commune"},
    }


def test_a_map_of_more_fiches_than_it_shows_says_how_many_there_are(corpus, client, db, monkeypatch):
    whole = client.get("/fiches/carte.geojson").json()
    assert whole["nombre"] == len(whole["features"])
    monkeypatch.setattr("fiches.query.map_data.MOST_POINTS", 2)
    part = client.get("/fiches/carte.geojson").json()
    assert (part["nombre"], part["features"]) == (whole["nombre"], whole["features"][:2])


def test_a_marker_opens_a_preview(corpus, client, db):
    page = client.get(f"/fiches/apercu/{corpus['eau'].pk}/").content.decode()
    assert "Mesurer l’eau ensemble" in page
    assert "Rivières vivantes" in page


def test_a_private_fiche_has_no_preview(corpus, client, db):
    PageViewRestriction.objects.create(page=corpus["eau"], restriction_type="login")
    assert client.get(f"/fiches/apercu/{corpus['eau'].pk}/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("légis", "législation"),
        ("Besanç", "Besançon"),
        ("haute-s", "Haute-Saône"),
    ],
)
def test_suggestions_know_themes_and_places(corpus, db, typed, expected):
    from fiches.query.completion import completions

    assert expected in completions(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("agrod", ["Agrodoubs"]),
        ("theatre", ["Le théâtre hors les murs"]),
        ("organisation rec", ["La recette d’une organisation partagée"]),
        ("x", []),
        ("", []),
        ('"\x00', []),
        ("zzz", []),
    ],
)
def test_suggestions_are_titles_and_organisations(corpus, db, typed, expected):
    from fiches.query.completion import completions

    assert completions(typed) == expected
