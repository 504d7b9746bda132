"""The demonstration, loaded once for the browser's tests and for those that read it in their own process."""

import os
import shutil
import subprocess
import sys
from datetime import date, timedelta

import pytest

from tests.database_templates import PRODUCT, ROOT, digest

TODAY = date.today()
DAY = max(TODAY - timedelta(TODAY.toordinal() % 14), TODAY.replace(month=1, day=1))
"""The day from which the examples' dates are computed: the same for two weeks, in this year, so that what is made from it is kept."""
LOAD = f"""
import datetime, os
from demo.load import load

load(password=os.environ["DEMO_PASSWORD"], today=datetime.date({DAY.year}, {DAY.month}, {DAY.day}))
"""
PASSWORD = "mot-de-passe-de-la-demo"
ADDRESS = "http://127.0.0.1:8123"
"""Where the site is served when the demonstration is loaded."""


def environment(folder, **more):
    """The variables of a site whose database, pictures, private files and mails are all in ``folder``."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "RALLYNOV_DONNEES": str(folder),
        "EMAIL_URL": f"filemail:///{folder / 'mails'}",
        "BASE_URL": ADDRESS,
        "DEMO_PASSWORD": PASSWORD,
        "RALLYNOV_LANGUAGES": "fr",  # the others have a site of their own: test_three_languages.py
        **more,
    }


@pytest.fixture(scope="session")
def demo(make_once, migrated_database):
    """A folder with the demo's database and pictures, made once for the same product and `DAY`."""

    def load(folder):
        shutil.copy(migrated_database, folder / "db.sqlite3")
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", LOAD]
        subprocess.run(command, cwd=ROOT, env=environment(folder), check=True)

    return make_once("demo", load, made_from=digest(PRODUCT, LOAD, ADDRESS))[0]


READ_ALL = """
import json, os, re
from concurrent.futures import ThreadPoolExecutor
from demo.accounts import USERNAMES
from django.test import Client

def read(path):
    assert Client(HTTP_HOST="127.0.0.1").get(path).status_code == 200, path

told = Client(HTTP_HOST="127.0.0.1").get("/sitemap.xml").content.decode()
paths = [path for path in re.findall(r"<loc>https?://[^/]+([^<]*)</loc>", told) if not path.startswith("/media/")]
assert len(paths) > 60
with ThreadPoolExecutor(2) as readers:
    list(readers.map(read, paths))

def session_of(account):
    client = Client(HTTP_HOST="127.0.0.1")
    client.post("/admin/login/", {"login": account, "password": os.environ["DEMO_PASSWORD"]})
    session = client.session
    session.set_expiry(30 * 24 * 3600)  # as long as this copy may be kept
    session.save()
    if account == "redaction":
        for path in ("/admin/fiches/", "/admin/etapes/"):
            assert client.get(path).status_code == 200, path
    return session.session_key

print(json.dumps({account: session_of(account) for account in sorted(USERNAMES)}))
"""
SESSIONS = "sessions.json"
"""In that copy, ``{account: the key of a session in which it is logged in}``."""


@pytest.fixture(scope="session")
def demo_with_sizes(demo, make_once):
    """A copy of that folder in which each page of the sitemap and the admin's lists were requested once, which makes the sizes of
    their pictures, and each account logged in (`SESSIONS`): spent once rather than by each server of the browser's tests."""

    def read(folder):
        shutil.copytree(demo, folder, dirs_exist_ok=True)
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", READ_ALL]
        told = subprocess.run(command, cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.PIPE)
        (folder / SESSIONS).write_bytes(told.stdout)

    return make_once("sizes", read, made_from=digest(PRODUCT, LOAD, READ_ALL))[0]
