"""Tests the preview of a draft on any separate front end. tests/browser/test_separate_site.py tests that of docs/frontal."""

from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site
from wagtail_headless_preview.models import PagePreview

from etapes.models import EtapeOrganisation
from fiches.candidatures.consentements import hide
from fiches.diffusion import headless_preview
from fiches.models import FichePage
from fiches.upkeep.retention import delete_too_old
from tests.factories import (
    EtapePageFactory,
    FichePageFactory,
    HomePageFactory,
    PartenaireFactory,
    UserFactory,
)
from tests.formulaires import filled_form

FRONT_END = "https://front.example"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def front(settings):
    settings.WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": {"default": FRONT_END}}


@pytest.fixture
def fiche(tree):
    return FichePageFactory(
        parent=tree.fiches, title="La recette <b>partagée</b>", slug="recette", organisation="Agrodoubs", complete=True
    )


def previewed(client, fiche, **typed):
    """The address that the admin's preview opens once a title is typed, nothing being saved."""
    edit = f"/admin/pages/{fiche.pk}/edit/"
    form = {**filled_form(client.get(edit)), **typed}
    posted = client.post(f"{edit}preview/", form)
    assert posted.json() == {"is_valid": True, "is_available": True}
    answer = client.get(f"{edit}preview/")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").iframe["src"]


def test_the_admin_s_preview_opens_on_the_front_end(fiche, client):
    client.force_login(UserFactory(role="redaction"))
    address = previewed(client, fiche, title="Un titre à l’essai")
    assert address.startswith(f"{FRONT_END}/?content_type=rallynov_fiches.fichepage&token=")
    assert client.get(f"/api/v1/apercu?{urlsplit(address).query}").json()["titre"] == "Un titre à l’essai"
    assert client.get("/api/v1/fiches/recette").json()["titre"] == "La recette <b>partagée</b>"
    fiche.refresh_from_db()
    assert fiche.title == "La recette <b>partagée</b>"


def test_a_draft_s_token_shows_what_a_published_fiche_would_and_nothing_private(fiche, client):
    client.force_login(UserFactory(role="redaction"))
    address = previewed(client, fiche, contact_courriel="secret-QZX@example.org")
    query = urlsplit(address).query
    shown = client.get(f"/api/v1/apercu?{query}")
    published = client.get("/api/v1/fiches/recette").json()
    assert shown["Cache-Control"] == "private, no-store"
    assert "QZX" not in shown.content.decode()
    assert shown.json().keys() == published.keys()
    assert {name for name in published if shown.json()[name] != published[name]} <= {"url", "pdf", "modifie_le"}


def test_the_draft_of_an_etape_hides_a_contact_who_did_not_agree(tree, client):
    etape = EtapePageFactory(parent=tree.etapes, slug="dole")
    EtapeOrganisation.objects.create(
        etape=etape, partenaire=PartenaireFactory(), contact_nom="Prive QZX", contact_courriel="qzx@qzx.test"
    )
    client.force_login(UserFactory(role="redaction"))
    draft = client.get(f"/api/v1/apercu?{urlsplit(previewed(client, etape)).query}")
    assert len(draft.json()["organisateurs"]) == 1 and "QZX" not in draft.content.decode().upper()


@pytest.mark.parametrize("token", ["", "x", "%00", "id=1:abc:def", "a" * 3000])
def test_a_token_that_is_not_ours_opens_nothing(client, token):
    response = client.get(f"/api/v1/apercu?content_type=rallynov_fiches.fichepage&token={token}")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_the_token_of_one_site_opens_nothing_on_another(fiche, client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    elsewhere = HomePageFactory(parent=Page.get_first_root_node(), slug="ailleurs")
    Site.objects.create(hostname="ailleurs.test", port=80, root_page=elsewhere)
    Site.objects.create(hostname="aussi-ici.test", port=80, root_page=fiche.get_site().root_page)
    client.force_login(UserFactory(role="redaction"))
    query = urlsplit(previewed(client, fiche, title="Un titre à l’essai")).query
    hosts = ("localhost", "aussi-ici.test", "ailleurs.test")
    assert [client.get(f"/api/v1/apercu?{query}", headers={"host": host}).status_code for host in hosts] == [
        200,
        200,
        404,
    ]


def test_a_token_opens_for_a_day_and_its_draft_is_forgotten(fiche, client, monkeypatch):
    client.force_login(UserFactory(role="redaction"))
    query = urlsplit(previewed(client, fiche)).query
    with monkeypatch.context() as later:
        later.setattr(headless_preview, "TOKEN_LIFETIME", headless_preview.TOKEN_LIFETIME * 0)
        assert client.get(f"/api/v1/apercu?{query}").status_code == 404
    PagePreview.objects.update(created_at=timezone.now().date() - 2 * headless_preview.TOKEN_LIFETIME)
    delete_too_old()
    assert PagePreview.objects.count() == 0
    assert client.get(f"/api/v1/apercu?{query}").status_code == 404


@pytest.mark.parametrize("is_online", [True, False])
def test_a_preview_ends_when_its_page_is_private_or_deleted(fiche, client, is_online):
    client.force_login(UserFactory(role="redaction"))
    if not is_online:
        fiche.unpublish()
    token = f"/api/v1/apercu?{urlsplit(previewed(client, fiche)).query}"
    client.logout()
    assert client.get(token).status_code == 200
    if is_online:
        PageViewRestriction.objects.create(page=fiche, restriction_type=PageViewRestriction.LOGIN)
    else:
        Page.objects.get(pk=fiche.pk).delete()
    assert client.get(token).status_code == 404


def test_a_preview_of_a_draft_ends_when_a_consent_is_withdrawn(fiche, client):
    fiche.unpublish()
    client.force_login(UserFactory(role="redaction"))
    token = f"/api/v1/apercu?{urlsplit(previewed(client, fiche)).query}"
    assert client.get(token).status_code == 200
    hide(FichePage.objects.get(pk=fiche.pk), {"contact_nom_public": False})
    assert client.get(token).status_code == 404
