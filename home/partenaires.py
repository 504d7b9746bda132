"""What each partner did in the rally: the étapes it organised, the fiches it accompanied or paid for."""

from typing import NamedTuple

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from etapes.models import EtapeOrganisation, EtapePage
from fiches.models import FicheFinanceur, FichePage, Role

# Fiches named of each; the others are counted.
SHOWN = 5


class Deeds(NamedTuple):
    """One kind of deed of one partner, told in its card of ``role``."""

    role: Role
    label: str
    pages: list
    number: int

    @property
    def others(self):
        return self.number - len(self.pages)

    @property
    def are_listed(self):
        """Whether the list of the fiches can be asked for all of them."""
        return self.role == Role.ASSOCIE


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
    found = {}
    for partner, etapes in _organised().items():
        found.setdefault(partner, []).append(Deeds(Role.ORGANISATEUR, _("Étapes organised"), etapes, len(etapes)))
    for partner, (fiches, number) in _accompanied().items():
        found.setdefault(partner, []).append(Deeds(Role.ASSOCIE, _("Innovations accompanied"), fiches, number))
    for partner, (fiches, number) in _funded().items():
        found.setdefault(partner, []).append(Deeds(Role.FINANCEUR, _("Innovations funded"), fiches, number))
    return found


def _organised():
    """The étapes that go ahead, or did, the latest first."""
    links = EtapeOrganisation.objects.filter(etape__in=EtapePage.objects.visible().in_language()).select_related(
        "etape"
    )
    found = {}
    for link in links.order_by("-etape__date", "etape_id").defer("etape__programme", "etape__compte_rendu"):
        if link.etape.a_lieu:
            found.setdefault(link.partenaire_id, []).append(link.etape)
    return found


def _accompanied():
    """``{partner: (the first fiches by title, how many there are)}``."""
    found = {}
    for fiche in _first(FichePage.objects.visible().in_language().exclude(partenaire=None).defer("corps"), "title"):
        found.setdefault(fiche.partenaire_id, ([], fiche.nombre))[0].append(fiche)
    return found


def _funded():
    links = FicheFinanceur.objects.filter(
        fiche__in=FichePage.objects.visible().in_language().order_by()
    ).select_related("fiche")
    found = {}
    for link in _first(links.defer("fiche__corps"), "fiche__title"):
        found.setdefault(link.partenaire_id, ([], link.nombre))[0].append(link.fiche)
    return found


def _first(rows, name):
    """SHOWN rows of each partner in the order of ``name``, each with ``nombre``: how many the partner has."""
    each = {"partition_by": F("partenaire")}
    ranked = rows.annotate(rang=Window(RowNumber(), order_by=[name, "pk"], **each), nombre=Window(Count("pk"), **each))
    return ranked.filter(rang__lte=SHOWN).order_by(name, "pk")
