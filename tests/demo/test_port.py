"""`make run`: on another port than the time before, on one that is taken, on another version's database, and with DEBUG=1."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import Site

from tools.prepare import follow_port, refuse_incompatible_database

pytestmark = pytest.mark.nightly

ROOT = Path(__file__).resolve().parents[2]


def python(*arguments, **environment):
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", **environment}
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("served_on", "hostname", "port"),
    [
        ("http://127.0.0.1:8123", "127.0.0.1", 8123),
        ("http://127.0.0.1", "127.0.0.1", 80),
        ("http://127.0.0.1:8123", "rally.test", 8000),
    ],
)
def test_the_pages_of_the_demo_lead_to_the_port_of_this_time(settings, served_on, hostname, port):
    Site.objects.filter(is_default_site=True).update(hostname=hostname, port=8000)
    settings.BASE_URL = served_on
    follow_port()
    assert Site.objects.get().port == port


@pytest.mark.django_db
def test_the_database_of_another_version_is_refused_in_one_line_that_says_how_to_start_again():
    refuse_incompatible_database()
    MigrationRecorder.Migration.objects.create(app="fiches", name="0017_register_of_all_pages")
    with pytest.raises(SystemExit, match=r"^La base .+ vient d’une autre version du site\. .+ relancez : make run$"):
        refuse_incompatible_database()


def test_a_port_that_is_taken_is_told_before_anything_is_installed(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        alone = {"PATH": os.environ["PATH"]}  # of the `make` that may run this test, it takes over nothing
        made = ["make", "run", f"PORT={port}"]
        done = subprocess.run(made, cwd=tmp_path, env=alone, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, (tmp_path / ".venv").exists()) == (2, "", False)
    assert done.stderr.startswith(f"Le port {port} est déjà pris : PORT=8001 make run\n")


EDITED = """
import sys
from pathlib import Path

import django
from django.conf import settings

settings.TEMPLATES[0]["DIRS"] = [sys.argv[1]]
django.setup()
from django.template.loader import render_to_string

for text in ("before", "after"):
    Path(sys.argv[1], "edited.html").write_text(text)
    print(render_to_string("edited.html"), end=" ")
print(settings.CACHES["pages"]["BACKEND"].rpartition(".")[2])
"""


@pytest.mark.parametrize(("debug", "shown"), [("1", "before after DummyCache"), ("0", "before before LocMemCache")])
def test_a_template_that_is_edited_shows_at_once_with_debug(tmp_path, debug, shown):
    done = python("-c", EDITED, str(tmp_path), DEBUG=debug, DJANGO_SETTINGS_MODULE="config.settings.dev")
    assert (done.stdout.strip(), done.stderr) == (shown, "")
