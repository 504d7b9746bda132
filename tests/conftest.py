"""What every test starts with."""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from itertools import groupby
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection, transaction
from django.template import RequestContext, Template

from tests.database_templates import SCHEMA, delete_stale_templates, digest
from tests.journal import _no_secret_logged as _no_secret_logged
from tests.journal import journal as journal
from tests.readers import _readers_already_imported as _readers_already_imported
from tests.readers import readers_started_anew as readers_started_anew

ROOT = Path(__file__).parents[1]
LONGEST = 60
"""Characters of a value in a test's name. Subprocesses carry the name in their environment; an archive holds the hour at which it
was made, and the name is to be the same in each worker."""


STALE = 14 * 24 * 3600
"""Seconds after which a template is made again: a site that has done nothing for a month doubts its clock (`fiches.upkeep.retention`)."""


def pytest_make_parametrize_id(val):
    return type(val).__name__ if isinstance(val, str | bytes) and len(val) > LONGEST else None


def pytest_configure(config):
    """Of the files that are named, those of a folder come before those of the folders in it: pytest 9.1 loses what the ``conftest.py``
    of a folder gives once a file of the folder above was named between two of its own (pytest-dev/pytest#14964)."""
    config.args.sort(key=lambda name: name.partition("::")[0].count("/"))


def pytest_xdist_auto_num_workers(config):
    """As many processes as processors, one more where they wait for a browser; none beside this one for a module or a test
    that is named."""
    if all(".py" in name for name in config.args):
        return 0
    return max(2, os.cpu_count() or 1) + any("browser" in name for name in config.args)


def pytest_itemcollected(item):
    """A module is for one worker, so that what is made once for it is made once; so are those that read the demonstration.
    Those of its tests that commit are apart: they come after every other, since they leave an empty base."""
    group = "demonstration" if "demonstration" in item.fixturenames else item.path.stem
    item.add_marker(pytest.mark.xdist_group(f"{group}-commits" if is_transactional(item) else group))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """In each module, what starts from an empty site comes before what starts from `module_tree`, and that before what starts
    from more; tests that commit come last. With ``RALLYNOV_ORDRE``, a seed, modules and the tests of each are in a random order
    instead. On a database server, only what asks for a database and the tests of the servers are run: the others would run the same."""
    if seed := os.environ.get("RALLYNOV_ORDRE"):
        items.sort(key=lambda item: [Random(seed + name).random() for name in (item.path.stem, item.nodeid)])
    items[:] = [
        item
        for _module, group in groupby(items, lambda item: item.getparent(pytest.Module))
        for item in sorted(group, key=count_module_fixtures)
    ]
    items.sort(key=is_transactional)
    if connection.vendor != "sqlite":
        selected = [item for item in items if runs_on_a_server(item)]
        config.hook.pytest_deselected(items=list(set(items) - set(selected)))
        items[:] = selected


def count_module_fixtures(item):
    """How many things made once for its module a test starts from."""
    return sum(definitions[-1].scope == "module" for definitions in item._fixtureinfo.name2fixturedefs.values())


def runs_on_a_server(item):
    marked = any(item.get_closest_marker(name) for name in ("services", "django_db"))
    return marked or bool({"db", "transactional_db"} & set(item.fixturenames))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    """A folder that the processes of one run of pytest share."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    (folder / "modele").mkdir(exist_ok=True)
    return folder / "modele"


@pytest.fixture(scope="session")
def make_once(request, shared_folder):
    """``make_once(name, make)``: the JSON value that ``make(folder)`` returned, and its folder; made by the first process that
    asks. With ``made_from``, the digest of what it is made from, the folder outlives the run, in pytest's cache."""

    def get(name, make, made_from=None):
        parent_folder = shared_folder
        if made_from and hasattr(request.config, "cache"):  # without `-p no:cacheprovider`
            parent_folder, name = request.config.cache.mkdir("templates"), f"{name}-{made_from}"
        folder, result_file = parent_folder / name, parent_folder / f"{name}.json"
        with (parent_folder / f"{name}.verrou").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not result_file.exists() or time.time() - result_file.stat().st_mtime > STALE:
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                written = json.dumps(make(folder))
                result_file.write_text(written)
                if made_from:
                    delete_stale_templates(result_file)
        return folder, json.loads(result_file.read_text())

    return get


@pytest.fixture(scope="session")
def migrated_database(make_once):
    """A SQLite file with the tables and what the migrations put in them, for whoever copies it."""
    if made := os.environ.get("RALLYNOV_MIGREE_SQLITE"):
        return Path(made)
    folder, name = make_once("sqlite", migrate, made_from=digest(SCHEMA))
    return folder / name


def migrate(folder):
    name = "migree.sqlite3"
    variables = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "DATABASE_URL": f"sqlite:///{folder / name}"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **variables, "RALLYNOV_LANGUAGES": "fr"}, check=True)
    return name


def starts_from_a_copy():
    """Whether the tests' database is a copy of :func:`migrated_database`: on SQLite, unless ``TEST_DB`` names another file."""
    return connection.vendor == "sqlite" and not settings.TEST_DB


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_blocker, tmp_path_factory):
    """On SQLite the base is a copy, in which nothing is left to migrate; elsewhere it is pytest-django's."""
    if starts_from_a_copy():
        base = tmp_path_factory.mktemp("base") / "tests.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_database"), base)
        connection.close()
        connection.settings_dict["NAME"] = str(base)
    else:
        request.getfixturevalue("django_db_setup")


@contextlib.contextmanager
def use_database(database):
    """The tests' connection is to that SQLite file."""
    connection.close()
    usual, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], str(database)
    yield
    connection.close()
    connection.settings_dict["NAME"] = usual


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_pages(django_test_environment):
    """`response.context` holds what views draw for their request. Django's test client also copies the context of each field of a
    form and of each included template, which is a twentieth of the time of an edit form."""
    instrumented = Template._render

    def render(template, context):
        if context.template is template and isinstance(context, RequestContext):
            return instrumented(template, context)
        return template.nodelist.render(context)

    Template._render = render


@pytest.fixture(autouse=True)
def _empty_cache():
    """No test sees another's cached page or failed log-ins."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def module_tree(request, django_db_setup, django_db_blocker):
    """``(pk of the home page, {name: pk} of its lists)``: the pages of `tree`, made once for the module and gone after it,
    as a test's own changes are after the test. None in a module whose tests commit: each starts from an empty site."""
    if any(is_transactional(item) for item in request.session.items if item.path == request.node.path):
        yield None
    elif starts_from_a_copy() and not connection.in_atomic_block:
        base, keys = request.getfixturevalue("database_with_tree")
        with use_database(base):
            yield keys
    else:
        with module_transaction(django_db_blocker):
            keys = create_tree()
            connection.run_on_commit.clear()  # nobody is told
            yield keys


@pytest.fixture(scope="session")
def database_with_tree(migrated_database, django_db_setup, django_db_blocker, tmp_path_factory):
    """``(a base that holds the pages of `tree`, what `module_tree` gives)``: made once for all modules."""
    base = shutil.copy(migrated_database, tmp_path_factory.mktemp("tree") / "tests.sqlite3")
    with django_db_blocker.unblock(), use_database(base), transaction.atomic():
        keys = create_tree()
        connection.run_on_commit.clear()  # nobody is told
    return base, keys


@contextlib.contextmanager
def module_transaction(django_db_blocker):
    """What a fixture of a module writes is gone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def is_transactional(item):
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(marker and marker.kwargs.get("transaction"))


def create_tree():
    from tests.batch_indexing import batch_indexing

    with batch_indexing():
        home = create_home_page()
        lists = create_index_pages(home)
    return home.pk, lists


def create_home_page():
    from wagtail.models import Page, Site

    from tests.factories import HomePageFactory

    site = Site.objects.get(is_default_site=True)
    site.root_page = HomePageFactory(parent=Page.get_first_root_node())
    site.save()
    return site.root_page


def create_index_pages(home):
    from tests.factories import CarnetIndexPageFactory, EtapeIndexPageFactory, FicheIndexPageFactory

    factories = {"fiches": FicheIndexPageFactory, "etapes": EtapeIndexPageFactory, "carnets": CarnetIndexPageFactory}
    return {name: make(parent=home).pk for name, make in factories.items()}


@pytest.fixture
def home_page(module_tree, db):
    """The site's home page, served at "/"."""
    return read_tree(module_tree).home if module_tree else create_home_page()


@pytest.fixture
def tree(request, module_tree, db):
    """The site's tree: ``site``, ``home``, ``fiches`` (their list), ``etapes``, ``carnets``."""
    if module_tree:
        return read_tree(module_tree)
    home = request.getfixturevalue("home_page")
    return read_tree((home.pk, create_index_pages(home)))


def read_tree(module_tree):
    """What `tree` is, read again: for what a module adds to its `module_tree`."""
    home, numbers = module_tree
    return Tree({"home": home, **numbers})


class Tree:
    """What `tree` gives. A page is read when a test first asks for it, which few do for all."""

    def __init__(self, numbers):
        self._numbers = numbers

    def __getattr__(self, name):
        from wagtail.models import Page

        if name == "site":
            found = self.home.sites_rooted_here.get()
        elif name in self._numbers:
            found = Page.objects.get(pk=self._numbers[name]).specific
        else:
            raise AttributeError(name)
        setattr(self, name, found)
        return found


def reload_record(record):
    """The record as the database holds it, without what a test left on the object that a module keeps."""
    return type(record)._default_manager.get(pk=record.pk)


@pytest.fixture
def enabled_response_cache(settings):
    """Whole responses are kept, as on the site."""
    settings.CACHES = settings.CACHES | {
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
    }
    caches["pages"].clear()
    yield caches["pages"]
    caches["pages"].clear()
