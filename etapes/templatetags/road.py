"""Template tags of the étapes."""

from typing import TYPE_CHECKING, Any

from django import template

from etapes.jsonld import event
from etapes.route import road_on_map
from fiches.templatetags.rallynov import json_ld

if TYPE_CHECKING:
    from etapes.models import EtapePage
    from etapes.route import Route


register = template.Library()


@register.simple_tag
def etape_ld(etape: "EtapePage") -> str:
    """The étape's JSON-LD; "" while it has no date."""
    data = event(etape)
    return json_ld(data) if data else ""


@register.inclusion_tag("etapes/_carte.html")
def carte_de_la_route(route: "Route | None", points: str = "") -> dict[str, Any]:
    """Draws the map of a `Route` (or None): its line, its stops and the rally's position. ``points`` is an SVG path for the
    fiches."""
    drawn = road_on_map(route.etapes, route.ici) if route else road_on_map([])
    return {**drawn, "route": route, "points": points}
