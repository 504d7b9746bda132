"""In which language contents are read: that of the address, of the page being served, or the one that is asked for.

It isn't the interface's: an API answers its errors in English to who reads English, and its fiches are French still.
A site with one language (``WAGTAIL_I18N_ENABLED`` off) asks nothing of any of this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

from django.conf import settings
from django.core.signals import request_started
from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language_info, override
from wagtail.coreutils import get_content_languages, get_supported_content_language_variant
from wagtail.models import Locale, Page

from fiches.publications.version import Reach, memoize

_read: ContextVar[str] = ContextVar("language_of_contents", default="")


def own() -> str:
    """The site's own language: that of addresses without a prefix."""
    try:
        return get_supported_content_language_variant(settings.LANGUAGE_CODE)
    except LookupError:
        return settings.LANGUAGE_CODE


def languages() -> list[str]:
    """Those in which contents may exist, the site's own first."""
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return [own()]
    return [own(), *(code for code in get_content_languages() if code != own())]


def several() -> bool:
    return len(languages()) > 1


def current() -> str:
    """The language in which contents are being read; outside a request, the site's own."""
    return _read.get() or own()


@contextmanager
def reading(code: str) -> Iterator[None]:
    token = _read.set(code)
    try:
        yield
    finally:
        _read.reset(token)


def read_with(page) -> None:
    """What is made from here on, within the request, is in the language of ``page``, which is being served."""
    if several():
        _read.set(language_of(page))


def locales() -> dict[str, int]:
    """``{language: key of its Locale}``."""
    return memoize("locales", lambda: dict(Locale.objects.values_list("language_code", "pk")), reach=Reach.EVERYWHERE)


def locale_of(code: str) -> int:
    """The key of a language's Locale; 0, which is none, for a language that has none yet."""
    return locales().get(code, 0)


def in_other_languages():
    """The pages that aren't in the site's own language, unordered: by their Locale, which has an index."""
    return Page.objects.order_by().filter(locale__in=[pk for code, pk in locales().items() if code != own()])


def language_of(page) -> str:
    if not several():
        return own()
    return next((code for code, pk in locales().items() if pk == page.locale_id), own())


@contextmanager
def in_language_of(page) -> Iterator[None]:
    """Words and contents are those of the language of ``page``, whoever asks first."""
    code = language_of(page)
    with override(code), reading(code):
        yield


def in_own_words(function):
    """What it writes, which the staff will read, is in the site's own language, whatever the one its visitor reads."""

    @wraps(function)
    def written(*args, **kwargs):
        with override(own()):
            return function(*args, **kwargs)

    return written


def keys_of_translations(pks) -> set[int]:
    """The keys of these pages and of their translations, in every language."""
    if not several():
        return set(pks)
    known = Page.objects.filter(pk__in=list(pks)).order_by().values("translation_key")
    return set(Page.objects.filter(translation_key__in=known).order_by().values_list("pk", flat=True))


def original_key(page) -> int:
    """The key of the page in the site's own language that ``page`` translates; its own where there is none."""
    if language_of(page) == own():
        return page.pk
    originals = Page.objects.filter(translation_key=page.translation_key, locale=locale_of(own()))
    return originals.values_list("pk", flat=True).first() or page.pk


def original_keys(pks) -> dict[int, int]:
    """``{key: key of the page in the site's own language that it translates}``; of a page that translates none, its own. One
    query where there are several languages."""
    pks = list(pks)
    if not several():
        return {pk: pk for pk in pks}
    originals = Page.objects.filter(translation_key=OuterRef("translation_key"), locale=locale_of(own())).order_by()
    rows = Page.objects.filter(pk__in=pks).order_by().annotate(original=Subquery(originals.values("pk")[:1]))
    return {pk: original or pk for pk, original in rows.values_list("pk", "original")}


def autonym(code: str) -> str:
    """A language's name in that language: « Deutsch »."""
    return get_language_info(code)["name_local"].capitalize()


def make_locales(**kwargs) -> None:
    """A Locale for each language of the settings; none is ever taken away."""
    for code in languages():
        Locale.all_objects.get_or_create(language_code=code)


def _forget(**kwargs) -> None:
    _read.set("")


def connect() -> None:
    request_started.connect(_forget, dispatch_uid="language_of_contents")
