"""What staff can send that none of the admin's forms sends: it is told not to be understood, and changes nothing."""

import pytest
from django.db import DataError
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, finder_classes
from wagtail.admin.forms.choosers import URLOrAbsolutePathField
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.hooks import search_for_hooks
from wagtail.models import Page

from config.malformed_requests import MisreadRequestMiddleware, is_misread
from fiches.candidatures.models import Dossier
from fiches.models import Edition
from tests.factories import FichePageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche(tree):
    return FichePageFactory(parent=tree.fiches, slug="recette")


@pytest.fixture
def staff():
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory(role="admin"))
    return client


def is_refused_request(response):
    return response.status_code == 400 and "Cette demande est incomplète ou incorrecte" in response.text


@pytest.mark.parametrize("role", ["redaction", "admin"])
def test_a_page_sent_without_its_fields_is_not_understood(role, tree, fiche):
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory(role=role))
    before = fiche.latest_revision_id
    for address in ("wagtailadmin_pages:edit", "wagtailadmin_pages:preview_on_edit"):
        for count in ({}, {"corps-count": "beaucoup"}, {"corps-count": "999999999999999999"}):
            sent = {"title": "Autre", **count}
            assert is_refused_request(client.post(reverse(address, args=[fiche.pk]), sent)), (address, sent)
    assert Page.objects.get(pk=fiche.pk).latest_revision_id == before


@pytest.mark.parametrize("action", ["edition", "move", "publish"])
def test_a_bulk_action_on_what_is_no_number_is_not_understood(staff, tree, action):
    assert staff.get(f"/admin/bulk/rallynov_fiches/fichepage/{action}/?id=abc&next=/admin/fiches/").status_code == 400


@pytest.mark.parametrize("where", ["fiches", "etapes", "pages/{home}"])
def test_a_filter_whose_number_is_no_key_is_not_understood(staff, tree, where):
    address = f"/admin/{where.format(home=tree.home.pk)}/"
    assert is_refused_request(staff.get(address, {"owner": "9" * 20}))
    assert staff.get(address, {"owner": "9" * 18}).status_code == 200
    assert staff.get(address, {"q": "9" * 20}).status_code == 200


def test_what_was_not_understood_is_logged_with_its_cause(staff, caplog):
    staff.post(reverse("wagtailadmin_choose_page_external_link"))
    [line] = [line for line in caplog.records if line.name == "config.malformed_requests"]
    assert (line.levelname, line.exc_info[0]) == ("ERROR", AttributeError)


def test_a_fault_stays_a_fault(staff, fiche, monkeypatch):
    def broken(*args, **kwargs):
        raise DataError("ours")

    address = reverse("wagtailadmin_pages:set_page_position", args=[fiche.pk])
    monkeypatch.setattr(Page, "get_parent", broken)
    assert staff.post(f"{address}?position=0").status_code == 500


def test_the_same_error_raised_by_code_of_ours_is_a_fault():
    request = RequestFactory().post("/", {})
    with pytest.raises(KeyError) as caught:
        request.POST["absent"]
    assert not is_misread(caught.value)


def test_only_what_is_sent_to_the_admin_is_taken_for_misread():
    with pytest.raises(AttributeError) as caught:
        URLOrAbsolutePathField().to_python(None)
    assert is_misread(caught.value)
    middleware = MisreadRequestMiddleware(lambda request: None)
    for request in (RequestFactory().post("/fiches/"), RequestFactory().get("/admin/")):
        assert middleware.process_exception(request, caught.value) is None
    assert middleware.process_exception(RequestFactory().post("/admin/"), caught.value).status_code == 400


def test_every_record_that_another_screen_names_has_an_address_of_its_own():
    """A screen of what uses a call or a person fails whole on one that has none."""
    search_for_hooks()
    wrong = []
    found = {**finder_classes.values_by_class, **finder_classes.values_by_exact_class}
    records = {model: finder for model, finder in found.items() if issubclass(finder, ModelAdminURLFinder)}
    assert {Dossier, Edition} <= records.keys()
    for model, finder in records.items():
        record = model(pk=1, **({"site_id": 1} if issubclass(model, BaseSiteSetting) else {}))
        try:
            finder().construct_edit_url(record)
        except NoReverseMatch:
            wrong.append(model.__name__)
    assert not wrong
