"""What the embeds of one page share: the page that an address names, and its contents as one card."""

from typing import Any

import orjson
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from fiches.diffusion.embeds import Contents, Element
from fiches.diffusion.page_lookup import key_named
from fiches.publications import ledger
from fiches.query import parsers


def public_page(kind: str, slug: str) -> dict[str, Any]:
    """The API contents of a public page.

    :param kind: its kind in the register.
    :param slug: slug, former slug or UUID.
    :raises Http404: when there is no such public page.
    """
    pk = key_named(kind, slug)
    text = pk and ledger.contents(kind, [pk]).get(pk)
    if not text:
        raise Http404
    return orjson.loads(text)


def page_contents(page: dict[str, Any], query: QueryDict, card: Element, suite: str, **more: Any) -> Contents:
    """The Contents of an embed of one page.

    :param page: the result of :func:`public_page`.
    :param more: other fields of the Contents.
    """
    return Contents(
        titre=page["titre"],
        url=page["url"],
        suite=suite,
        elements=[card],
        errors=unknown_parameters(query),
        question=page["slug"],
        uid=page["uid"],
        **more,
    )


def unknown_parameters(query: QueryDict, but: tuple[str, ...] = ()) -> dict[str, str]:
    """``{parameter: message}`` for the parameters of an embed that takes no query, or those in ``but`` only."""
    unknown = [name for name in query if name not in but and not parsers.is_ignored(name)]
    return {parsers.shown(name): _("There is no such filter here.") for name in unknown}
