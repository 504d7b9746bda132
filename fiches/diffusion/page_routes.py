"""Routes below the list of fiches and below each fiche: feeds, exports, PDF. They follow the page when it moves."""

from fiches.diffusion import atom, opendata
from fiches.diffusion.paper import paper_views
from fiches.models import FicheIndexPage, FichePage
from fiches.models.routes import add_route
from fiches.publications.responses import versioned


def register_routes() -> None:
    atom.register_feed(FicheIndexPage, atom.fiches_feed)
    add_route(FicheIndexPage, "donnees.csv", versioned(opendata.as_csv), name="donnees_csv")
    add_route(FicheIndexPage, "donnees.geojson", versioned(opendata.as_geojson), name="donnees_geojson")
    add_route(FicheIndexPage, "donnees", opendata.page, name="donnees")
    add_route(FicheIndexPage, "schema.json", versioned(opendata.table_schema), name="schema_json")
    add_route(FichePage, "fiche.pdf", versioned(paper_views.fiche_pdf), name="fiche_pdf")
