"""The filter of a webhook: which pages its subscriber asked for."""

from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext as _

from fiches import content_language
from fiches.query import parsers
from fiches.query.fiche_filter import FicheFilter

if TYPE_CHECKING:
    from fiches.diffusion.models import Webhook
    from fiches.publications.ledger import Kind


# Parameters that a webhook can't have: they only order or page a list; with ``depuis``, a fiche could never be withdrawn.
DISPLAY_ONLY = ("depuis", "tri", "page", "par_page", "curseur")


def canonical(text: str) -> str:
    """Returns a filter's query string in canonical form.

    :param text: a query string, or the whole address of a list.
    :raises ValueError: with a message per invalid parameter.
    """
    query = QueryDict(text.partition("?")[2] if "?" in text else text.strip(), mutable=True)
    for name in DISPLAY_ONLY:
        if query.pop(name, None) and name == "depuis":
            raise ValueError(_("depuis: a webhook tells what changes from now on."))
    fiche_filter = FicheFilter.parse(query)
    if fiche_filter.errors:
        raise ValueError(" ".join(f"{name}: {message}" for name, message in fiche_filter.errors.items()))
    if text.strip() and not fiche_filter.parameters():
        raise ValueError(_("There is no filter in this."))
    return fiche_filter.querystring()


def matching(webhook: "Webhook", pages: "Kind", pks: list[int] | None = None) -> set[int]:
    """Returns the set of primary keys of the public pages that a webhook's filter matches.

    :param pages: the kind of page, as ``ledger.kind()`` gives it.
    :param pks: restricts the search to these pages if given.
    :raises ValueError: when the filter is no longer valid (a dimension was renamed).
    """
    langue, _message = parsers.langue(QueryDict(webhook.filtre))
    visible = pages.visible().in_language(langue or content_language.default_language())
    if pks is not None:
        visible = visible.filter(pk__in=pks)
    keys = set(visible.values_list("pk", flat=True))
    if pages.name != "fiche" or not webhook.filtre or not keys:
        return keys
    fiche_filter = FicheFilter.parse(QueryDict(webhook.filtre))
    if fiche_filter.errors:
        raise ValueError(" ".join(f"{name}: {message}" for name, message in fiche_filter.errors.items()))
    return keys & set(fiche_filter.rows().values_list("object_id", flat=True))
