"""What each partner did in the rally: the étapes it organised, the fiches it accompanied or paid for."""

from django.utils.translation import gettext as _

from etapes.models import EtapeOrganisation, EtapePage
from fiches.models import FichePage, Role

SHOWN = 5
"""Fiches named of each; the others are counted."""


class Deeds:
    """One kind of deed of one partner, told in its card of ``role``."""

    def __init__(self, role, label, pages):
        self.role, self.label = role, label
        self.pages, self.others = pages[:SHOWN], max(0, len(pages) - SHOWN)


def cards(groups):
    """Adds ``cartes`` to each group of `home.listing.partners_context`: ``[{"partenaire", "faits": [Deeds]}]``.

    What a partner did as an organiser, a funder or an associate stands in its card of that role; in its first card where
    it hasn't that role. Three queries whatever the number of partners.
    """
    done, told = _deeds(), set()
    for group in groups:
        group["cartes"] = [
            {"partenaire": partner, "faits": _for_card(partner, group["role"], done.get(partner.pk, ()), told)}
            for partner in group["partenaires"]
        ]
    return groups


def _for_card(partner, role, deeds, told):
    first = partner.pk not in told
    told.add(partner.pk)
    return [each for each in deeds if each.role == role or (first and each.role not in partner.roles)]


def _deeds():
    """``{key of a partner: [Deeds]}``."""
    organised, accompanied, funded = {}, {}, {}
    links = EtapeOrganisation.objects.filter(etape__in=EtapePage.objects.visible()).select_related("etape")
    for link in links.order_by("-etape__date", "etape_id").defer("etape__programme", "etape__compte_rendu"):
        organised.setdefault(link.partenaire_id, []).append(link.etape)
    visible = FichePage.objects.visible().defer("corps").order_by("title")
    for fiche in visible.exclude(partenaire=None):
        accompanied.setdefault(fiche.partenaire_id, []).append(fiche)
    for fiche in visible.filter(financements__isnull=False).distinct().prefetch_related("financements"):
        for funding in fiche.financements.all():
            funded.setdefault(funding.partenaire_id, []).append(fiche)
    kinds = (
        (Role.ORGANISATEUR, _("Étapes organised"), organised),
        (Role.ASSOCIE, _("Innovations accompanied"), accompanied),
        (Role.FINANCEUR, _("Innovations funded"), funded),
    )
    found = {}
    for role, label, pages in kinds:
        for partner, done in pages.items():
            found.setdefault(partner, []).append(Deeds(role, label, done))
    return found
