"""What staff can send that none of the admin's forms sends: it is told not to be understood, and changes nothing."""

import pytest
from django.core.files.base import ContentFile
from django.core.signing import Signer
from django.db import DataError
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, finder_classes
from wagtail.admin.forms.choosers import URLOrAbsolutePathField
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.hooks import search_for_hooks
from wagtail.models import Page, Workflow

from config.malformed_requests import MisreadRequestMiddleware, is_misread
from fiches.candidatures.models import Dossier
from fiches.models import Edition, Partenaire
from tests import pictures
from tests.factories import FichePageFactory, UserFactory
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db

CHOOSERS = [f"wagtailsnippetchoosers_rallynov_fiches_{name}:create" for name in ("dimension", "edition", "partenaire")]
FORGED = {"import_file_name": "/etc/passwd:x", "input_format": "0:x"}


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


def test_a_picture_or_a_copy_without_its_fields_is_not_understood(staff, fiche):
    picture = ContentFile(pictures.picture(), name="photo.jpg")
    assert is_refused_request(staff.post(reverse("wagtailimages:add_multiple"), {"autre": picture}))
    for sent in ({}, {"new_parent_page": "x"}, {"new_parent_page": "9" * 5000}):
        assert is_refused_request(staff.post(reverse("wagtailadmin_pages:copy", args=[fiche.pk]), sent)), sent


def test_a_text_that_its_editor_did_not_write_is_not_understood(staff, fiche):
    address = reverse("wagtailadmin_pages:edit", args=[fiche.pk])
    block = {"corps-0-deleted": "", "corps-0-order": "0", "corps-0-type": "texte", "corps-0-id": ""}
    assert is_refused_request(staff.post(address, {"corps-count": "1", **block, "corps-0-value": "x"}))


def test_a_row_without_its_number_is_not_understood(staff):
    workflow = Workflow.objects.first()
    address = reverse("wagtailadmin_workflows:edit", args=[workflow.pk])
    form = filled_form(staff.get(address), "main form")
    [row] = [name for name in form if name.endswith("-0-id")]
    assert is_refused_request(staff.post(address, {name: value for name, value in form.items() if name != row}))
    assert is_refused_request(staff.post(address, {**form, row: "x"}))
    assert staff.post(address, form).status_code == 302


def test_a_link_without_an_address_is_not_understood(staff):
    assert is_refused_request(staff.post(reverse("wagtailadmin_choose_page_external_link")))


@pytest.mark.parametrize("address", CHOOSERS)
def test_a_record_is_not_made_from_a_chooser_without_a_form(staff, address):
    before = Edition.objects.count(), Partenaire.objects.count()
    assert is_refused_request(staff.post(reverse(address), {"nom": "Autre", "annee": 2040}))
    assert (Edition.objects.count(), Partenaire.objects.count()) == before


def test_a_place_that_is_none_is_not_understood(staff, fiche):
    address = reverse("wagtailadmin_pages:set_page_position", args=[fiche.pk])
    assert is_refused_request(staff.post(f"{address}?position={'9' * 30}"))
    assert staff.post(f"{address}?position=0").status_code == 200


def test_what_is_done_in_a_parent_is_not_done_to_the_root(staff):
    root = Page.get_first_root_node()
    for name, more in (("lock", []), ("unlock", []), ("set_page_position", []), ("move_confirm", [root.pk])):
        assert is_refused_request(staff.post(reverse(f"wagtailadmin_pages:{name}", args=[root.pk, *more]))), name
    assert not Page.objects.get(pk=root.pk).locked


def test_the_number_of_a_chosen_page_that_is_none_is_not_understood(staff, tree):
    assert is_refused_request(staff.post(reverse("etapes_admin:choose_parent"), {"parent_page": "x"}))


def test_an_import_without_its_signed_fields_or_its_file_is_not_understood(staff):
    address = reverse("wagtailredirects:process_import")
    sign = Signer().sign
    gone = {"import_file_name": sign("rallynov-parti"), "input_format": sign("0")}
    crossed = {"import_file_name": sign("0"), "input_format": sign("rallynov-parti")}
    for sent in ({}, FORGED, gone, crossed):
        assert is_refused_request(staff.post(address, sent)), sent
    assert not Redirect.objects.exists()


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
