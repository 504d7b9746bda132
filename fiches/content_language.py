"""The language of contents: that of the page being served, of the address, or the one that a request asks for.

It differs from the language of the interface: an API may answer its errors in English and its fiches in French. On a site with
one language (``WAGTAIL_I18N_ENABLED`` off) these functions make no query.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.signals import request_started
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.dispatch import receiver
from django.utils.translation import get_language_info, override, pgettext
from wagtail.coreutils import get_content_languages, get_supported_content_language_variant
from wagtail.models import Locale, Page

from fiches.publications.version import memoize

_active: ContextVar[str] = ContextVar("language_of_contents", default="")


def default_language() -> str:
    """The code of the site's default language: that of addresses without a language prefix."""
    try:
        return get_supported_content_language_variant(settings.LANGUAGE_CODE)
    except LookupError:
        return settings.LANGUAGE_CODE


def languages() -> list[str]:
    """The codes of the languages in which contents may exist, the default first."""
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return [default_language()]
    return [default_language(), *(code for code in get_content_languages() if code != default_language())]


def translation_of(text: str) -> str:
    """Returns a text that is written once for all languages (the grid, a label of the menu) in the active language; ``""`` if no
    catalogue has it, in the context "content". That of the demonstration has those of its grid and menu."""
    translated = pgettext("content", text) if text else ""
    return "" if translated == text else translated


def in_active_language(text: str) -> str:
    """The text's translation, or the text itself: for a sentence, in which nothing can be marked as being in another language."""
    return translation_of(text) or text


def is_multilingual() -> bool:
    """Whether contents may exist in several languages."""
    return len(languages()) > 1


def active_language() -> str:
    """The code of the active language of contents; outside a request, the default."""
    return _active.get() or default_language()


@contextmanager
def activated(code: str) -> Iterator[None]:
    """Context manager: makes ``code`` the active language of contents."""
    token = _active.set(code)
    try:
        yield
    finally:
        _active.reset(token)


def activate_for(page: Page) -> None:
    """Makes the language of ``page``, which is being served, the active one until the end of the request."""
    if is_multilingual():
        _active.set(language_of(page))


def locales() -> dict[str, int]:
    """``{language: key of its Locale}``."""
    return memoize("locales", lambda: dict(Locale.objects.values_list("language_code", "pk")), shared=True)


def locale_of(code: str) -> int:
    """The key of a language's Locale; 0, which is none, for a language that has none yet."""
    return locales().get(code, 0)


def pages_that_translate() -> QuerySet:
    """The pages in other languages that have an original in the default one, unordered."""
    pages, default = Page.objects.order_by(), locale_of(default_language())
    others = pages.filter(locale__in=locales().values()).exclude(locale=default)
    return others.filter(translation_key__in=pages.filter(locale=default).values("translation_key"))


def language_of(page: Page) -> str:
    """The language code of a page."""
    if not is_multilingual():
        return default_language()
    return next((code for code, pk in locales().items() if pk == page.locale_id), default_language())


@contextmanager
def in_language_of(page: Page) -> Iterator[None]:
    """Context manager: uses the language of ``page`` for both contents and translated messages."""
    code = language_of(page)
    with override(code), activated(code):
        yield


def in_default_language(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: translates messages into the site's default language, not the visitor's. For texts stored for the staff."""

    @wraps(function)
    def translated(*args: Any, **kwargs: Any) -> Model | None:
        with override(default_language()):
            return function(*args, **kwargs)

    return translated


def keys_of_translations(pks: Any) -> set[int]:
    """The primary keys of these pages and of all their translations."""
    if not is_multilingual():
        return set(pks)
    known = Page.objects.filter(pk__in=list(pks)).order_by().values("translation_key")
    return set(Page.objects.filter(translation_key__in=known).order_by().values_list("pk", flat=True))


def original_key(page: Page) -> int:
    """The primary key of the page in the default language that ``page`` translates; its own if there is none."""
    if language_of(page) == default_language():
        return page.pk
    originals = Page.objects.filter(translation_key=page.translation_key, locale=locale_of(default_language()))
    return originals.values_list("pk", flat=True).first() or page.pk


def original_keys(pks: list[int]) -> dict[int, int]:
    """``{pk: original_key(page)}`` of these pages. One query if the site has several languages, else none."""
    pks = list(pks)
    if not is_multilingual():
        return {pk: pk for pk in pks}
    originals = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale=locale_of(default_language())
    ).order_by()
    rows = Page.objects.filter(pk__in=pks).order_by().annotate(original=Subquery(originals.values("pk")[:1]))
    return {pk: original or pk for pk, original in rows.values_list("pk", "original")}


def autonym(code: str) -> str:
    """A language's name in that language: « Deutsch »."""
    return get_language_info(code)["name_local"].capitalize()


def make_locales(**kwargs: Any) -> None:
    """Creates a missing Locale for each language of the settings; deletes none."""
    for code in languages():
        Locale.all_objects.get_or_create(language_code=code)


@receiver(request_started, dispatch_uid="language_of_contents")
def _forget(**kwargs: Any) -> None:
    _active.set("")
