"""The languages in which what is shown exists: what the switcher, the head of a page and a lost reader are told."""

from collections import defaultdict
from typing import NamedTuple

from django.http import Http404
from django.urls import translate_url
from django.utils import timezone
from wagtail.models import Page, Site

from fiches import langues
from fiches.models.querysets import VisibleQuerySet
from fiches.publications.version import Reach, memoize
from home.navigation import OF_PAGES


class Version(NamedTuple):
    """What is shown, in one language; ``ici`` where it is the one being read. ``complete`` is the address elsewhere than
    on this site, which may be read under another host name than its own."""

    code: str
    nom: str
    adresse: str
    complete: str
    ici: bool


def translated():
    """``{translation key: {language: Page}}`` of what the public may see in several languages. One query, kept."""
    return memoize("traductions", _translated, reach=Reach.COUNTS)


def _translated():
    others = langues.pages_in_other_languages().values("translation_key")
    pages = VisibleQuerySet(Page).visible().filter(translation_key__in=others)
    found = defaultdict(dict)
    for page in pages.only("path", "depth", "url_path", "slug", "locale", "translation_key", "expire_at"):
        found[page.translation_key][langues.language_of(page)] = page
    return {key: pages for key, pages in found.items() if len(pages) > 1}


def read_in_language(page):
    """The page's version in the language being read where the public may see one, else ``page``."""
    if not langues.is_multilingual():
        return page
    return translated().get(page.translation_key, {}).get(langues.current(), page)


def versions(page, request):
    """``[Version]`` in the order of the languages, nothing for what exists in one only."""
    if not langues.is_multilingual() or request is None:
        return []
    found = _of_page(page, request) if page is not None else _of_view(request)
    here = langues.current()
    if len(found) < 2:
        return []
    return [Version(code, langues.autonym(code), *found[code], code == here) for code in found]


def _of_page(page, request):
    now, pages = timezone.now(), translated().get(page.translation_key, {})
    return {
        code: (pages[code].get_url(request), pages[code].get_full_url(request))
        for code in langues.languages()
        if code in pages and (pages[code].expire_at is None or pages[code].expire_at > now)
    }


def _of_view(request):
    """What is no page (the search, a form) exists wherever there is a home page."""
    match, site = request.resolver_match, Site.find_for_request(request)
    if match is None or match.url_name in OF_PAGES or site is None:
        return {}
    homes = translated().get(site.root_page.translation_key, {})
    found = {code: translate_url(request.path, code) for code in langues.languages() if code in homes}
    if len(set(found.values())) < len(found):
        return {}
    return {code: (address, request.build_absolute_uri(address)) for code, address in found.items()}


def french_page(request):
    """The page that an address without a page in its language has in the site's own, or ``None``."""
    code = langues.current()
    site = Site.find_for_request(request) if code != langues.default_language() else None
    if site is None:
        return None
    path = request.path_info.removeprefix(f"/{code}/")
    with langues.activated(langues.default_language()):
        try:
            page = site.root_page.specific.route(request, [part for part in path.split("/") if part])[0]
        except Http404:
            return None
    return VisibleQuerySet(Page).visible().filter(pk=page.pk).first()
