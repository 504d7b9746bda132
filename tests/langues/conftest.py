"""A site in three languages: its home and lists, one fiche and one étape in each; another of both in French only."""

import datetime
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import override_settings
from wagtail.models import Locale, Page, Site

from fiches import content_language
from tests.batch_indexing import batch_indexing
from tests.factories import EtapePageFactory, FichePageFactory

THREE = [("fr", "français"), ("en", "anglais"), ("de", "allemand")]


def translate(page, code, **fields):
    """``page`` in another language, online."""
    copy = page.specific.copy_for_translation(Locale.objects.get(language_code=code))
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return type(page.specific).objects.get(pk=copy.pk)


SETTINGS = {"LANGUAGES": THREE, "WAGTAIL_CONTENT_LANGUAGES": THREE, "WAGTAIL_I18N_ENABLED": True}


@pytest.fixture
def three_languages(settings, db):
    for name, value in SETTINGS.items():
        setattr(settings, name, value)
    content_language.make_locales()
    Site.clear_site_root_paths_cache()
    yield
    Site.clear_site_root_paths_cache()


@pytest.fixture(scope="module")
def module_translations(module_tree, django_db_blocker):
    """``{language: {name: page}}``: the pages of `translations`, made once for the module."""
    home, lists = module_tree
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(**SETTINGS), batch_indexing():
            content_language.make_locales()
            Site.clear_site_root_paths_cache()
            pages = {name: Page.objects.get(pk=pk).specific for name, pk in {"home": home, **lists}.items()}
            made = create_translations(pages["home"], pages["fiches"], pages["etapes"])
        yield made
        transaction.set_rollback(True)


def create_translations(home, fiches, etapes):
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    fiche = FichePageFactory(
        parent=fiches, title="La recette", slug="la-recette", organisation="Agrodoubs", chapo="Une organisation."
    )
    alone = FichePageFactory(parent=fiches, title="Le vélo", slug="le-velo", chapo="Un vélo.")
    etape = EtapePageFactory(parent=etapes, title="Étape de Besançon", slug="besancon", date=tomorrow)
    etape.presentations.create(fiche=fiche)
    etape.save()
    pages = {"home": home, "fiches": fiches, "etapes": etapes, "fiche": fiche, "etape": etape}
    words = {
        "en": ("Home", "Innovations", "Stages", "The recipe", "Stage of Besançon"),
        "de": ("Startseite", "Neuerungen", "Etappen", "Das Rezept", "Etappe Besançon"),
    }
    found = {"fr": {**pages, "seule": alone}}
    for code, titles in words.items():
        translated = zip(pages.items(), titles, strict=True)
        found[code] = {name: translate(page, code, title=title) for (name, page), title in translated}
    return found


@pytest.fixture
def translations(module_translations, three_languages, tree):
    """``fr``, ``en``, ``de``: each ``home``, ``fiches``, ``etapes``, ``fiche``, ``etape``; ``seule`` is in French only."""
    reloaded = {
        code: SimpleNamespace(**{name: type(page).objects.get(pk=page.pk) for name, page in pages.items()})
        for code, pages in module_translations.items()
    }
    return SimpleNamespace(site=tree.site, seule=reloaded["fr"].seule, **reloaded)
