"""The road on the map drawn by the server."""

from django import template

from etapes.carte import road_on_map

register = template.Library()


@register.inclusion_tag("etapes/_carte.html")
def carte_de_la_route(etapes, points=""):
    """The étapes and the way between them; ``points`` (an SVG path) puts the fiches on it too."""
    return {**road_on_map(etapes), "points": points}
