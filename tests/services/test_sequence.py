"""Two publications at once, on PostgreSQL: the register's sequence grows in the order of their commits."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Site

from fiches.models import FichePage, Publication, Version
from fiches.publications import ledger, version
from tests.factories import FichePageFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def _nothing_to_index(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def sequence(fiche):
    return Publication.objects.get(object_id=fiche.pk).sequence


def in_a_thread(function):
    def run():
        try:
            return function()
        finally:
            connection.close()

    return run


def test_who_commits_last_has_the_larger_number(tree):
    first, second = FichePageFactory(parent=tree.fiches), FichePageFactory(parent=tree.fiches)
    published, done = Event(), []

    def slow():
        with transaction.atomic():
            publish(first)
            published.set()
            time.sleep(0.5)
            done.append("first")

    def quick():
        published.wait()
        publish(second)
        done.append("second")

    with ThreadPoolExecutor(2) as threads:
        for task in [threads.submit(in_a_thread(each)) for each in (slow, quick)]:
            task.result()
    assert done == ["first", "second"]
    assert sequence(first) < sequence(second) <= Version.objects.get().number


def publish(fiche):
    fiche = FichePage.objects.get(pk=fiche.pk)
    fiche.chapo = "Autre"
    fiche.save_revision().publish()


def test_a_publication_that_is_rolled_back_leaves_its_number_to_the_next(tree):
    fiche, other = FichePageFactory(parent=tree.fiches), FichePageFactory(parent=tree.fiches)
    before = Version.objects.get()
    with transaction.atomic():
        publish(fiche)
        transaction.set_rollback(True)
    assert Version.objects.get().number == before.number
    publish(other)
    assert sequence(fiche) < sequence(other)
    assert Version.objects.get().changed_at > before.changed_at


def test_contents_are_not_built_with_the_home_page_of_before(tree):
    """Another process changed the site within the half second in which this one does not read the version again."""
    fiche = FichePageFactory(parent=tree.fiches, slug="recette")
    assert json.loads(ledger.contents("fiche", [fiche.pk])[fiche.pk])["url"] == "http://localhost/fiches/recette/"
    version.current()
    # As it does, without the signals that tell this process.
    Site.objects.filter(pk=tree.site.pk).update(root_page=tree.fiches)
    Version.objects.update(number=F("number") + 1, changed_at=timezone.now(), shared_at=timezone.now())
    Publication.objects.update(contents=None)
    assert json.loads(ledger.contents("fiche", [fiche.pk])[fiche.pk])["url"] == "http://localhost/recette/"
