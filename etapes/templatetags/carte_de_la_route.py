"""Template tag for the map of the road."""

from typing import TYPE_CHECKING, Any

from django import template

from etapes.road_map import road_on_map

if TYPE_CHECKING:
    from etapes.route import Route


register = template.Library()


@register.inclusion_tag("etapes/_carte.html")
def carte_de_la_route(route: "Route | None", points: str = "") -> dict[str, Any]:
    """Draws the map of a `Route` (or None): its line, its stops and the rally's position. ``points`` is an SVG path for the
    fiches."""
    drawn = road_on_map(route.etapes, route.ici) if route else road_on_map([])
    return {**drawn, "route": route, "points": points}
