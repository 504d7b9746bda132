"""A separate front end, the documentation's own: list, search, fiche, and the preview of a draft from the admin."""

import importlib.util
from pathlib import Path
from threading import Thread
from urllib.parse import quote, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail_headless_preview.models import PagePreview

from fiches.diffusion import headless_preview
from tests.factories import FichePageFactory, UserFactory
from tests.formulaires import filled_form

FRONT_END = Path(__file__).parents[2] / "docs" / "frontal" / "frontal.py"

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def front(live_server, tree, settings):
    """Reads a page of the front end: ``front(path, status)``; ``front.address`` is where it is."""
    spec = importlib.util.spec_from_file_location("frontal", FRONT_END)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    server = module.serveur(live_server.url, 0)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    settings.WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": {"default": address}}

    def read(path, status=200):
        answer = requests.get(f"{address}{path}", timeout=30)
        assert answer.status_code == status
        return BeautifulSoup(answer.content, "html.parser")

    read.address = address
    yield read
    server.shutdown()
    server.server_close()


@pytest.fixture
def fiche(tree):
    return FichePageFactory(
        parent=tree.fiches, title="La recette <b>partagée</b>", slug="recette", organisation="Agrodoubs", complete=True
    )


def test_a_front_end_lists_searches_and_shows(front, fiche, tree):
    FichePageFactory(parent=tree.fiches, title="La forge", slug="forge")
    assert [link["href"] for link in front("/").select("main li a")] == ["/fiche/forge", "/fiche/recette"]
    found = front(f"/?q={quote('recette')}")
    assert (found.h1.text, [link.text for link in found.select("main li a")]) == (
        "1 innovations",
        ["La recette <b>partagée</b>"],
    )
    assert front("/fiche/recette").select_one("article h1").text == "La recette <b>partagée</b>"
    assert "departement" in front("/?departement=99", 400).main.text
    assert "n’existe pas" in front("/fiche/inconnue", 404).main.text


def test_a_front_end_goes_on_to_the_next_page(front, tree):
    FichePageFactory.create_batch(3, parent=tree.fiches)
    first = front("/?par_page=2")
    rest = front(first.select_one("a[rel=next]")["href"])
    assert (len(first.select("main li")), len(rest.select("main li"))) == (2, 1)


def previewed(client, fiche, **typed):
    """The address that the admin's preview opens once a title is typed, nothing being saved."""
    edit = f"/admin/pages/{fiche.pk}/edit/"
    form = {**filled_form(client.get(edit)), **typed}
    posted = client.post(f"{edit}preview/", form)
    assert posted.json() == {"is_valid": True, "is_available": True}
    answer = client.get(f"{edit}preview/")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").iframe["src"]


def test_the_admin_s_preview_opens_on_the_front_end(front, fiche, client):
    client.force_login(UserFactory(role="redaction"))
    address = previewed(client, fiche, title="Un titre à l’essai")
    assert address.startswith(f"{front.address}/?content_type=fiches.fichepage&token=")
    page = front(address.removeprefix(front.address))
    assert (page.h1.text, "n’est pas en ligne" in page.select_one("[role=status]").text) == ("Un titre à l’essai", True)
    assert front("/fiche/recette").h1.text == "La recette <b>partagée</b>"
    fiche.refresh_from_db()
    assert fiche.title == "La recette <b>partagée</b>"


def test_a_draft_s_token_shows_what_a_published_fiche_would_and_nothing_private(front, fiche, client):
    client.force_login(UserFactory(role="redaction"))
    address = previewed(client, fiche, contact_courriel="secret-QZX@example.org")
    query = urlsplit(address).query
    shown = client.get(f"/api/v1/apercu?{query}")
    published = client.get("/api/v1/fiches/recette").json()
    assert shown["Cache-Control"] == "private, no-store"
    assert "QZX" not in shown.content.decode()
    assert shown.json().keys() == published.keys()
    assert {name for name in published if shown.json()[name] != published[name]} <= {"url", "pdf", "modifie_le"}


@pytest.mark.parametrize("token", ["", "x", "%00", "id=1:abc:def", "a" * 3000])
def test_a_token_that_is_not_ours_opens_nothing(front, client, token):
    response = client.get(f"/api/v1/apercu?content_type=fiches.fichepage&token={token}")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_a_token_opens_for_a_day_and_its_draft_is_forgotten(front, fiche, client, monkeypatch):
    client.force_login(UserFactory(role="redaction"))
    query = urlsplit(previewed(client, fiche)).query
    with monkeypatch.context() as later:
        later.setattr(headless_preview, "TOKEN_LIFETIME", headless_preview.TOKEN_LIFETIME * 0)
        assert client.get(f"/api/v1/apercu?{query}").status_code == 404
    PagePreview.objects.update(created_at=timezone.now().date() - 2 * headless_preview.TOKEN_LIFETIME)
    assert (headless_preview.delete_old_previews(), PagePreview.objects.count()) == (1, 0)
    assert client.get(f"/api/v1/apercu?{query}").status_code == 404


def test_without_a_front_end_the_site_shows_its_own_previews(fiche, client, settings):
    settings.WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": {}}
    client.force_login(UserFactory(role="redaction"))
    client.post(f"/admin/pages/{fiche.pk}/edit/preview/", filled_form(client.get(f"/admin/pages/{fiche.pk}/edit/")))
    page = client.get(f"/admin/pages/{fiche.pk}/edit/preview/").content.decode()
    assert "Agrodoubs" in page
    assert "<iframe" not in page
