"""`manage.py territoire`, against a real server on this machine."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from fiches.models import Commune, FichePage

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"
CENTRES = {
    "25": {"25241": [6.06, 47.04], "25056": [6.02, 47.25]},
    "39": {"39300": [5.55, 46.67]},
    "70": {"70550": [6.15, 47.62]},
    "90": {"90010": [6.86, 47.64]},
}


class GeoApi:
    """geo.api.gouv.fr as far as we use it; `answers` replaces a département's answer by (status, body)."""

    def __init__(self):
        self.asked, self.answers, self.delay = [], {}, 0
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                url = urlsplit(self.path)
                departement = url.path.split("/")[2]
                api.asked.append((url.path, parse_qs(url.query)))
                time.sleep(api.delay)
                status, body = api.answers.get(departement, (200, api.body(departement)))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def body(departement):
        communes = [
            {"code": code, "nom": "X", "centre": {"type": "Point", "coordinates": centre}}
            for code, centre in CENTRES[departement].items()
        ]
        return json.dumps(communes + [{"code": f"{departement}999", "nom": "Sans centre"}]).encode()


@pytest.fixture
def api(settings):
    api = GeoApi()
    settings.RALLYNOV_GEO_API_URL = api.url
    yield api
    api.server.shutdown()
    api.server.server_close()


def run(capsys, *args):
    call_command("territoire", *args)
    return capsys.readouterr().out.splitlines()


def located():
    return list(Commune.objects.order_by("pk").values_list("pk", "latitude", "longitude", "source"))


def test_without_an_option_the_shipped_gazetteer_is_loaded_and_counted(api, capsys):
    Commune.objects.filter(pk="25241").delete()
    assert run(capsys) == [
        f"Doubs{NBSP}: 563 communes, dont 563 avec une position.",
        f"Jura{NBSP}: 492 communes, dont 492 avec une position.",
        f"Haute-Saône{NBSP}: 536 communes, dont 536 avec une position.",
        f"Territoire de Belfort{NBSP}: 101 communes, dont 101 avec une position.",
        f"Ensemble{NBSP}: 1692 communes, dont 1692 avec une position.",
    ]
    assert Commune.objects.get(pk="25241").nom == "Flagey"
    assert api.asked == []


def test_the_operator_completes_the_positions_from_the_national_api(api, capsys, monkeypatch):
    monkeypatch.setattr("fiches.management.commands.territoire.load_communes", lambda: None)
    Commune.objects.exclude(source="GeoNames").update(latitude=None, longitude=None, source="")
    root = Page.objects.get(depth=1)
    flagey = Commune.objects.get(pk="25241")
    page = root.add_child(instance=FichePage(title="Recette", organisation="Agrodoubs", commune=flagey))
    out = run(capsys, "--maj")
    assert out[0] == "5 communes placées par l’API nationale, 1325 encore sans position."
    assert out[-1] == f"Ensemble{NBSP}: 1692 communes, dont 367 avec une position."
    flagey.refresh_from_db()
    assert (flagey.latitude, flagey.longitude, flagey.source) == (47.04, 6.06, "geo.api.gouv.fr")
    page.refresh_from_db()
    assert (page.latitude, page.longitude, page.precision) == (47.04, 6.06, "commune")
    assert [path for path, _ in api.asked] == [f"/departements/{code}/communes" for code in ("25", "39", "70", "90")]
    assert api.asked[0][1] == {"fields": ["code,centre"], "format": ["json"]}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((200, b"<html>"), "{url} n’a pas répondu en JSON."),
        ((200, b"\xff\xfe"), "{url} n’a pas répondu en JSON."),
        ((200, b'{"code": 1}'), "{url} n’a pas répondu par des communes."),
        ((200, b"null"), "{url} n’a pas répondu par des communes."),
        (
            (200, b'[{"code": "90010", "centre": {"coordinates": ["x", null]}}]'),
            "{url} n’a pas répondu par des communes.",
        ),
        ((200, b"[]"), "{url} ne connaît aucune commune du département 90."),
        (
            (200, b'[{"code": "90010", "centre": {"coordinates": [2.35, 48.85]}}]'),
            "{url} place la commune 90010 hors de son département" + NBSP + ": 48,85" + NBSP + "; 2,35.",
        ),
        (
            (200, b'[{"code": "90010", "centre": {"coordinates": [NaN, NaN]}}]'),
            "{url} place la commune 90010 hors de son département" + NBSP + ": nan" + NBSP + "; nan.",
        ),
    ],
)
def test_an_answer_that_is_not_communes_changes_nothing(api, capsys, answer, message):
    before = located()
    api.answers["90"] = answer
    with pytest.raises(CommandError) as refused:
        run(capsys, "--maj")
    assert str(refused.value) == "Rien n’a été changé. " + message.format(url=api.url)
    assert located() == before


def test_only_a_web_address_is_asked(settings, capsys):
    settings.RALLYNOV_GEO_API_URL = "file:///etc"
    with pytest.raises(CommandError, match="RALLYNOV_GEO_API_URL doit commencer par https://"):
        run(capsys, "--maj")
