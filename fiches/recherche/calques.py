"""Layers that rooms above this one lay over the map of the fiches: étapes put the road there."""

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest

from fiches import langues

KEPT = 60

_layers: dict[str, Callable[[HttpRequest], str]] = {}


def register_layer(name, address):
    """Called from ``AppConfig.ready()``. ``address(request)`` is where the layer's GeoJSON is, or "" when there is none."""
    _layers[name] = address


def layers(request):
    """``{name: address}`` of the layers that there are; where they are is asked once a minute."""
    return cache.get_or_set(f"calques:{request.get_host()}:{langues.current()}", lambda: _found(request), KEPT)


def _found(request):
    found = {name: address(request) for name, address in _layers.items()}
    return {name: address for name, address in found.items() if address}
