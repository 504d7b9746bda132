"""The admin's map and address fields: wagtailgeowidget without third-party requests, without a default point, translated."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter
from wagtailgeowidget.panels import GeoAddressPanel, LeafletPanel
from wagtailgeowidget.widgets import GeocoderField, LeafletField

from fiches.territoire.territory import territory

ZOOM = 8
SCRIPTS = [
    "fiches/vendor/leaflet/leaflet.js",
    "wagtailgeowidget/js/leaflet-field.js",
    "wagtailgeowidget/js/geocoder-field.js",
    "fiches/admin/geowidget.js",
]
STYLES = ["fiches/vendor/leaflet/leaflet.css", "wagtailgeowidget/css/leaflet-field.css", "fiches/admin/geowidget.css"]


def centre_of_the_territory() -> dict[str, float]:
    """The middle of the territory, as Leaflet reads it."""
    south, west, north, east = territory().box
    return {"lat": round((south + north) / 2, 2), "lng": round((west + east) / 2, 2)}


class CarteField(LeafletField):
    """The map, a text field for the coordinates, and below it the server's interpretation of the location."""

    @cached_property
    def media(self) -> Any:
        return forms.Media(css={"all": STYLES}, js=SCRIPTS)

    def build_attrs(self, *args: dict[str, str], **kwargs: Any) -> dict[str, str]:
        attrs = forms.HiddenInput.build_attrs(self, *args, **kwargs)
        attrs["data-controller"] = "carte-localisation"
        attrs["data-carte-localisation-options-value"] = json.dumps(self.options())
        return attrs

    def options(self) -> dict[str, Any]:
        return {
            "defaultLocation": centre_of_the_territory(),
            "addressField": self.address_field,
            "zoom": ZOOM,
            "srid": 4326,
            "tileLayer": getattr(settings, "RALLYNOV_TILES_URL", ""),
            "attribution": getattr(settings, "RALLYNOV_TILES_ATTRIBUTION", ""),
            "outlines": reverse("contours"),
            "understand": reverse("fiches_carte_comprendre"),
            "towns": reverse("villes"),
            "translations": {
                "marker": _("The place: the arrow keys move it"),
                "closer": _("Zoom in"),
                "farther": _("Zoom out"),
                "centre": _("Centre of the commune"),
                "map": _(
                    "Map: click to place the point, press Enter to place it in the middle, or type its coordinates above."
                ),
                "offline": _("What was typed will be checked when you save."),
            },
        }

    def render(self, name: str, value: str | None, attrs: Any = None, renderer: Any = None) -> str:
        hidden = forms.HiddenInput.render(self, name, value, attrs, renderer)
        return format_html(
            '<div class="carte-localisation">{hidden}'
            '<label for="{id}_latlng">{label}</label>'
            '<div class="w-field__input"><input id="{id}_latlng" type="text" maxlength="250" autocomplete="off"'
            ' placeholder="{example}" aria-describedby="{id}_compris"></div>'
            '<div id="{id}_map" class="leaflet-field"></div>'
            '<output id="{id}_compris" for="{id}_latlng" class="carte-compris"></output></div>',
            hidden=hidden,
            id=attrs["id"],
            label=_("Latitude and longitude"),
            example=_("For example: 47.2403 ; 6.0238"),
        )


class AdresseField(GeocoderField):
    """The address field, geocoded by our own view; it moves the point only when a street or house number is found."""

    @property
    def media(self) -> Any:
        return forms.Media(js=SCRIPTS)

    def build_attrs(self, *args: dict[str, str], **kwargs: Any) -> dict[str, str]:
        attrs = forms.TextInput.build_attrs(self, *args, **kwargs)
        attrs["data-controller"] = "adresse-geocodee"
        attrs["data-adresse-geocodee-options-value"] = json.dumps(
            {
                "url": reverse("fiches_carte_geocoder"),
                "translations": {"success_address_geocoded": _("Address found and placed on the map.")},
            }
        )
        return attrs


# The package's own adapters would add its tile server to the page.
register(WidgetAdapter(), CarteField)
register(WidgetAdapter(), AdresseField)


class CartePanel(LeafletPanel):
    """The panel of a point on a map, which follows the address."""

    def widget_overrides(self) -> dict[str, CarteField]:
        return {self.field_name: CarteField(address_field=self.address_field, srid=4326)}


class AdressePanel(GeoAddressPanel):
    """The panel of an address, with the suggestions of the gazetteer."""

    def widget_overrides(self) -> dict[str, AdresseField]:
        return {self.field_name: AdresseField()}
