"""The pages of the demo that the tests go through."""

from urllib.parse import urlsplit

HOME, FICHES, FICHE = "/", "/fiches/", "/fiches/la-recette-d-une-organisation-partagee/"
MISSING = "/cette-page-n-existe-pas/"
ONE_OF_EACH = [
    *(HOME, FICHES, FICHE, "/etapes/", "/carnets/", "/palmares/", "/partenaires/", "/bibliographie/", "/grille/"),
    *("/recherche/?q=cuisine", "/candidature/", "/signaler/", "/integration/", "/accessibilite/", "/confidentialite/"),
    *("/eco-conception/", "/mentions-legales/", "/plan-du-site/", "/presse/"),
]
"""One page of each template."""
PAGES = [*ONE_OF_EACH, "/fiches/?q=organisation&departement=25", "/fiches/?q=zzzz&bbox=nan", "/recherche/", MISSING]


def addresses(page):
    """Those, then every page that the site map leads to."""
    page.goto("/plan-du-site/")
    links = page.locator("main a").evaluate_all("links => links.map(link => link.href)")
    here = urlsplit(page.url).netloc
    mapped = [urlsplit(link).path for link in links if urlsplit(link).netloc == here]
    return list(dict.fromkeys([*PAGES, *mapped]))
