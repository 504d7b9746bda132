"""Whom each embed thanks: the funders, in the words that they ask for."""

from django.utils.translation import gettext as _

from fiches.models import Partenaire
from fiches.models.partenaire import Role


def general_credits():
    """For what no fiche in particular is credited with: the rally's funders."""
    funders = [partner.nom for partner in Partenaire.objects.all() if Role.FINANCEUR in partner.roles]
    return [_("With the financial support of %(funders)s.") % {"funders": ", ".join(funders)}] if funders else []


def credits_of(fiches):
    """Each funder of these fiches (contents) once, in its own wording."""
    found = {}
    for fiche in fiches:
        for funder in fiche["financeurs"]:
            wording = funder["mention"] or _("With the financial support of %(funders)s.") % {"funders": funder["nom"]}
            found.setdefault(wording)
    return list(found)
