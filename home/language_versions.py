"""Language versions of a page or view, for the language switcher and ``hreflang`` links."""

from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.urls import translate_url
from wagtail.models import Page, Site

from fiches import content_language
from fiches.models.querysets import VisibleQuerySet
from home.navigation import PAGE_URL_NAMES


class LanguageVersion(NamedTuple):
    """A language version. ``adresse``: URL for the current host; ``complete``: absolute URL on the site's own host; ``ici``:
    whether it is the active language."""

    code: str
    nom: str
    adresse: str
    complete: str
    ici: bool


def translations(key: UUID) -> dict[str, Page]:
    """Returns ``{language: Page}`` of the visible pages with this translation key; empty if only one is. One query."""
    pages = VisibleQuerySet(Page).visible().filter(translation_key=key)
    read = pages.only("path", "depth", "url_path", "slug", "locale", "translation_key", "expire_at")
    by_language = {content_language.language_of(page): page for page in read}
    return by_language if len(by_language) > 1 else {}


def read_in_language(page: Page) -> Page:
    """The page's visible version in the active language, or ``page`` itself."""
    if not content_language.is_multilingual():
        return page
    return translations(page.translation_key).get(content_language.active_language(), page)


def versions(page: Page, request: HttpRequest | None) -> list[LanguageVersion]:
    """Returns a ``LanguageVersion`` per language, in the site's order; an empty list if there is only one.

    :param page: the page shown, or None for a view that is no page.
    """
    if not content_language.is_multilingual() or request is None:
        return []
    urls = _urls_of_page(page, request) if page is not None else _urls_of_view(request)
    active = content_language.active_language()
    if len(urls) < 2:
        return []
    return [LanguageVersion(code, content_language.autonym(code), *urls[code], code == active) for code in urls]


def _urls_of_page(page: Any, request: HttpRequest) -> dict[str, tuple[str, str]]:
    """Returns ``{language: (URL for the current host, absolute URL)}``."""
    pages = translations(page.translation_key)
    return {
        code: (pages[code].get_url(request), pages[code].get_full_url(request))
        for code in content_language.languages()
        if code in pages
    }


def _urls_of_view(request: HttpRequest) -> dict[str, tuple[str, str]]:
    """As :func:`_urls_of_page`, for a view that is no page: it exists in each language that has a home page, unless it is about a
    page, which has an address of its own in each."""
    match, site = request.resolver_match, Site.find_for_request(request)
    if match is None or match.url_name in (*PAGE_URL_NAMES, "ecrire_au_porteur") or site is None:
        return {}
    homes = translations(site.root_page.translation_key)
    urls = {code: translate_url(request.path, code) for code in content_language.languages() if code in homes}
    if len(set(urls.values())) < len(urls):
        return {}
    return {code: (url, request.build_absolute_uri(url)) for code, url in urls.items()}
