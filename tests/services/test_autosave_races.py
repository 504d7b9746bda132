"""An autosave and a publication of the same page at the same moment, on PostgreSQL, each with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail import hooks
from wagtail.models import Page, Revision

from tests.factories import CarnetPageFactory, UserFactory
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

A_WHILE = 2
"""Seconds in which a publication is over, if nothing keeps it waiting."""


@pytest.fixture(autouse=True)
def _nothing_to_index(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def test_a_page_published_during_its_autosave_stays_online(tree):
    """The autosave has read the page, a draft, when the publication comes."""
    user = UserFactory(role="redaction")
    carnet = CarnetPageFactory(parent=tree.carnets, live=False, title="Carnet")
    carnet.save_revision(user=user)
    address = reverse("wagtailadmin_pages:edit", args=[carnet.pk])
    saver, publisher = Client(), Client()
    saver.force_login(user)
    publisher.force_login(user)
    form = filled_form(saver.get(address)) | {"title": "Fini"}
    read, published = Event(), Event()

    def wait_for_the_publication(request, page):
        if not request.accepts("text/html"):
            read.set()
            published.wait(A_WHILE)

    def autosave():
        answer = saver.post(address, form, headers={"accept": "application/json"})
        connection.close()
        return answer.status_code

    def publish():
        read.wait()
        answer = publisher.post(address, form | {"action-publish": "true"})
        published.set()
        connection.close()
        return answer.status_code

    with hooks.register_temporarily("before_edit_page", wait_for_the_publication), ThreadPoolExecutor(2) as threads:
        answers = [task.result() for task in (threads.submit(autosave), threads.submit(publish))]
    assert answers == [200, 302]
    now = Page.objects.get(pk=carnet.pk)
    assert (now.live, now.title) == (True, "Fini")
    assert Revision.objects.get(pk=now.live_revision_id).content["title"] == "Fini"
