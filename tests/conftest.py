"""What every test starts with."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache():
    """No test sees another's cached page or failed log-ins."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def home_page(db):
    """The site's home page, served at "/"."""
    from wagtail.models import Page, Site

    from home.models import HomePage

    site = Site.objects.get(is_default_site=True)
    page = Page.get_first_root_node().add_child(instance=HomePage(title="Rally’nov", slug="accueil"))
    site.root_page = page
    site.save()
    return page


@pytest.fixture
def tree(home_page):
    """The site's tree: ``site``, ``home``, ``fiches`` (their list), ``etapes``, ``carnets``."""
    from tests.factories import CarnetIndexPageFactory, EtapeIndexPageFactory, FicheIndexPageFactory

    return SimpleNamespace(
        site=home_page.sites_rooted_here.get(),
        home=home_page,
        fiches=FicheIndexPageFactory(parent=home_page),
        etapes=EtapeIndexPageFactory(parent=home_page),
        carnets=CarnetIndexPageFactory(parent=home_page),
    )
