"""Is the process alive, can it serve? And the plain-text addresses."""

from datetime import datetime, timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from home.models import Organisme

READY = {
    "pret": True,
    "base_de_donnees": True,
    "migrations": True,
    "cache": True,
    "fichiers": True,
    "restauration": True,
    "pages": True,
}


def test_alive_touches_no_database(client, django_assert_num_queries):
    """No `db` fixture: a query would fail the test."""
    response = client.get("/sante/vivant")
    assert (response.status_code, response.json()) == (200, {"vivant": True})
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_process_says_how_it_is_at_its_own_address(client):
    """`mettre-a-jour` don't know the public name; pages are for that name only."""
    own = {"host": "10.0.0.7:8001"}
    assert [client.get(f"/sante/{path}", headers=own).status_code for path in ("vivant", "pret")] == [200, 200]
    assert client.get("/", headers=own).status_code == 400


@pytest.mark.django_db
def test_ready_when_all_that_a_page_needs_is_there(client):
    response = client.get("/sante/pret")
    assert response.status_code == 200
    assert response.json() == READY


@pytest.mark.django_db
def test_not_ready_while_pages_answer_500_for_want_of_the_static_files_list(client, settings, tmp_path):
    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}
    client.raise_request_exception = False
    assert client.get("/recherche/").status_code == 500
    response = client.get("/sante/pret")
    assert response.status_code == 503
    assert response.json() == READY | {"pret": False, "pages": False}


@pytest.mark.django_db
def test_not_ready_where_no_file_can_be_kept(client, settings):
    here = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": "/dev/null/media"}}
    kept = settings.STORAGES
    for alias in ("default", "private"):
        settings.STORAGES = kept | {alias: here}
        assert client.get("/sante/pret").json() == READY | {"pret": False, "fichiers": False}


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client):
    MigrationRecorder.Migration.objects.filter(app="home").order_by("-id")[:1].get().delete()
    response = client.get("/sante/pret")
    assert response.status_code == 503
    assert response.json() == READY | {"pret": False, "migrations": False}


@pytest.mark.django_db
def test_not_ready_without_the_cache_which_breaks_no_page(client, settings):
    absent = {
        "BACKEND": "config.cache.SparingRedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_connect_timeout": 1},
    }
    settings.CACHES = {"default": absent, "pages": absent}
    assert client.get("/sante/pret").json() == READY | {"pret": False, "cache": False}
    assert [client.get(address).status_code for address in ("/admin/login/", "/plan-du-site/")] == [200, 200]


def test_robots_know_where_the_site_map_is(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert "Disallow: /admin/" in lines


def test_security_txt_says_whom_to_tell(client, tree):
    Organisme.objects.create(site=tree.site, courriel="equipe@rallynov.example")
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "Contact: mailto:equipe@rallynov.example"
    told, _, date = lines[1].partition(": ")
    left = datetime.fromisoformat(date) - timezone.now()
    assert (told, lines[1][-1]) == ("Expires", "Z")
    assert timedelta(days=90) < left < timedelta(days=365)  # RFC 9116: less than a year; long enough to be looked after
    assert lines[3] == "Canonical: http://testserver/.well-known/security.txt"
