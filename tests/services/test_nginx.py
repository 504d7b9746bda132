"""nginx as shipped: what it serves itself, what it never does, and who waits at its door instead of the site's."""

import re
import socket
import ssl
import time
from http.client import HTTPResponse

import pytest
import requests
import urllib3
from django.conf import settings

from tests.services.front_servers import Editor, Nginx, copy_of, free_port
from tests.services.screens import HOST, get
from tests.services.screens import _name as _name

urllib3.disable_warnings()


@pytest.fixture(scope="module")
def front(model, tmp_path_factory):
    """``(nginx, site, addresses of the picture)``: production's settings, nginx in front of one process."""
    folder = tmp_path_factory.mktemp("nginx")
    site = copy_of(model, folder / "site")
    static = site.folder / "static"
    site.env |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": "tests-only-k3Jx7wQz9vL2mN8bR5tY1uP4sD6fG0hA-not-a-secret-51",
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "BASE_URL": f"https://{HOST}",
        "RALLYNOV_TRUSTED_PROXIES": "1",
        "RALLYNOV_X_ACCEL": "/media-interne/",
        "RALLYNOV_MFA_REQUIRED": "0",
    }
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    for name, content in {
        "media/documents/prive.pdf": b"%PDF-prive",
        "media/images/piege.svg": b"<svg/>",
        "prive/dossiers/piece.pdf": b"%PDF-piece",
    }.items():
        (site.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (site.folder / name).write_bytes(content)
    (site.folder / "media/images/lien.jpg").symlink_to(site.folder / "prive/dossiers/piece.pdf")
    site.serve()
    nginx = Nginx(folder / "nginx", site.port, media=site.folder / "media", static=static)
    yield nginx, site, model[1]
    nginx.stop()
    site.stop()


def secure(nginx, timeout=30, host="127.0.0.1"):
    context = ssl._create_unverified_context()
    plain = socket.create_connection((host, nginx.https), timeout)
    return context.wrap_socket(plain, server_hostname=HOST)


def test_who_comes_by_ipv6_is_answered(front):
    with secure(front[0], host="::1") as door:
        door.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        answer = HTTPResponse(door)
        answer.begin()
        assert (answer.status, b"<h1" in answer.read()) == (200, True)


def raw_answer(nginx, text):
    """``(status, headers, body)`` of a request written by hand, paths as they are."""
    with secure(nginx) as connection:
        connection.sendall(text.replace("\n", "\r\n").encode())
        answer = HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.headers, answer.read()


def raw(nginx, text):
    status, _headers, body = raw_answer(nginx, text)
    return status, body


def test_a_page_comes_with_the_site_s_headers_and_nginx_says_no_version(front):
    nginx, _site, _picture = front
    answer = get(nginx, "/fiches/recette/")
    assert (answer.status_code, answer.headers["Server"]) == (200, "nginx")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


CLOSE = f"HTTP/1.1\nHost: {HOST}\nConnection: close"
REFUSALS = {
    "line": (f"GET /%zz {CLOSE}\n\n", 400, "Cette demande est incomplète ou incorrecte"),
    "header": (f"GET / {CLOSE}\nX-Long: {'a' * 9000}\n\n", 400, "Cette demande est incomplète ou incorrecte"),
    "static file": (f"GET /static/none.css {CLOSE}\n\n", 404, "Page introuvable"),
    "static folder": (f"GET /static/css/ {CLOSE}\n\n", 403, "Page introuvable"),
    "picture": (f"GET /media-interne/images/none.jpg {CLOSE}\n\n", 404, "Page introuvable"),
    "method": (f"PROPFIND / {CLOSE}\n\n", 405, "Cette demande est incomplète ou incorrecte"),
    "post to a file": (
        f"POST /static/css/base.css {CLOSE}\nContent-Length: 0\n\n",
        405,
        "Cette demande est incomplète ou incorrecte",
    ),
    "body": (f"POST /candidature/ {CLOSE}\nContent-Length: 70000000\n\n", 413, "trop lourds"),
    "address": (f"GET /{'a' * 9000} {CLOSE}\n\n", 414, "Cette demande est incomplète ou incorrecte"),
}


def security_headers(site_s_own):
    """The headers that each page of the site has, and that no answer of nginx's own may lack."""
    kept = {*settings.RALLYNOV_HEADERS, "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"}
    kept |= {"Cross-Origin-Opener-Policy", "Strict-Transport-Security"}
    return {name: site_s_own[name] for name in kept}


def assert_refused(answer, status, words, expected):
    code, headers, body = answer
    text = body.decode()
    assert (code, headers["Content-Type"]) == (status, "text/html")
    assert {name: headers.get_all(name) for name in expected} == {name: [value] for name, value in expected.items()}
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers.get_all("Cache-Control") == ["no-store"]
    assert '<html lang="fr"' in text and words in text
    assert "http://" not in text and "https://" not in text.replace("https://rallynov", "")


@pytest.mark.parametrize("kind", REFUSALS)
def test_what_nginx_refuses_is_said_in_french_with_the_site_s_headers(front, kind):
    nginx, _site, _picture = front
    request, status, words = REFUSALS[kind]
    assert_refused(raw_answer(nginx, request), status, words, security_headers(get(nginx, "/fiches/recette/").headers))


@pytest.mark.parametrize(
    "request_text", [f"GET /%zz {CLOSE}\n\n", f"GET / {CLOSE}\nX-Long: {'a' * 9000}\n\n"], ids=["line", "header"]
)
def test_what_can_not_be_read_on_the_plain_port_is_refused_in_french_too(front, request_text):
    nginx, _site, _picture = front
    expected = security_headers(get(nginx, "/fiches/recette/").headers)
    del expected["Strict-Transport-Security"]  # browsers pass it over there
    with socket.create_connection(("127.0.0.1", nginx.http), 30) as connection:
        connection.sendall(request_text.replace("\n", "\r\n").encode())
        answer = HTTPResponse(connection)
        answer.begin()
        assert_refused(
            (answer.status, answer.headers, answer.read()), 400, "Cette demande est incomplète ou incorrecte", expected
        )
    assert "Strict-Transport-Security" not in answer.headers


def test_files_and_pictures_have_the_site_s_headers_once_each(front):
    nginx, _site, picture = front
    expected = security_headers(get(nginx, "/fiches/recette/").headers)
    for path in ("/static/css/base.css", f"/media/{picture['rendition']}", "/fiches/recette/", "/admin/login/"):
        _status, headers, _body = raw_answer(nginx, f"GET {path} {CLOSE}\n\n")
        assert {name: headers.get_all(name) for name in expected} == {name: [value] for name, value in expected.items()}
        assert len(headers.get_all("Content-Security-Policy")) == 1
        assert len(headers.get_all("Cross-Origin-Resource-Policy")) == 1


def test_a_crowd_and_a_site_that_is_down_are_told_so_in_french_and_when_to_come_back(front, tmp_path):
    nginx, site, _picture = front
    expected = security_headers(get(nginx, "/fiches/recette/").headers)
    alone = Nginx(tmp_path / "alone", free_port(), media=site.folder / "media", static=site.folder / "static")
    try:
        answer = raw_answer(alone, f"GET /fiches/?q=jeanne {CLOSE}\n\n")
        assert_refused(answer, 502, "maintenance", expected)
        assert answer[1].get_all("Retry-After") == ["60"]
        for _number in range(40):
            answer = raw_answer(alone, f"GET /admin/login/ {CLOSE}\n\n")
            if answer[0] != 502:
                break
        assert_refused(answer, 429, "Attendez une minute", expected)
        assert answer[1].get_all("Retry-After") == ["60"]
        time.sleep(0.2)
        assert '"path":"/fiches/","status":502' in alone.access.read_text()
    finally:
        alone.stop()


def test_static_files_come_from_nginx_compressed_and_for_a_year_where_their_name_holds_their_hash(front):
    nginx, _site, _picture = front
    page = get(nginx, "/").text
    style = next(
        part.split('"')[0] for part in page.split('href="')[1:] if part.startswith("/static/") and ".css" in part
    )
    answer = get(nginx, style)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/css")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert get(nginx, "/static/wagtailadmin/css/core.css").headers["Cache-Control"] == "public, max-age=3600"


def test_a_public_picture_comes_from_nginx_once_the_site_has_said_yes(front):
    nginx, site, picture = front
    answer = get(nginx, f"/media/{picture['rendition']}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.content == (site.folder / "media" / picture["rendition"]).read_bytes()
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    match = re.fullmatch(
        r"public, max-age=(\d+)", answer.headers["Cache-Control"]
    )  # less once the site kept its answer
    assert 0 < int(match[1]) <= 86400
    assert "X-Accel-Redirect" not in answer.headers
    again = get(nginx, f"/media/{picture['rendition']}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/media/{original}",
        "/media-interne/{original}",
        "/media-interne/{rendition}",
        "/media/documents/prive.pdf",
        "/media-interne/documents/prive.pdf",
        "/media/images/piege.svg",
        "/media/images/lien.jpg",
        "/media-interne/images/lien.jpg",
        "/media/",
        "/media/images/",
        "/static/",
        "/static/../media/documents/prive.pdf",
        "/static../media/documents/prive.pdf",
        "/static/%2e%2e/media/{original}",
        "/static/..%2fmedia/{original}",
        "/media/images/../original_images/../documents/prive.pdf",
        "/media/../prive/dossiers/piece.pdf",
        "/media/%2e%2e/prive/dossiers/piece.pdf",
        "/media/images/%2e%2e/%2e%2e/prive/dossiers/piece.pdf",
        "/prive/dossiers/piece.pdf",
        "/media/images//etc/passwd",
        "//media-interne/{original}",
        "/./media-interne/{original}",
        "/MEDIA-INTERNE/{original}",
    ],
)
def test_originals_private_documents_and_folders_are_not_reached_by_any_path(front, path):
    nginx, _site, picture = front
    path = path.format(**picture)
    status, body = raw(nginx, f"GET {path} HTTP/1.1\nHost: {HOST}\nConnection: close\n\n")
    assert status in (301, 400, 403, 404), path
    assert b"%PDF" not in body
    assert b"\xff\xd8\xff" not in body


def test_a_picture_goes_with_the_fiche_that_showed_it_within_a_second(front):
    nginx, site, picture = front
    where = f"/media/{picture['rendition']}"
    editor = Editor(site)
    assert get(nginx, where).status_code == 200
    _answer, done = editor("withdraw")
    time.sleep(max(0.0, done + 1 - time.monotonic()))
    assert get(nginx, where).status_code == 404
    _answer, done = editor("publish", "Zibeline")
    time.sleep(max(0.0, done + 1 - time.monotonic()))
    assert get(nginx, where).status_code == 200
    editor.stop()


def test_staff_see_the_originals(front):
    nginx, _site, picture = front
    with requests.Session() as session:
        page = get(nginx, "/admin/login/", session).text
        token = page.split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)
        answer = session.post(
            nginx.address + "/admin/login/",
            {"login": "admin", "password": "mot-de-passe-des-tests", "csrfmiddlewaretoken": token},
            headers={"Host": HOST, "Referer": f"https://{HOST}/admin/login/", "Cookie": cookies},
            verify=False,
            allow_redirects=False,
        )
        assert answer.status_code == 302
        cookie = f"__Host-session={answer.cookies['__Host-session']}"
    answer = get(nginx, f"/media/{picture['original']}", headers={"Cookie": cookie})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")


@pytest.mark.parametrize("method", ["BAN", "PURGE", "TRACE", "CONNECT", "PROPFIND"])
def test_methods_that_the_site_has_no_use_for_stop_at_the_door(front, method):
    nginx, _site, _picture = front
    target = "/" if method != "CONNECT" else f"{HOST}:443"
    status, _body = raw(nginx, f"{method} {target} HTTP/1.1\nHost: {HOST}\nX-Ban: .\nConnection: close\n\n")
    assert status in (400, 405)


def test_another_host_gets_no_answer_and_plain_http_is_sent_to_https(front):
    nginx, _site, _picture = front
    plain = requests.get(f"http://127.0.0.1:{nginx.http}/fiches/", headers={"Host": HOST}, allow_redirects=False)
    assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{HOST}/fiches/")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{nginx.http}/", headers={"Host": "evil.example"})
    with pytest.raises(requests.ConnectionError):
        get(nginx, "/", headers={"Host": "evil.example"})


def test_the_visitor_is_counted_by_the_address_that_nginx_saw(front):
    """Forged addresses don't help: the eleventh quick log-in of one visitor waits."""
    nginx, _site, _picture = front
    statuses = [
        get(nginx, "/admin/login/", headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code for number in range(40)
    ]
    assert statuses[0] == 200
    assert 429 in statuses


def test_forged_forwarded_headers_do_not_reach_the_site(front):
    nginx, _site, _picture = front
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"}
    answer = get(nginx, "/fiches/autre/", headers=forged)
    assert answer.status_code == 200  # "http" would have been sent to https
    assert "evil.example" not in answer.text


def is_closed(connection):
    """Whether the server ended the connection: since it leaves unread what it was sent, that may be by a reset."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_hundred_slow_clients_hold_no_process_of_the_site(front):
    """One process behind: a single slow client that reached it would stop everyone."""
    nginx, _site, _picture = front
    slow = []
    try:
        for number in range(50):
            connection = secure(nginx)
            head = f"POST /candidature/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100000\r\n"
            connection.sendall((head + ("\r\n" if number % 2 else "")).encode() + b"a")
            slow.append(connection)
        started = time.monotonic()
        # The same address has its own limit of connections, so a few are left for readers.
        assert get(nginx, "/fiches/recette/").status_code == 200
        assert time.monotonic() - started < 8  # they would hold it for longer
        for connection in slow[::2]:
            connection.settimeout(20)
        assert is_closed(slow[0])  # the head that never ends: ten seconds
    finally:
        for connection in slow:
            connection.close()


def test_too_large_a_body_and_too_long_a_line_are_refused(front):
    nginx, _site, _picture = front
    big = f"POST /candidature/ HTTP/1.1\nHost: {HOST}\nContent-Length: 70000000\nConnection: close\n\n"
    assert raw(nginx, big)[0] == 413
    assert raw(nginx, f"GET /{'a' * 9000} HTTP/1.1\nHost: {HOST}\nConnection: close\n\n")[0] == 414
    assert raw(nginx, f"GET / HTTP/1.1\nHost: {HOST}\nX-Long: {'a' * 9000}\nConnection: close\n\n")[0] == 400


def test_the_log_says_nothing_of_who_visits(front):
    nginx, _site, _picture = front
    get(nginx, "/candidature/secret-secret-secret-secret-secret-123/?q=nom", headers={"User-Agent": "Agent007"})
    get(nginx, "/en/candidature/secret-secret-secret-secret-secret-123/")
    get(nginx, "/abonnement/secret-secret-secret-secret-secret-123/arret/")
    get(nginx, "/admin/password_reset/confirm/MQ/secret-0123456789abcdef0123456789abcdef/")
    get(nginx, "/fiches/?q=jeanne")
    for pasted in (
        "x%0d%0ajean.dupont%40exemple.fr",
        "jean@exemple.fr/",
        "06%2012%2034%2056%2078",
        "fiches/0612345678/",
        "06.12.34.56.78",
        "x/%2B33612345678",
    ):
        get(nginx, f"/{pasted}")
    time.sleep(0.2)
    log = nginx.access.read_text()
    for path in ("/fiches/", "/candidature/…", "/en/candidature/…", "/abonnement/…", "/admin/password_reset/confirm/…"):
        assert f'"path":"{path}"' in log, path
    get(nginx, "/static/secret-secret.css")  # a fault of its own, which nginx tells with who asked for what
    errors = (nginx.access.parent / "error.log").read_text() + (nginx.access.parent / "nginx.log").read_text()
    for told in ("secret-secret", "q=", "Agent007", "127.0.0.1", "exemple.fr", "12 34", "12.34", "612345678"):
        assert told not in log + errors, told
