"""What leaves the site from under its pages: addresses that follow wherever a host puts the pages."""

from fiches.diffusion import cartes_sociales, donnees, flux, jeu_de_donnees, markdown, papier
from fiches.diffusion.alertes import vues as alertes
from fiches.models import FicheIndexPage, FichePage
from fiches.publications.conditional import versioned
from fiches.routes import add_route


def register_routes():
    flux.register_feed(FicheIndexPage, flux.fiches_feed)
    add_route(FicheIndexPage, "donnees.csv", versioned(donnees.as_csv), name="donnees_csv")
    add_route(FicheIndexPage, "donnees.xlsx", versioned(donnees.as_xlsx), name="donnees_xlsx")
    add_route(FicheIndexPage, "donnees.geojson", versioned(donnees.as_geojson), name="donnees_geojson")
    add_route(FicheIndexPage, "donnees.json", versioned(donnees.as_json), name="donnees_json")
    add_route(FicheIndexPage, "donnees", jeu_de_donnees.page, name="donnees")
    add_route(FicheIndexPage, "donnees.jsonld", versioned(jeu_de_donnees.catalogue), name="donnees_jsonld")
    add_route(FicheIndexPage, "schema.json", versioned(donnees.table_schema), name="schema_json")
    add_route(FicheIndexPage, "suivre", alertes.follow, name="suivre")
    add_route(FicheIndexPage, "suivre/envoye", alertes.sent, name="suivre_envoye")
    add_route(FicheIndexPage, "livret.pdf", versioned(papier.booklet_pdf), name="livret_pdf")
    add_route(FichePage, "fiche.pdf", versioned(papier.fiche_pdf), name="fiche_pdf")
    add_route(FichePage, "carte.png", versioned(cartes_sociales.fiche_png), name="carte_png")
    add_route(FichePage, "fiche.md", versioned(markdown.fiche_md), name="fiche_md")
