"""Whatever is asked, of whatever address: an answer or a reason, never an error of ours, never something private."""

from itertools import product

import pytest
from django.test import Client

pytestmark = pytest.mark.nightly

HOSTILE = [
    "",
    "%00",
    "%22",
    "'",
    "1e20",
    "-1",
    "nan",
    "99999999999999999999999",
    "%F0%9F%A6%8A",
    "%ED%A0%80",
    "..%2F..",
    "AND",
    "*",
    "(",
    "NEAR(a+b)",
    "a" * 4000,
    "mot+" * 400,
    "{}",
    "[1]",
    "null",
    "%0D%0AX:1",
    "s.1.1",
    "2026-13-45",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59",
    "2026-11-25T00:00:00Z~9",
    "~",
    "25056",
    "'%22%3Cscript%3E",
    "rgb(0,0,0)",
]
LOOK = ["theme", "accent", "type", "nom"]
PARAMETERS = [
    "q",
    "departement",
    "commune",
    "bbox",
    "autour",
    "rayon",
    "depuis",
    "tri",
    "page",
    "par_page",
    "curseur",
    *LOOK,
]
ADDRESSES = [
    "/api/v1/fiches",
    "/api/v1/fiches.geojson",
    "/api/v1/facettes",
    "/api/v1/etapes",
    "/api/v1/suppressions",
    "/api/v1/carnets",
    "/api/v1/redirections",
    "/fiches/flux.atom",
    "/etapes/flux.atom",
    "/fiches/donnees.csv",
    "/sitemap.xml",
    "/integration/",
    "/integration/liste/",
    "/integration/carte/",
]
PRIVATE = ("QZX", "QZY", "contact_courriel")


STEP = 5
"""Where the same readers read as elsewhere, each parameter is sent a fifth of the values, others at each address: five
addresses in a row send all. By hand, 1."""
IN_FULL = ("/api/v1/fiches", "/fiches/donnees.csv")
"""The address of the API and that of the pages which read the most: there, each parameter is sent every value."""


def asked(address):
    pairs = list(product(PARAMETERS, HOSTILE))
    return pairs if address in IN_FULL else pairs[ADDRESSES.index(address) % STEP :: STEP]


@pytest.fixture
def client_with_error_pages(epicerie, settings):
    """Sees an error page where a test would see the exception; asks as often as it likes."""
    settings.RALLYNOV_API_QUOTA = 0
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_parameter_makes_an_error_of_ours(client_with_error_pages, address):
    seen = {}
    for parameter, value in asked(address):
        response = client_with_error_pages.get(f"{address}?{parameter}={value}")
        text = b"".join(response) if response.streaming else response.content
        seen[parameter, value] = response.status_code
        assert not [marker for marker in PRIVATE if marker.encode() in text]
        assert b"'\"<script>" not in text
    assert set(seen.values()) <= {200, 400, 404}, {asked: code for asked, code in seen.items() if code >= 500}


def test_a_character_that_is_not_text_is_refused_by_each_parameter(client_with_error_pages, openapi):
    """Databases refuse NUL. It was dropped: what was asked was not what was answered."""
    files = ("/fiches/flux.atom", "/fiches/donnees.csv", "/fiches/carte.geojson", "/etapes/calendrier.ics")
    asked = [
        (path.replace("{slug}", "epicerie"), parameter["name"])
        for path, operations in openapi["paths"].items()
        for parameter in operations["get"].get("parameters", ())
        if parameter["in"] == "query" and parameter["name"] != "token"  # a token that is not ours is answered 404
    ]
    assert len(asked) > 80
    for address, name in [*asked, *((file, name) for file in files for name in ("departement", "langue"))]:
        for value in ("%00", "a%00b"):
            response = client_with_error_pages.get(f"{address}?{name}={value}")
            assert (response.status_code, [*response.json()["parametres"]]) == (400, [name]), (address, name, value)


@pytest.mark.parametrize("slug", ["%00", "a" * 4000, "..%2F", "%ED%A0%80", "%F0%9F%A6%8A", "epicerie%20"])
@pytest.mark.parametrize("resource", ["fiches", "etapes", "carnets"])
def test_no_address_name_makes_an_error_of_ours(client_with_error_pages, resource, slug):
    assert client_with_error_pages.get(f"/api/v1/{resource}/{slug}").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"if-none-match": "x" * 5000},
        {"if-none-match": '"'},
        {"if-modified-since": "hier"},
        {"accept-language": ",;q=" * 200},
        {"accept-encoding": "gzip;q=0"},
    ],
)
def test_no_header_makes_an_error_of_ours(client_with_error_pages, headers):
    assert client_with_error_pages.get("/api/v1/fiches", headers=headers).status_code == 200
