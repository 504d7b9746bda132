"""A fiche or an étape is taken off the site in all its languages by one act, or in one."""

import pytest
from bs4 import BeautifulSoup

from etapes.models import EtapePage
from fiches.models import FichePage
from tests.factories import UserFactory
from tests.formulaires import filled_form


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.fixture
def moderator(client, translations):
    client.force_login(UserFactory(role="moderation", first_name="Rose", last_name="Petit"))
    return client


def online(translations):
    return [FichePage.objects.get(pk=getattr(translations, code).fiche.pk).live for code in ("fr", "en", "de")]


def withdraw(client, fiche, untick=False):
    """« Retirer la page du site… », then the button; ``untick`` leaves the other languages."""
    question = f"/admin/pages/{fiche.pk}/unpublish/"
    form = filled_form(client.get(question), "form:has(button)")
    if untick:
        del form["langues"]
    return client.post(question, form, follow=True)


def test_one_act_takes_all_the_languages(moderator, translations):
    fiche, others = translations.de.fiche, "Français, English"
    assert f"Retirer aussi du site : {others}" in words(moderator.get(f"/admin/pages/{fiche.pk}/unpublish/"))
    page_text = words(withdraw(moderator, fiche))
    assert f"ni dans ces autres langues : {others.replace(', ', ' et ')}" in page_text
    assert online(translations) == [False, False, False]
    assert [moderator.get(getattr(translations, each).fiche.url).status_code for each in ("fr", "en", "de")] == [
        404
    ] * 3


def test_the_other_languages_stay_where_they_are_unticked(moderator, translations):
    withdraw(moderator, translations.en.fiche, untick=True)
    assert online(translations) == [True, False, True]


def test_a_fiche_in_one_language_offers_nothing_more(moderator, translations):
    assert "Retirer aussi" not in words(moderator.get(f"/admin/pages/{translations.seule.pk}/unpublish/"))


@pytest.fixture
def editor(client, translations):
    client.force_login(UserFactory(role="redaction", first_name="Rose", last_name="Petit"))
    return client


def stages_online(translations):
    return [EtapePage.objects.get(pk=getattr(translations, code).etape.pk).live for code in ("fr", "en", "de")]


def test_one_act_takes_an_etape_off_in_all_its_languages(editor, translations):
    etape, others = translations.de.etape, "Français, English"
    assert f"Retirer aussi du site : {others}" in words(editor.get(f"/admin/pages/{etape.pk}/unpublish/"))
    shown_text = words(withdraw(editor, etape))
    assert f"ni dans ces autres langues : {others.replace(', ', ' et ')}" in shown_text
    assert stages_online(translations) == [False, False, False]


def test_an_etape_leaves_the_site_in_one_language_where_the_others_are_unticked(editor, translations):
    withdraw(editor, translations.en.etape, untick=True)
    assert stages_online(translations) == [True, False, True]
