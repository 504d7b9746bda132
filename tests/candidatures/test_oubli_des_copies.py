"""A withdrawal also applies to the translations and the aliases of the fiche."""

import contextlib

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.models import Locale, Page, Site

from fiches import content_language
from fiches.candidatures.consentements import CONTACT, withdraw_consent
from fiches.candidatures.dossier_erasure import erase_dossier
from fiches.candidatures.models import Dossier
from fiches.candidatures.submission import withdraw_dossier
from fiches.models import FichePage
from tests.addresses import accounts_and_records as accounts_and_records
from tests.addresses import module_accounts_and_records as module_accounts_and_records
from tests.candidatures.conftest import Visitor
from tests.candidatures.screens import CONTACT_MARKERS, PICTURE_MARKER, SLUG, plain, put_online, read
from tests.candidatures.screens import published as published
from tests.conftest import module_transaction
from tests.factories import UserFactory
from tests.langues.conftest import SETTINGS, translate
from tests.langues.conftest import three_languages as three_languages

pytestmark = pytest.mark.usefixtures("enabled_response_cache", "three_languages")


@contextlib.contextmanager
def in_three_languages(django_db_blocker):
    """What a fixture of the module makes in a site in three languages, gone after the module."""
    with module_transaction(django_db_blocker), override_settings(**SETTINGS):
        content_language.make_locales()
        Site.clear_site_root_paths_cache()
        yield


@pytest.fixture(scope="module")
def module_published(module_call, module_accounts_and_records, django_db_blocker):
    with in_three_languages(django_db_blocker):
        yield put_online(Visitor())


@pytest.fixture(scope="module")
def module_translation(module_published, django_db_blocker):
    """The key of the fiche in German, made once for the module."""
    with in_three_languages(django_db_blocker):
        fiche = FichePage.objects.get(slug=SLUG)
        for page in (Page.objects.get(slug="accueil", locale__language_code="fr"), fiche.get_parent()):
            if not page.has_translation(Locale.objects.get(language_code="de")):
                translate(page, "de")
        with Visitor.capture(execute=True):
            translation = translate(fiche, "de", title="Die Nachtmilch")
        yield translation.pk


@pytest.fixture
def fiche(published):
    return FichePage.objects.get(slug=SLUG, locale__language_code="fr")


@pytest.fixture
def translation(module_translation, published):
    return FichePage.objects.get(pk=module_translation)


def copy_and_publish(fiche, capture, **fields):
    """Copies a page with the admin's form, and publishes the copy at once."""
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    parent = fiche.get_parent()
    data = {"new_title": "La copie", "new_slug": "la-copie", "new_parent_page": parent.pk, "publish_copies": "on"}
    with capture(execute=True):
        client.post(reverse("wagtailadmin_pages:copy", args=[fiche.pk]), data)
    return FichePage.objects.get(slug="la-copie")


def personal_data_shown(page):
    """Returns ``{address: [markers of personal data found]}`` of the page, its PDF, and its item in API v1."""
    addresses = [
        page.url,
        f"{page.url}fiche.pdf",
        f"/api/v1/fiches/{page.slug}",
        "/api/v1/fiches",
    ]
    addresses += [f"{address}?langue=de" for address in addresses[2:]]
    found = {}
    for address in addresses:
        text = plain(read(Client(), address)[0])
        words = [name for name, word in CONTACT_MARKERS.items() if word in text]
        words += ["photo"] * (PICTURE_MARKER in text)
        if words:
            found[address] = words
    return found


def test_a_translation_has_the_contact_and_the_photo_until_they_are_taken_back(translation, visitor):
    everything = [*CONTACT_MARKERS, "photo"]
    assert personal_data_shown(translation)[translation.url] == everything
    dossier = Dossier.objects.get()
    for finalite in (*CONTACT, "droits_photo"):
        with visitor.capture(execute=True):
            withdraw_consent(dossier=dossier, finalite=finalite)
    assert personal_data_shown(translation) == {}
    translation.refresh_from_db()
    draft = translation.get_latest_revision_as_object()
    assert (translation.contact_public, translation.photo, draft.contact_public, draft.photo) == ({}, None, {}, None)


def test_a_copy_takes_neither_contact_nor_photo(fiche, visitor):
    copy = copy_and_publish(fiche, visitor.capture)
    assert personal_data_shown(copy)[copy.url] == ["nom"]  # under the quotation, which is the body's
    assert (copy.live, copy.contact_nom, copy.contact_courriel, copy.photo) == (True, "", "", None)
    draft = copy.get_latest_revision_as_object()
    assert (draft.contact_nom, draft.contact_courriel, draft.photo) == ("", "", None)
    assert all(revision.content["contact_nom"] == "" for revision in copy.revisions.all())


@pytest.mark.parametrize("leave", ["consent", "dossier"])
def test_no_translation_or_alias_stays_online_without_the_company(fiche, translation, visitor, leave):
    alias = fiche.create_alias(update_slug="alias")
    assert Client().get(alias.url).status_code == 200
    with visitor.capture(execute=True):
        if leave == "consent":
            withdraw_consent(dossier=Dossier.objects.get(), finalite="publication")
        else:
            withdraw_dossier(dossier=Dossier.objects.get())
    for page in (fiche, translation, alias):
        assert Client().get(page.url).status_code == 404
    with visitor.capture(execute=True):
        translation.get_latest_revision().publish(skip_permission_checks=True)
    assert Client().get(translation.url).status_code == 404


def test_an_erased_dossier_leaves_no_contact_on_a_translation(translation, visitor):
    with visitor.capture(execute=True):
        erase_dossier(Dossier.objects.get())
    words = {word for found in personal_data_shown(translation).values() for word in found}
    assert words <= {"photo"}
    assert FichePage.objects.get(pk=translation.pk).contact_nom == ""


def test_what_is_online_stays_without_its_contact_when_only_the_original_of_an_erased_dossier_is_offline(
    fiche, translation, visitor
):
    with visitor.capture(execute=True):
        fiche.unpublish()
        erase_dossier(Dossier.objects.get())
    assert not FichePage.objects.filter(pk=fiche.pk).exists()
    assert Client().get(translation.url).status_code == 200
    words = {word for found in personal_data_shown(translation).values() for word in found}
    assert words <= {"photo"}


def quotation_and_credit(page):
    """Who said the quotation, and whose picture it is."""
    [quotation] = [block.value for block in page.corps if block.block_type == "citation"]
    return quotation["auteur"], page.photo.credit


def test_a_name_taken_back_is_not_put_back_under_a_quotation_and_other_names_stay(fiche, visitor, staff):
    withdraw_consent(dossier=Dossier.objects.get(), finalite="contact_nom")
    fiche.refresh_from_db()
    assert quotation_and_credit(fiche) == ("", "")
    fiche.corps = [
        {"type": "citation", "value": {"texte": "Un.", "auteur": "Jeanne Zanzibar", "fonction": "Fermière"}},
        {"type": "citation", "value": {"texte": "Deux.", "auteur": "Paul Zanzibar", "fonction": "Fermier"}},
    ]
    with visitor.capture(execute=True):
        fiche.save_revision(user=staff.user).publish(user=staff.user, skip_permission_checks=True)
    page = read(Client(), fiche.url)[0]
    assert ("Jeanne" in page, "ermière" in page, "Paul Zanzibar, Fermier" in page) == (False, False, True)
