"""Two publications at once, on PostgreSQL: the register's sequence grows in the order of their commits."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from fiches.models import FichePage, Publication, Version
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
