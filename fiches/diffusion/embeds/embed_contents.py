"""What the embeds share: the page that an address names, its contents as one card, and the credit lines of the funders, in the wording
that they require."""

from typing import Any

import orjson
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from fiches.diffusion.embeds import Contents, Element
from fiches.diffusion.page_lookup import key_named
from fiches.models import Partenaire
from fiches.models.partenaire import Role
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


def general_credits() -> list[Any]:
    """Returns the credit line of the rally's funders, for an embed whose fiches have none of their own."""
    funders = [partner.nom for partner in Partenaire.objects.all() if Role.FINANCEUR in partner.roles]
    return [_("With the financial support of %(funders)s.") % {"funders": ", ".join(funders)}] if funders else []


def credits_of(fiches: list[Any]) -> list[str]:
    """Returns the credit lines of the funders of these fiches (API contents), each once."""
    wordings: dict[str, None] = {}
    for fiche in fiches:
        for funder in fiche["financeurs"]:
            wording = funder["mention"] or _("With the financial support of %(funders)s.") % {"funders": funder["nom"]}
            wordings.setdefault(wording)
    return list(wordings)
