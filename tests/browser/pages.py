"""The pages of the demo that the tests go through."""

from urllib.parse import urlsplit

HOME, FICHES, FICHE = "/", "/fiches/", "/fiches/la-recette-d-une-organisation-partagee/"
ETAPE = "/etapes/se-deplacer-quand-tout-est-loin/"
MISSING = "/cette-page-n-existe-pas/"
TEMPLATES = [
    *(
        HOME,
        FICHES,
        FICHE,
        "/fiches/suivre/",
        "/etapes/",
        ETAPE,
        f"{ETAPE}inscription/",
        "/carnets/",
        "/carnets/carnet-1/",
    ),
    *("/carnets/abonnement/", "/palmares/", "/partenaires/", "/bibliographie/", "/grille/", "/recherche/?q=cuisine"),
    *("/candidature/", "/signaler/", "/integration/", "/accessibilite/", "/contact/"),
    *("/plan-du-site/", MISSING),
]
"""One page of each template."""
MORE = [
    *("/fiches/?q=organisation&departement=25", "/fiches/?q=zzzz&bbox=nan", "/recherche/", "/integration/?type=fiche"),
    "/contact/le-binome-qui-transmet/",
]


def every_address(page):
    """The addresses of `TEMPLATES` and `MORE`, then those that the site map and the API give."""
    page.goto("/plan-du-site/")
    links = page.locator("main a").evaluate_all("links => links.map(link => link.href)")
    links += [each["url"] for each in page.request.get("/api/v1/fiches?par_page=100").json()["items"]]
    here = urlsplit(page.url).netloc
    mapped = [urlsplit(link).path for link in links if urlsplit(link).netloc == here]
    return list(dict.fromkeys([*TEMPLATES, *MORE, *mapped]))
