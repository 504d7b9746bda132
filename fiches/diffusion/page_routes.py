"""Routes below the list of fiches and below each fiche: feeds, exports, PDF, alerts. They follow the page when it moves."""

from fiches.diffusion.alerts import views as alertes
from fiches.diffusion.feeds import atom_json
from fiches.diffusion.opendata import data_set, exports, markdown
from fiches.diffusion.paper import paper_views, social_cards
from fiches.models import FicheIndexPage, FichePage
from fiches.models.routes import add_route
from fiches.publications.responses import versioned


def register_routes() -> None:
    atom_json.register_feed(FicheIndexPage, atom_json.fiches_feed)
    add_route(FicheIndexPage, "donnees.csv", versioned(exports.as_csv), name="donnees_csv")
    add_route(FicheIndexPage, "donnees.xlsx", versioned(exports.as_xlsx), name="donnees_xlsx")
    add_route(FicheIndexPage, "donnees.geojson", versioned(exports.as_geojson), name="donnees_geojson")
    add_route(FicheIndexPage, "donnees.json", versioned(exports.as_json), name="donnees_json")
    add_route(FicheIndexPage, "donnees", data_set.page, name="donnees")
    add_route(FicheIndexPage, "donnees.jsonld", versioned(data_set.catalogue), name="donnees_jsonld")
    add_route(FicheIndexPage, "schema.json", versioned(exports.table_schema), name="schema_json")
    add_route(FicheIndexPage, "suivre", alertes.follow, name="suivre")
    add_route(FicheIndexPage, "suivre/envoye", alertes.sent, name="suivre_envoye")
    add_route(FichePage, "fiche.pdf", versioned(paper_views.fiche_pdf), name="fiche_pdf")
    add_route(FichePage, "carte.png", versioned(social_cards.fiche_png), name="carte_png")
    add_route(FichePage, "fiche.md", versioned(markdown.fiche_md), name="fiche_md")
