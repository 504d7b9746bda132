"""Creates the home page of a new site, in French and at the site's own URL.

Wagtail's migrations create an English page, served at `http://localhost`.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Locale, Page, Site

from fiches import content_language
from home.models import HomePage

WELCOME = "Welcome to your new Wagtail site!"
INITIAL_HOST = "localhost"
PORTS = {"http": 80, "https": 443}


def replace_welcome_page() -> None:
    """Sets the default site's host to that of BASE_URL and creates a French home page, if both are still Wagtail's defaults.

    Does nothing if BASE_URL is not https: the demonstration and the tests create their own pages.
    """
    address = urlsplit(settings.BASE_URL)
    site = Site.objects.filter(is_default_site=True, hostname=INITIAL_HOST).select_related("root_page").first()
    if address.scheme != "https" or site is None:
        return
    with transaction.atomic():
        site.hostname, site.port = address.hostname, address.port or PORTS[address.scheme]
        welcome = site.root_page
        if _is_untouched(welcome):
            site.root_page = _home(welcome.locale)
        site.save()
        if site.root_page != welcome:
            welcome.delete()


def is_written() -> bool:
    """Whether somebody made pages here: the site holds more than its first page."""
    return Page.objects.filter(depth__gt=1).exclude(pk__in=[page.pk for page in untouched_pages()]).exists()


def untouched_pages() -> list[Page]:
    """The page that Wagtail or :func:`replace_welcome_page` gave to a new site, as long as nobody changed it."""
    return [page for page in Page.objects.filter(depth=2) if _is_untouched(page) or _is_our_first(page)]


def _is_our_first(page: Page) -> bool:
    if page.specific_class is not HomePage or not page.is_leaf():
        return False
    return page.revisions.count() == 1 and page.latest_revision.user_id is None and page.owner_id is None


def _is_untouched(page: Page) -> bool:
    return page.specific_class is Page and page.title == WELCOME and page.is_leaf()


def _home(locale: Locale) -> HomePage:
    with override(content_language.default_language()):
        home = HomePage(
            title="Rally’nov",
            slug="accueil",
            locale=locale,
            introduction=_("This site is being prepared. Come back soon to discover social innovations."),
        )
    Page.get_first_root_node().add_child(instance=home)
    home.save_revision().publish()
    return home
