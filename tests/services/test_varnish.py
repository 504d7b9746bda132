"""Varnish as shipped: what it keeps, what it forgets when told, what it shows while the site can't answer."""

import socket
import time

import pytest
import requests
from django.conf import settings

from tests.services.front_servers import Editor, Varnish, copy_of
from tests.services.pannes.serveurs import until

PURGE = ("PURGE / HTTP/1.1", "Host: 127.0.0.1", "X-Purge: hard")
"""As the site says that everything is to be forgotten."""
PLAIN = {"headers": {"Accept-Encoding": "identity"}}
SECRET_HEADERS = {"xkey", "Surrogate-Control", "X-Varnish", "Via", "RateLimit"}


@pytest.fixture(scope="module")
def front(model, tmp_path_factory):
    """``(varnish, site)`` of the module; each test has them as new by its own ``varnish``."""
    folder = tmp_path_factory.mktemp("varnish")
    site = copy_of(model, folder / "site", ALLOWED_HOSTS="127.0.0.1", RALLYNOV_TRUSTED_PROXIES=1)
    varnish = Varnish(folder / "varnish", site.port)
    site.env["PURGE_URL"] = varnish.address
    try:
        yield varnish, site
    finally:
        varnish.stop()
        site.close()


@pytest.fixture
def site(front):
    return front[1]


@pytest.fixture
def varnish(front, site):
    """Varnish that has kept nothing yet, before a site that answers as shipped."""
    varnish, _site = front
    if not site.running:
        site.serve()
    wait_for_site(varnish)
    assert raw(varnish, *PURGE) == 204
    return varnish


@pytest.fixture(scope="module")
def editor(front):
    editor = Editor(front[1])
    yield editor
    editor.stop()


@pytest.fixture
def serve_with(front):
    """``serve_with(**env)``: the site again, with other settings, for the time of the test."""
    varnish, site = front

    def again(**env):
        site.stop()
        site.serve(**env)
        wait_for_site(varnish)

    yield again
    site.stop()


def wait_for_site(varnish):
    """Waits until Varnish knows that it answers: it doubts of one that stopped, or was long at something."""
    until(lambda: get(varnish, "/sante/vivant").status_code == 200)


def get(varnish, path, **options):
    return requests.get(varnish.address + path, timeout=70, allow_redirects=False, **options)


def is_cached(varnish, path, **options):
    return get(varnish, path, **options).headers.get("Cache-Status") == "varnish; hit"


def warm(varnish, *paths):
    for path in paths:
        get(varnish, path)
        assert is_cached(varnish, path), path


def test_a_page_is_kept_and_says_nothing_of_how(varnish):
    warm(varnish, "/", "/fiches/recette/", "/api/v1/fiches", "/fiches/carte.geojson", "/fiches/recette/fiche.pdf")
    answer = get(varnish, "/api/v1/fiches")
    assert not SECRET_HEADERS & set(answer.headers)
    assert answer.headers["Content-Security-Policy"]
    assert answer.json()["count"] == 2


def test_campaigns_and_the_order_of_parameters_share_one_object(varnish):
    warm(varnish, "/fiches/?departement=25&tri=titre")
    for path in (
        "/fiches/?tri=titre&departement=25",
        "/fiches/?utm_source=lettre&tri=titre&utm_campaign=a&departement=25",
        "/fiches/?fbclid=abc&departement=25&tri=titre&gclid",
    ):
        assert is_cached(varnish, path), path
    assert not is_cached(varnish, "/fiches/?departement=39&tri=titre")


def test_readers_who_compress_and_who_do_not_get_the_same(varnish):
    plain = get(varnish, "/fiches/recette/", headers={"Accept-Encoding": "identity"})
    small = get(varnish, "/fiches/recette/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert small.text == plain.text
    again = get(varnish, "/fiches/recette/", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_nothing_is_uncompressed_for_who_does_not_compress(varnish):
    plain, small = PLAIN, {"headers": {"Accept-Encoding": "gzip, br"}}
    refused = {"headers": {"Accept-Encoding": "br, gzip;q=0"}}
    paths = ("/fiches/recette/", "/fiches/carte.geojson", "/api/v1/fiches")
    for path in paths:
        get(varnish, path, **plain)
        get(varnish, path, **small)
        assert (
            is_cached(varnish, path, **plain)
            and is_cached(varnish, path, **small)
            and is_cached(varnish, path, **refused)
        )
    assert varnish.counted("MAIN.n_gunzip") == 0


def test_who_is_logged_in_reaches_the_site_and_leaves_nothing(varnish, site):
    browser = site.browser(varnish.address).log_in()
    page = browser.get("/fiches/recette/")
    assert (page.status_code, page.headers.get("Cache-Status")) == (200, None)
    assert browser.get("/admin/").status_code == 200
    anonymous = get(varnish, "/fiches/recette/")
    assert "wagtail-userbar" not in anonymous.text
    assert get(varnish, "/admin/").status_code == 302


@pytest.mark.parametrize("path", ["/admin/login/", "/candidature/", "/signaler/", "/sante/pret", "/fiches/inconnue/"])
def test_what_is_not_for_everyone_is_never_kept(varnish, path):
    for _twice in range(2):
        assert "Cache-Status" not in get(varnish, path).headers


def test_a_form_sent_through_varnish_arrives_with_its_cookie(varnish, site):
    page = site.browser(varnish.address)
    answer = page.submit("/admin/login/", {"login": "admin", "password": "faux"})
    assert answer.status_code == 200
    assert "Vérifiez-les, puis réessayez." in answer.text


def test_a_publication_shows_the_page_of_before_once_more_and_makes_no_reader_wait(varnish, editor):
    paths = ("/", "/fiches/", "/fiches/recette/", "/api/v1/fiches")
    warm(varnish, *paths)
    editor("publish", "Zibeline neuve")
    for path in paths:
        started = time.monotonic()
        assert is_cached(varnish, path), path
        assert time.monotonic() - started < 0.5
    for path in paths:
        until(lambda path=path: "Zibeline neuve" in get(varnish, path).text)


def test_a_withdrawal_is_gone_at_once(varnish, editor):
    paths = ("/", "/fiches/", "/fiches/recette/", "/api/v1/fiches", "/fiches/recette/fiche.pdf")
    warm(varnish, *paths)
    editor("withdraw")
    found = {path: get(varnish, path) for path in paths}
    editor("publish", "Zibeline")
    assert [found[path].status_code for path in ("/fiches/recette/", "/fiches/recette/fiche.pdf")] == [404, 404]
    assert [path for path, answer in found.items() if answer.status_code == 200 and "Zibeline" in answer.text] == []


def test_everything_goes_with_one_command(varnish, site):
    warm(varnish, "/fiches/autre/fiche.pdf")
    site.manage("purger")
    assert not is_cached(varnish, "/fiches/autre/fiche.pdf")


def test_a_stale_page_is_shown_while_it_is_made_again(varnish, serve_with):
    """An answer is kept two seconds here: the site says until when."""
    serve_with(RALLYNOV_HTTP_CACHE_SECONDS=2)
    get(varnish, "/fiches/autre/")  # made for the first time, which may take long
    warm(varnish, "/fiches/autre/")
    time.sleep(3)
    started = time.monotonic()
    assert is_cached(varnish, "/fiches/autre/")
    assert time.monotonic() - started < 0.5


def test_pages_already_read_are_shown_when_the_site_is_stopped(varnish, site):
    warm(varnish, "/", "/fiches/recette/")
    site.stop()
    for _round in range(2):
        assert get(varnish, "/fiches/recette/").status_code == 200
    missing = get(varnish, "/fiches/autre/")
    assert (missing.status_code, missing.headers["Retry-After"]) == (503, "10")
    assert "Le site revient dans un instant" in missing.text
    site.serve()
    until(lambda: get(varnish, "/fiches/autre/").status_code == 200, seconds=15)


def test_what_varnish_answers_itself_is_in_french_with_the_site_s_headers(varnish, site):
    said = get(varnish, "/fiches/recette/").headers
    names = {*settings.RALLYNOV_HEADERS, "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"}
    expected = {name: said[name] for name in {*names, "Cross-Origin-Opener-Policy"}}
    refused = requests.request("PURGE", varnish.address, headers={"X-Forwarded-For": "203.0.113.9"}, timeout=10)
    assert (refused.status_code, refused.text) == (405, "Cette demande n’est permise qu’au site.\n")
    site.stop()
    page = get(varnish, "/fiches/autre/")
    sent = requests.post(f"{varnish.address}/signaler/", timeout=70)
    for answer in (page, sent):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert '<html lang="fr">' in answer.text and "Le site revient dans un instant" in answer.text
    for answer in (refused, page, sent):
        assert {name: answer.headers.get(name) for name in expected} == expected
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Cache-Control"] == "no-store"
        assert not SECRET_HEADERS & set(answer.headers)


def test_what_was_withdrawn_stays_withdrawn_though_the_site_is_stopped(varnish, site, editor):
    warm(varnish, "/fiches/recette/")
    editor("withdraw")
    site.stop()
    status = get(varnish, "/fiches/recette/").status_code
    editor("publish", "Zibeline")
    assert status == 503


def test_old_pages_are_shown_when_the_site_fails(varnish, site, serve_with):
    """Kept two seconds, then asked again: the database is gone by then."""
    serve_with(RALLYNOV_HTTP_CACHE_SECONDS=2)
    get(varnish, "/fiches/recette/")
    warm(varnish, "/fiches/recette/")
    serve_with(DATABASE_URL=f"sqlite:///{site.folder}/absent/rien.sqlite3")
    time.sleep(14)  # past what is shown while a page is made again
    for _reader in range(3):
        answer = get(varnish, "/fiches/recette/")
        assert (answer.status_code, "Zibeline" in answer.text) == (200, True)
    never_kept = get(varnish, "/fiches/autre/")
    assert (never_kept.status_code, "Rally’nov" in never_kept.text) == (503, True)


def raw(varnish, *lines):
    with socket.create_connection(("127.0.0.1", varnish.port), 10) as connection:
        connection.sendall("\r\n".join((*lines, "Connection: close", "", "")).encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return int(answer.split()[1])


def test_only_the_site_says_what_is_forgotten(varnish):
    warm(varnish, "/")
    assert raw(varnish, *PURGE, "X-Forwarded-For: 203.0.113.9") == 405
    assert is_cached(varnish, "/")
    assert raw(varnish, *PURGE) == 204
    assert not is_cached(varnish, "/")


def test_forged_headers_make_no_page_of_others(varnish):
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Stale": "yes"}
    page = get(varnish, "/fiches/recette/", headers=forged)
    assert "evil.example" not in page.text
    assert "evil.example" not in get(varnish, "/fiches/recette/").text
    assert get(varnish, "/", headers={"Host": "evil.example"}).status_code == 400
    assert get(varnish, "/").status_code == 200
