"""API resources of the grid, the partners, the prizes and the withdrawn pages."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from fiches.diffusion.api import lists, schemas
from fiches.diffusion.api.fiche_resources import withdrawn
from fiches.diffusion.api.lists import Choice, choice_parameters
from fiches.diffusion.api.openapi_parameters import IN_LANGUAGE, LANGUAGE, PAGE, SINCE, SIZE
from fiches.diffusion.contents import contact, partner, tombstone
from fiches.diffusion.renditions import pictures_by_key
from fiches.models import Dimension, Partenaire

router = Router(tags=["repères"])
PARTNERS = {"parameters": [LANGUAGE, *choice_parameters("exemple", "champs", keys="nom,sigle")]}
PRIZES = {"parameters": [LANGUAGE, *choice_parameters("uid", "exemple", "champs", keys="libelle,citation")]}
WITHDRAWN = {"parameters": [SINCE, PAGE, SIZE, *choice_parameters("curseur")]}
_prizes: list[Any] = []


def register_prizes(find: Callable[..., Any]) -> None:
    """Called from ``AppConfig.ready()`` by the app of the prizes: ``find()`` returns the public ones."""
    _prizes.append(find)


@router.get(
    "/grille",
    response=schemas.Grille,
    openapi_extra=IN_LANGUAGE,
    url_name="grille",
    operation_id="lireGrille",
    summary=_("The grid"),
    description=_("Its dimensions, each of which is a filter of the fiches, with their criteria."),
)
def read_grid(request: HttpRequest) -> HttpResponse:
    dimensions = Dimension.objects.prefetch_related("criteres")
    return lists.single_page(request, map(_dimension, dimensions))


def _dimension(dimension: Dimension) -> Any:
    criteria = sorted(dimension.criteres.all(), key=lambda critere: (critere.sort_order or 0, critere.pk))
    return {
        "dimension": dimension.slug,
        "nom": dimension.nom,
        "definition": dimension.definition,
        "criteres": [{"slug": c.slug, "nom": c.name, "definition": c.definition} for c in criteria],
    }


@router.get(
    "/partenaires",
    response=schemas.Partenaires,
    openapi_extra=PARTNERS,
    url_name="partenaires",
    operation_id="listerPartenaires",
    summary=_("The partners"),
    description=_("Whole, on one page."),
)
def list_partners(request: HttpRequest) -> HttpResponse:
    choice = Choice(request, schemas.Partenaire, ("exemple", "champs"))
    partners = list(Partenaire.objects.filter(*choice.conditions().values()))
    pictures = pictures_by_key({each.logo_id for each in partners if each.logo_id})
    return lists.single_page(request, (_partner(each, pictures) for each in partners), choice)


def _partner(partenaire: Partenaire, pictures: dict[Any, Any]) -> dict[str, Any]:
    names = ("nom", "fonction", "telephone", "courriel")
    agreed = {name: getattr(partenaire, f"contact_{name}") for name in names} if partenaire.contact_public else {}
    return {
        **partner(partenaire, pictures),
        "roles": list(partenaire.roles),
        "presentation": partenaire.presentation,
        "contact": contact({name: value for name, value in agreed.items() if value}),
        "exemple": partenaire.exemple,
    }


@router.get(
    "/palmares",
    response=schemas.Palmares,
    openapi_extra=PRIZES,
    url_name="palmares",
    operation_id="listerPrix",
    summary=_("The prizes"),
    description=_("Those that are public, the newest edition first, on one page."),
)
def list_prizes(request: HttpRequest) -> HttpResponse:
    choice = Choice(request, schemas.PrixDuPalmares, ("uid", "exemple", "champs"))
    return lists.single_page(
        request, (prize for find in _prizes for prize in find() if _is_wanted(prize, choice)), choice
    )


def _is_wanted(prize: Any, choice: Any) -> bool:
    named = choice.uid is None or UUID(prize["uid"]) in choice.uid
    return named and choice.exemple in (None, prize["exemple"])


@router.get(
    "/suppressions",
    response=schemas.Suppressions,
    openapi_extra=WITHDRAWN,
    url_name="suppressions",
    operation_id="listerSuppressions",
    summary=_("What went"),
    description=_("Pages withdrawn, deleted, expired or made private, the oldest first: forget them."),
)
def list_withdrawn(request: HttpRequest) -> HttpResponse:
    choice = Choice(request, None, ("curseur",))
    asked = lists.read_paging(request)
    rows = withdrawn(asked["depuis"])
    keys, count = rows.values_list("pk", flat=True), rows.count()
    part = lists.cut(choice, keys.__getitem__, count, asked)
    found = rows.in_bulk(part.keys)
    items = [tombstone(found[pk], found[pk].gone_at) for pk in part.keys if pk in found]
    return lists.list_response(request, count=count, items=items, part=part)
