"""Contributions of each partner for the partners page: étapes organised, fiches accompanied or funded."""

from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from etapes.models import EtapeOrganisation, EtapePage
from fiches.models import FicheFinanceur, FichePage, Role

# How many fiches are listed per contribution; the others are only counted.
SHOWN = 5


class Contribution(NamedTuple):
    """One kind of contribution of a partner. ``role``: in which it was made; ``number``: of all pages, ``pages``: of the first
    ``SHOWN``."""

    role: Role
    label: str
    pages: list
    number: int

    @property
    def others(self) -> int:
        return self.number - len(self.pages)

    @property
    def are_listed(self) -> bool:
        """Whether the list of fiches has a filter that shows all of them."""
        return self.role == Role.ASSOCIE


def cards(groups: list[Any]) -> list[Any]:
    """Returns the groups of `home.page_contexts.partners_context` with each partner in that of its first role only, and without
    those left empty. ``cartes`` of a group: ``[{"partenaire", "autres_roles": [label], "faits": [Contribution]}]``.

    Three queries whatever the number of partners.
    """
    contributions = _contributions()
    seen: set[int] = set()
    for group in groups:
        partners = [partner for partner in group["partenaires"] if partner.pk not in seen]
        seen.update(partner.pk for partner in partners)
        group["partenaires"] = partners
        group["cartes"] = [
            {
                "partenaire": partner,
                "autres_roles": [role.label for role in Role if role in partner.roles and role != group["role"]],
                "faits": contributions.get(partner.pk, []),
            }
            for partner in partners
        ]
    return [group for group in groups if group["cartes"]]


def _contributions() -> dict[int, list[Contribution]]:
    """Returns ``{partner pk: [Contribution]}``."""
    by_partner: dict[int, list[Contribution]] = {}
    for partner, etapes in _organised().items():
        by_partner.setdefault(partner, []).append(
            Contribution(Role.ORGANISATEUR, _("Étapes organised"), etapes, len(etapes))
        )
    for partner, (fiches, number) in _accompanied().items():
        by_partner.setdefault(partner, []).append(
            Contribution(Role.ASSOCIE, _("Innovations accompanied"), fiches, number)
        )
    for partner, (fiches, number) in _funded().items():
        by_partner.setdefault(partner, []).append(Contribution(Role.FINANCEUR, _("Innovations funded"), fiches, number))
    return by_partner


def _organised() -> dict[int, list[EtapePage]]:
    """Returns ``{partner pk: [EtapePage]}``, those without a date first, then the latest, without étapes that are not on the road."""
    links = EtapeOrganisation.objects.filter(etape__in=EtapePage.objects.visible().here()).select_related("etape")
    by_partner: dict[int, list[Any]] = {}
    latest_first = (F("etape__date").desc(nulls_first=True), "etape_id")
    for link in links.order_by(*latest_first).defer("etape__programme", "etape__compte_rendu"):
        if link.etape.sur_la_route:
            by_partner.setdefault(link.partenaire_id, []).append(link.etape)
    return by_partner


def _accompanied() -> dict[int, tuple[list[Any], int]]:
    """Returns ``{partner pk: (first fiches by title, number of fiches)}``."""
    by_partner: dict[int, tuple[list[Any], int]] = {}
    for fiche in _first(FichePage.objects.visible().here().exclude(partenaire=None).defer("corps"), "title"):
        by_partner.setdefault(fiche.partenaire_id, ([], fiche.nombre))[0].append(fiche)
    return by_partner


def _funded() -> dict[int, tuple[list[Any], int]]:
    """As :func:`_accompanied`, for the fiches that the partner funds."""
    links = FicheFinanceur.objects.filter(fiche__in=FichePage.objects.visible().here().order_by()).select_related(
        "fiche"
    )
    by_partner: dict[int, tuple[list[Any], int]] = {}
    for link in _first(links.defer("fiche__corps"), "fiche__title"):
        by_partner.setdefault(link.partenaire_id, ([], link.nombre))[0].append(link.fiche)
    return by_partner


def _first(rows: Any, name: Any) -> QuerySet:
    """The first ``SHOWN`` rows of each partner in the order of ``name``, annotated with ``nombre``, the partner's total."""
    partner = F("partenaire")
    ranked = rows.annotate(
        rang=Window(RowNumber(), order_by=[name, "pk"], partition_by=partner),
        nombre=Window(Count("pk"), partition_by=partner),
    )
    return ranked.filter(rang__lte=SHOWN).order_by(name, "pk")
