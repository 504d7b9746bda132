"""What every response says to the browser, whoever made it."""

import pytest
from django.test import Client

from config import environment

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


@pytest.fixture
def picture(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("config.media_views._image_of", lambda folder, path: path)
    monkeypatch.setattr(
        "fiches.media.access.is_visible", lambda image: True
    )  # tests/config/test_media.py says which are
    (tmp_path / "images").mkdir()
    (tmp_path / "documents").mkdir()
    (tmp_path / "images/page.png").write_bytes(b"\x89PNG")
    (tmp_path / "images/page.svg").write_text("<svg/>")
    (tmp_path / "documents/private.pdf").write_bytes(b"%PDF")
    (tmp_path / "documents/private.png").write_bytes(b"\x89PNG")
    return "/media/images/page.png"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/robots.txt", 200),
        ("/nowhere/", 404),
        ("/api/v1/fiches", 200),
        ("/admin/login/", 200),
        ("/media/images/page.png", 200),
        ("/media/images/none.png", 404),
        ("/static/wagtailadmin/css/core.css", 200),
        ("/static/none.css", 404),
        ("/sante/vivant", 200),
    ],
)
def test_every_response_has_the_headers(client, home_page, picture, address, status):
    response = client.get(address)
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "geolocation=(self)" in response.headers["Permissions-Policy"]
    assert "Content-Security-Policy" in response.headers
    assert "Server" not in response.headers


def test_a_crash_has_the_headers_too(home_page, monkeypatch):
    monkeypatch.setattr("config.health.CHECKS", {"base_de_donnees": lambda: 1 / 0})
    response = Client(raise_request_exception=False).get("/sante/pret")
    assert response.status_code == 500
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    assert directives(response.headers["Content-Security-Policy"]) == directives(STRICT)


def test_a_request_for_an_unknown_host_has_the_headers_too(client, db):
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "Cette demande est incomplète ou incorrecte" in response.content.decode()


@pytest.mark.parametrize("address", ["/", "/nowhere/", "/robots.txt"])
def test_the_public_s_policy_is_strict(client, home_page, address):
    policy = client.get(address).headers["Content-Security-Policy"]
    assert directives(policy) == directives(STRICT)
    assert "unsafe" not in policy
    assert "*" not in policy


def test_only_the_admin_may_have_inline_code_and_it_stays_among_ourselves(client, db):
    policy = directives(client.get("/admin/login/").headers["Content-Security-Policy"])
    assert policy["script-src"] == "'self' 'unsafe-inline'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["connect-src"] == "'self'"


def test_the_preview_of_a_page_is_as_strict_but_shows_in_the_admin(home_page):
    policy = directives(home_page.make_preview_request().headers["Content-Security-Policy"])
    assert policy == directives(STRICT) | {"frame-ancestors": "'self'"}


def test_a_preview_may_show_the_separate_site_and_no_public_page_may(client, home_page, settings):
    front = "https://front.example"
    settings.RALLYNOV_ADMIN_POLICY = settings.RALLYNOV_ADMIN_POLICY | {"frame-src": ["'self'", front]}
    policy = directives(home_page.make_preview_request().headers["Content-Security-Policy"])
    assert policy == directives(STRICT) | {"frame-ancestors": "'self'", "frame-src": f"'self' {front}"}
    assert directives(client.get("/").headers["Content-Security-Policy"]) == directives(STRICT)


@pytest.mark.parametrize("front", ["https://front.example:8443/apercu", "https://front.example:8443"])
def test_a_separate_site_is_named_by_its_host_alone(front):
    """A path in the policy would refuse each preview whose address differs from it."""
    assert environment.origin(front) == "https://front.example:8443"


def test_partners_may_show_our_pictures_and_scripts_but_not_read_our_pages(client, home_page, picture):
    assert client.get(picture).headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    static = client.get("/static/wagtailadmin/css/core.css")
    assert static.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get("/").headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_media_are_pictures_and_nothing_else(client, db, picture):
    response = client.get(picture)
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for refused in (
        "images/page.svg",
        "documents/private.pdf",
        "documents/private.png",
        "images/../documents/private.png",
    ):
        assert client.get(f"/media/{refused}").status_code == 404


@pytest.mark.parametrize("address", ["/", "/nowhere/", "/robots.txt", "/api/v1/fiches", "/sitemap.xml"])
def test_a_visitor_gets_no_cookie_and_a_page_that_caches_can_keep(client, home_page, address):
    response = client.get(address)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_a_page_made_for_someone_logged_in_is_private(client, admin_user, home_page):
    client.force_login(admin_user)
    response = client.get("/admin/account/")
    assert "private" in response.headers["Cache-Control"]


def test_production_adds_what_https_allows(settings, db):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    for address in ("/robots.txt", "/nowhere/", "/static/none.css"):
        response = Client().get(address, secure=True)
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
