"""What leaves the site from under its pages: addresses that follow wherever a host puts the pages."""

from fiches.diffusion import flux
from fiches.diffusion.version import versioned
from fiches.models import FicheIndexPage
from fiches.routes import add_route


def register_routes():
    add_route(FicheIndexPage, "flux.atom", versioned(flux.fiches_atom), name="flux_atom")
    add_route(FicheIndexPage, "flux.json", versioned(flux.fiches_json), name="flux_json")
