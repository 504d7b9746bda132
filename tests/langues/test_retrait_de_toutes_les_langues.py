"""A fiche or an étape is taken off the site in all its languages by one decision, or in one, and comes back as it left."""

import pytest
from bs4 import BeautifulSoup

from etapes.models import EtapePage
from fiches.models import DecisionAnnulable, FichePage
from tests.factories import UserFactory
from tests.formulaires import filled_form

UNDO = "form:has(input[value=undo])"


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.fixture
def moderator(client, translations):
    client.force_login(UserFactory(role="moderation", first_name="Rose", last_name="Petit"))
    return client


def online(translations):
    return [FichePage.objects.get(pk=getattr(translations, code).fiche.pk).live for code in ("fr", "en", "de")]


def withdraw(client, fiche, untick=False):
    """« Retirer la fiche du site… », then the button; ``untick`` leaves the other languages."""
    question = f"/admin/pages/{fiche.pk}/unpublish/"
    form = filled_form(client.get(question), "form:has(button)")
    if untick:
        del form["langues"]
    return client.post(question, form, follow=True)


def undo(client, fiche):
    page = f"/admin/redaction/innovations/{fiche.pk}/"
    return client.post(page, filled_form(client.get(page), UNDO), follow=True)


def test_one_decision_takes_all_the_languages_and_one_puts_them_back(moderator, translations):
    fiche, others = translations.de.fiche, "Français, English"
    assert f"Retirer aussi du site : {others}" in words(moderator.get(f"/admin/pages/{fiche.pk}/unpublish/"))
    page_text = words(withdraw(moderator, fiche))
    assert f"ni dans ces autres langues : {others.replace(', ', ' et ')}" in page_text
    assert online(translations) == [False, False, False]
    assert DecisionAnnulable.objects.count() == 1
    assert [moderator.get(getattr(translations, each).fiche.url).status_code for each in ("fr", "en", "de")] == [
        404
    ] * 3
    assert "dans toutes les langues retirées" in words(
        moderator.get(f"/admin/redaction/innovations/{translations.en.fiche.pk}/")
    )
    undo(moderator, translations.en.fiche)
    assert online(translations) == [True, True, True]
    assert [moderator.get(getattr(translations, each).fiche.url).status_code for each in ("fr", "en", "de")] == [
        200
    ] * 3


def test_the_other_languages_stay_where_they_are_unticked(moderator, translations):
    withdraw(moderator, translations.en.fiche, untick=True)
    assert online(translations) == [True, False, True]
    undo(moderator, translations.en.fiche)
    assert online(translations) == [True, True, True]


def test_a_fiche_in_one_language_offers_nothing_more(moderator, translations):
    assert "Retirer aussi" not in words(moderator.get(f"/admin/pages/{translations.seule.pk}/unpublish/"))


def put_back(client, etape):
    page = f"/admin/etapes/{etape.pk}/retablir/"
    return client.post(page, filled_form(client.get(page), UNDO), follow=True)


@pytest.fixture
def editor(client, translations):
    client.force_login(UserFactory(role="redaction", first_name="Rose", last_name="Petit"))
    return client


def stages_online(translations):
    return [EtapePage.objects.get(pk=getattr(translations, code).etape.pk).live for code in ("fr", "en", "de")]


def test_one_decision_takes_an_etape_off_in_all_its_languages_and_one_puts_it_back(editor, translations):
    etape, others = translations.de.etape, "Français, English"
    assert f"Retirer aussi du site : {others}" in words(editor.get(f"/admin/pages/{etape.pk}/unpublish/"))
    shown_text = words(withdraw(editor, etape))
    assert f"ni dans ces autres langues : {others.replace(', ', ' et ')}" in shown_text
    assert "Pendant dix minutes, vous pouvez annuler cette décision." in shown_text
    assert stages_online(translations) == [False, False, False]
    assert DecisionAnnulable.objects.count() == 1
    for screen in (f"/admin/pages/{etape.pk}/edit/", "/admin/etapes/"):
        page = editor.get(screen)
        assert "/retablir/" in page.content.decode(), screen
    assert "Ce que vous pouvez encore annuler 1 étape changée, relue ou retirée du site" in words(editor.get("/admin/"))
    assert words(editor.get("/admin/etapes/")).count("Vous pouvez annuler ce retrait jusqu’à") == 1
    page_text = words(editor.get(f"/admin/etapes/{etape.pk}/retablir/"))
    assert "Retrait du site – Rose Petit" in page_text and "dans toutes les langues retirées" in page_text
    put_back(editor, translations.en.etape)
    assert stages_online(translations) == [True, True, True]
    assert [editor.get(getattr(translations, each).etape.url).status_code for each in ("fr", "en", "de")] == [200] * 3
    assert "encore annuler" not in words(editor.get("/admin/"))


def test_an_etape_in_one_language_is_put_back_too_and_not_by_who_could_not_take_it_off(editor, translations):
    withdraw(editor, translations.en.etape, untick=True)
    assert stages_online(translations) == [True, False, True]
    form = filled_form(editor.get(f"/admin/etapes/{translations.en.etape.pk}/retablir/"), UNDO)
    editor.force_login(UserFactory(role="moderation"))
    assert "encore annuler" not in words(editor.get("/admin/"))
    editor.post(f"/admin/etapes/{translations.en.etape.pk}/retablir/", form)
    assert stages_online(translations) == [True, False, True]
    editor.force_login(UserFactory(role="redaction"))
    put_back(editor, translations.en.etape)
    assert stages_online(translations) == [True, True, True]
