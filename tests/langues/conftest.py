"""A site in three languages: its home and lists, one fiche and one étape in each; another of both in French only."""

import datetime
from types import SimpleNamespace

import pytest
from wagtail.models import Locale, Page, Site

from fiches import langues
from tests.factories import EtapePageFactory, FichePageFactory

THREE = [("fr", "français"), ("en", "anglais"), ("de", "allemand")]


def translate(page, code, **fields):
    """``page`` in another language, online."""
    copy = page.specific.copy_for_translation(Locale.objects.get(language_code=code))
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return type(page.specific).objects.get(pk=copy.pk)


@pytest.fixture
def three_languages(settings, db):
    settings.LANGUAGES = THREE
    settings.WAGTAIL_CONTENT_LANGUAGES = THREE
    settings.WAGTAIL_I18N_ENABLED = True
    langues.make_locales()
    Site.clear_site_root_paths_cache()
    yield
    Site.clear_site_root_paths_cache()


@pytest.fixture
def world(three_languages, tree):
    """``fr``, ``en``, ``de``: each ``home``, ``fiches``, ``etapes``, ``fiche``, ``etape``; ``fr`` has ``seule`` besides."""
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    fiche = FichePageFactory(
        parent=tree.fiches, title="La recette", slug="la-recette", organisation="Agrodoubs", chapo="Une organisation."
    )
    alone = FichePageFactory(parent=tree.fiches, title="Le vélo", slug="le-velo", chapo="Un vélo.")
    etape = EtapePageFactory(parent=tree.etapes, title="Étape de Besançon", slug="besancon", date=tomorrow)
    etape.presentations.create(fiche=fiche)
    etape.save()
    found = {"fr": SimpleNamespace(home=tree.home, fiches=tree.fiches, etapes=tree.etapes, fiche=fiche, etape=etape)}
    words = {
        "en": ("Home", "Innovations", "Stages", "The recipe", "Stage of Besançon"),
        "de": ("Startseite", "Neuerungen", "Etappen", "Das Rezept", "Etappe Besançon"),
    }
    for code, (home, fiches, etapes, recipe, stage) in words.items():
        found[code] = SimpleNamespace(
            home=translate(tree.home, code, title=home),
            fiches=translate(tree.fiches, code, title=fiches),
            etapes=translate(tree.etapes, code, title=etapes),
            fiche=translate(fiche, code, title=recipe),
            etape=translate(etape, code, title=stage),
        )
    Page.objects.get(pk=tree.home.pk)
    return SimpleNamespace(site=tree.site, seule=alone, **found)
