"""Every static file that a template or a stylesheet names is there: production's hashed names refuse the others."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

pytestmark = pytest.mark.nightly

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"""\{% static ["']([^"']+)["']""")
TEMPLATES = [
    template
    for folder in ("templates", "home", "search", "etapes", "fiches", "site")
    for template in sorted((ROOT / folder).glob("**/*.html"))
]


def test_the_static_files_that_templates_name_exist():
    named = [(template, name) for template in TEMPLATES for name in NAMED.findall(template.read_text())]
    assert len(named) > 100
    assert [(str(template), name) for template, name in named if not finders.find(name)] == []


def test_the_files_that_stylesheets_and_scripts_name_exist(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()
