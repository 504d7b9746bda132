"""Whole responses are kept for everyone until what they show changes, and not a moment longer."""

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client

from fiches.models import Version
from fiches.publications import version
from fiches.publications.responses import LARGEST, PublicCacheMiddleware, without_tracking
from fiches.publications.version import touch
from home.models import Organisme
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import FichePageFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("enabled_response_cache")]


@pytest.fixture
def reader():
    return Client()


@pytest.fixture(scope="module")
def module_recette(module_tree, django_db_blocker):
    with module_transaction(django_db_blocker):
        tree = read_tree(module_tree)
        Organisme.for_site(tree.site)  # made when first asked for
        yield FichePageFactory(parent=tree.fiches, slug="recette", title="La recette")


@pytest.fixture
def recette(module_recette, tree):
    return reload_record(module_recette)


def state(response):
    return response.headers.get("Cache-Status", "").partition("; ")[2]


def holds_nothing():
    return not caches["pages"]._cache


def is_kept(reader, address):
    return state(reader.get(address)) == "hit"


def test_the_second_reader_gets_the_same_bytes_for_a_look_at_the_version(reader, recette, django_assert_num_queries):
    first = reader.get("/fiches/recette/")
    with django_assert_num_queries(1):
        second = reader.get("/fiches/recette/")
    assert (state(first), state(second)) == ("fwd=miss; stored", "hit")
    assert second.content == first.content
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert second.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize(
    ("asked", "kept_as"),
    [
        ("q=lait&utm_source=lettre&fbclid=1", "q=lait"),
        ("centree-sur=b&q=1&centree-sur=a", "centree-sur=b&q=1&centree-sur=a"),
        ("UTM_Campaign=x&%75tm_medium=y&gclid=", ""),
        ("&&q=1&", "q=1"),
    ],
)
def test_what_follows_people_around_makes_no_other_response(asked, kept_as):
    assert without_tracking(asked) == kept_as


def test_the_api_takes_an_address_with_a_campaign_in_it(reader, recette):
    assert reader.get("/api/v1/fiches?utm_source=lettre").status_code == 200
    assert reader.get("/api/v1/fiches?unknown=1").status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/fiches/",
        "/fiches/recette/",
        "/fiches/carte.geojson",
        "/fiches/flux.atom",
        "/api/v1/fiches",
        "/api/v1/fiches/recette",
        "/api/v1/fiches.geojson",
        "/api/v1/facettes",
        "/sitemap.xml",
        "/recherche/?q=recette",
        "/plan-du-site/",
    ],
)
def test_what_everyone_may_read_is_kept(reader, recette, address):
    reader.get(address)
    assert is_kept(reader, address)


@pytest.mark.parametrize(
    "address",
    [
        "/admin/login/",
        "/candidature/",
        "/signaler/",
        "/signaler/merci/",
        "/candidature/lien-envoye/",
        "/fiches/suivre/envoye/",
        "/candidature/inconnu-inconnu-inconnu-inconnu-inconnu-123/",
        "/fiches/inconnue/",
        "/sante/vivant",
        "/recherche/?q=introuvable",
        "/fiches/?token=abc",
        "/documents/1/plan.pdf",
    ],
)
def test_what_is_somebody_s_or_counts_or_is_not_there_is_not_kept(reader, recette, address):
    reader.get(address)
    assert state(reader.get(address)) == ""
    assert holds_nothing()


UNKEPT = [
    *({"Cache-Control": told} for told in ("private", "no-store", "no-cache", "max-age=60, Private", "no-cache=x")),
    *({"Vary": told} for told in ("*", "Cookie", "Accept-Encoding, Authorization")),
]


@pytest.mark.parametrize("headers", UNKEPT, ids=str)
def test_a_response_that_says_that_it_is_for_one_reader_is_not_kept(rf, headers):
    answer = PublicCacheMiddleware(lambda request: HttpResponse("Pour vous seul", headers=headers))
    for _reader in range(2):
        assert "Cache-Status" not in answer(rf.get("/fiches/")).headers
    assert holds_nothing()


def test_what_is_sent_is_never_answered_with_what_was_kept(rf):
    answer = PublicCacheMiddleware(lambda request: HttpResponse(request.method))
    answer(rf.get("/fiches/"))
    sent = answer(rf.post("/fiches/"))
    assert (sent.content, state(sent)) == (b"POST", "")


@pytest.mark.parametrize(
    "address",
    [
        "/admin/pages/",
        "/documents/1/plan.pdf",
        "/sante/pret",
        "/_util/",
        "/static/style.css",
    ],
    ids=lambda address: address[:12],
)
def test_no_response_of_these_addresses_is_kept_whatever_it_says(rf, address):
    answer = PublicCacheMiddleware(lambda request: HttpResponse("Pour tous", headers={"Cache-Control": "public"}))
    assert [state(answer(rf.get(address))) for _reader in range(2)] == ["", ""]
    assert holds_nothing()


@pytest.mark.parametrize(
    ("first", "second", "is_shared"),
    [
        ("en-GB,fr;q=0.5", "en", True),
        ("fr,en;q=0.5", "en", False),
        ("fr,en;q=0.5", "*", True),
        ("*,en;q=0.5", "fr", True),
        ("de,en;q=0.5", "en", True),
        ("de,fr;q=0.5,en;q=0.1", "", True),
    ],
)
def test_readers_share_a_response_in_the_language_that_they_prefer(rf, first, second, is_shared):
    answer = PublicCacheMiddleware(lambda request: HttpResponse("Title", headers={"Vary": "Accept-Language"}))
    answer(rf.get("/fiches/", headers={"Accept-Language": first}))
    again = answer(rf.get("/fiches/", headers={"Accept-Language": second}))
    assert state(again) == ("hit" if is_shared else "fwd=miss; stored")


def test_a_head_is_not_kept_as_the_page(rf):
    answer = PublicCacheMiddleware(lambda request: HttpResponse("" if request.method == "HEAD" else "La page"))
    answer(rf.head("/fiches/"))
    page = answer(rf.get("/fiches/"))
    assert (page.content, state(page)) == (b"La page", "fwd=miss; stored")


@pytest.mark.parametrize("mark", ["is_dummy", "is_preview"])
def test_a_page_shown_as_a_draft_is_not_kept(rf, mark):
    answer = PublicCacheMiddleware(lambda request: HttpResponse("Le brouillon"))
    request = rf.get("/fiches/")
    setattr(request, mark, True)
    assert state(answer(request)) == ""
    assert holds_nothing()


def test_a_body_that_would_fill_the_cache_is_not_kept(rf):
    for length, kept in ((LARGEST, "hit"), (LARGEST + 1, "")):
        answer = PublicCacheMiddleware(lambda request, length=length: HttpResponse("a" * length))
        answer(rf.get(f"/fiches/?q={length}"))
        assert state(answer(rf.get(f"/fiches/?q={length}"))) == kept


def test_the_processes_of_a_machine_share_what_is_kept(reader, recette, settings, tmp_path):
    pages = {"BACKEND": "config.cache.MachineCache", "LOCATION": str(tmp_path)}
    for expected in ("fwd=miss; stored", "hit"):
        settings.CACHES = settings.CACHES | {"pages": pages}  # new objects, as in another process
        assert state(Client().get("/fiches/recette/")) == expected


def test_a_response_that_gives_a_cookie_is_not_kept(rf):
    def view(request):
        response = HttpResponse("Pour vous seul")
        response.set_cookie("panier", "le vôtre")
        return response

    PublicCacheMiddleware(view)(rf.get("/fiches/"))
    assert holds_nothing()


def test_who_is_logged_in_gets_no_kept_response_and_leaves_none(reader, recette):
    reader.force_login(UserFactory(role="admin"))
    assert state(reader.get("/fiches/recette/")) == ""
    assert holds_nothing()
    Client().get("/fiches/recette/")
    assert state(reader.get("/fiches/recette/")) == ""


@pytest.mark.parametrize("header", ["Authorization", "Range"])
def test_a_request_that_says_who_asks_or_for_a_part_is_answered_apart(reader, recette, header):
    reader.get("/fiches/recette/")
    assert state(reader.get("/fiches/recette/", headers={header: "x"})) == ""


def test_a_preview_of_a_draft_is_never_kept_nor_answered_with_what_was(reader, recette):
    reader.get("/fiches/recette/")
    recette.title = "La recette secrète"
    assert "La recette secrète" in recette.make_preview_request().content.decode()
    assert "secrète" not in reader.get("/fiches/recette/").content.decode()


def test_a_slow_view_begun_before_a_publication_leaves_what_was_kept_since(rf):
    """A version that a restored backup lowers is not taken for a slow view's: its responses are stored."""
    touch()

    def slow_view(request):
        touch()
        assert [state(answer(rf.get("/fiches/"))) for _reader in range(2)] == ["fwd=miss; stored", "hit"]
        return HttpResponse("Avant la publication")

    answer = PublicCacheMiddleware(lambda request: HttpResponse("Depuis"))
    PublicCacheMiddleware(slow_view)(rf.get("/candidater/"))
    assert state(answer(rf.get("/fiches/"))) == "hit"
    Version.objects.update(number=0, changed_at=version.NEVER)
    assert [state(answer(rf.get("/fiches/"))) for _reader in range(2)] == ["fwd=miss; stored", "hit"]


def test_a_reader_who_has_it_is_told_so(reader, recette):
    etag = reader.get("/fiches/recette/").headers["ETag"]
    again = reader.get("/fiches/recette/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    caches["pages"].clear()
    made_anew = reader.get("/fiches/recette/", headers={"If-None-Match": etag})
    assert (made_anew.status_code, made_anew.content) == (304, b"")
    assert is_kept(reader, "/fiches/recette/")
    assert reader.get("/fiches/recette/", headers={"If-None-Match": 'W/"autre"'}).status_code == 200


def test_each_client_s_allowance_is_counted_whether_or_not_the_answer_was_kept(reader, recette, settings):
    settings.RALLYNOV_API_QUOTA = 2
    left = [reader.get("/api/v1/fiches").headers["RateLimit"].split(";")[1] for _asked in range(2)]
    refused = reader.get("/api/v1/fiches")
    other = reader.get("/api/v1/fiches", REMOTE_ADDR="192.0.2.7")
    assert (left, refused.status_code, other.status_code) == (["r=1", "r=0"], 429, 200)
    assert other.headers["RateLimit"].split(";")[1] == "r=1"


def test_another_host_another_scheme_another_response(reader, recette, settings):
    settings.ALLOWED_HOSTS = ["testserver", "autre.example"]
    reader.get("/fiches/recette/")
    assert state(reader.get("/fiches/recette/", headers={"Host": "autre.example"})) == "fwd=miss; stored"
    assert reader.get("/fiches/recette/", headers={"Host": "evil.example"}).status_code == 400
    assert state(reader.get("/fiches/recette/", secure=True)) == "fwd=miss; stored"
