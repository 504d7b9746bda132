"""The road on the map drawn by the server."""

from django import template

from etapes.carte import road_on_map

register = template.Library()


@register.inclusion_tag("etapes/_carte.html")
def carte_de_la_route(route, points=""):
    """A `Route`, the way between its étapes and where the rally is; ``points`` (an SVG path) puts the fiches on it too.
    Without a route, the points alone."""
    drawn = road_on_map(route.etapes, route.ici) if route else road_on_map([])
    return {**drawn, "route": route, "points": points}
