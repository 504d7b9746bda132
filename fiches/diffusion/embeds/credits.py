"""The credit lines of an embed: its funders, in the wording that they require."""

from typing import Any

from django.utils.translation import gettext as _

from fiches.models import Partenaire
from fiches.models.partenaire import Role


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
