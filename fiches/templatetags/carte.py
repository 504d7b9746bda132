"""Template tags of the SVG map that the server draws."""

import json
from typing import Any

from django import template
from django.utils.html import format_html_join

from fiches.pages import outline_map
from fiches.territoire.territory import territory

register = template.Library()


@register.simple_tag
def fond_de_carte() -> str:
    """The outlines of the départements, as SVG paths."""
    paths = ((departement["trace"],) for departement in outline_map.outlines())
    return format_html_join("", '<path class="carte__land" d="{}"/>', paths)


@register.simple_tag
def cadre_de_carte() -> str:
    """The ``viewBox`` of the SVG map."""
    return outline_map.view_box()


@register.simple_tag
def cadre_du_territoire() -> str:
    """The territory's box as the maps' scripts read it: ``[[south, west], [north, east]]`` in JSON."""
    south, west, north, east = territory().box
    return json.dumps([[south, west], [north, east]])


@register.inclusion_tag("fiches/_carte_du_lieu.html")
def carte_du_lieu(place: Any) -> dict[str, Any]:
    """A map with the place of one fiche or étape; nothing if its position is unknown."""
    if not place.est_situe:
        return {}
    x, y = outline_map.project(place.latitude, place.longitude)
    return {"x": x, "y": y, "place": place}
