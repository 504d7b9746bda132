"""Template tags of the SVG map that the server draws."""

import json
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html_join

from fiches.pages import outline_map
from fiches.territoire.territory import territory

if TYPE_CHECKING:
    from fiches.models import Commune


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


@register.simple_tag
def point_de_carte(commune: "Commune | None") -> dict[str, int] | None:
    """``{"x", "y"}`` of the centre of a commune in the SVG map; None if it is unknown."""
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    x, y = outline_map.project(commune.latitude, commune.longitude)
    return {"x": x, "y": y}


@register.inclusion_tag("fiches/_carte_du_lieu.html")
def carte_du_lieu(place: Any) -> dict[str, Any]:
    """A map with the place of one fiche or étape; nothing if its position is unknown."""
    if not place.est_situe:
        return {}
    x, y = outline_map.project(place.latitude, place.longitude)
    return {"x": x, "y": y, "place": place}
