"""Creates the site's own pages, navigation and publisher, and the road book n° 1."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, Site

from demo.bodies import BodyBuilder, stream_value
from demo.content import EDITORIAL, FEATURES, read
from demo.pages import publish, untouched_pages
from demo.pictures import picture_for
from demo.typography import typeset
from etapes.carnets.models import CarnetIndexPage, CarnetPage
from etapes.models import EtapeIndexPage
from fiches.models import FicheIndexPage
from fiches.palmares.models import PalmaresPage
from home.models import (
    AccessibilitePage,
    BibliographiePage,
    ConfidentialitePage,
    ContentPage,
    GrillePage,
    HomePage,
    PartenairesPage,
)
from home.models.settings import LienDeMenu, LienDePied, Navigation, Organisme

KINDS = {
    "accessibilite": AccessibilitePage,
    "fiches": FicheIndexPage,
    "etapes": EtapeIndexPage,
    "palmares": PalmaresPage,
    "carnets": CarnetIndexPage,
    "grille": GrillePage,
    "partenaires": PartenairesPage,
    "bibliographie": BibliographiePage,
    "confidentialite": ConfidentialitePage,
}


def make_home(by):
    """Creates and returns the home page, instead of the one of a new site."""
    first = untouched_pages()
    for page in first:
        page.slug = f"{page.slug}-ancien"
        page.save()
    text = read("pages")["accueil"]
    photo, alt = picture_for(text["photo"]["motif"], "accueil", exemple=False)
    home = _page(HomePage, "accueil", text, photo=photo, photo_alt=alt, action_libelle=text["action"])
    publish(home, parent=Page.get_first_root_node(), key="accueil", by=by)
    serve(home, read("carnet-1")["programme"]["nom"])
    for page in first:
        page.delete()
    return home


def serve(home, name):
    """Makes ``home`` the root page of the default site, at BASE_URL."""
    address = urlsplit(settings.BASE_URL)
    values = {
        "hostname": address.hostname,
        "port": address.port or {"http": 80, "https": 443}[address.scheme],
        "site_name": name,
        "root_page": home,
    }
    Site.objects.update_or_create(is_default_site=True, defaults=values)


def make_pages(home, by):
    """Creates the pages below the home page. Returns ``{slug: page}``."""
    return {
        name: publish(_page(KINDS.get(name, ContentPage), name, read("pages")[name]), parent=home, key=name, by=by)
        for name in (*FEATURES, *EDITORIAL)
    }


def _page(kind, name, text, **values):
    page = kind(title=typeset(text["titre"]), slug=name, introduction=typeset(text["introduction"]), **values)
    page.seo_title = typeset(text.get("seo"))
    page.show_in_menus = name in FEATURES
    for field in ("etablie_le", "environnement", "echantillon"):
        if field in text:
            setattr(page, field, text[field])
    if "corps" in text:
        page.corps = stream_value(kind._meta.get_field("corps"), BodyBuilder(name, exemple=False).build(text["corps"]))
    return page


def finish_home(home, pages, by):
    """Sets the home page's action, the navigation and the publisher, which refer to pages created after it."""
    home.action_page = pages["fiches"]
    home.save_revision(user=by).publish(user=by)
    site = home.sites_rooted_here.get()
    texts = read("pages")
    make_menus(site, texts, pages)
    publisher, programme = Organisme.for_site(site), read("carnet-1")["programme"]
    publisher.nom = typeset(programme["nom"])
    publisher.editeur = typeset(texts["organisme"]["editeur"])
    publisher.courriel = texts["organisme"]["courriel"]
    publisher.partage = home.photo
    publisher.save()


def make_menus(site, texts, pages):
    """Gives a site the links ``texts["menu"]`` and ``texts["pied"]``; ``pages``: ``{slug: page}``."""
    menu = Navigation.for_site(site)
    menu.liens_de_menu = [_link(LienDeMenu, rank, link, pages) for rank, link in enumerate(texts["menu"])]
    menu.liens_de_pied = [_link(LienDePied, rank, link, pages) for rank, link in enumerate(texts["pied"])]
    menu.save()


def _link(kind, rank, link, pages):
    page = pages[link["page"]] if "page" in link else None
    return kind(sort_order=rank, page=page, adresse=link.get("adresse", ""), libelle=typeset(link["libelle"]))


def carnet(fiches, etapes):
    """Builds the road book n° 1, which selects its étapes and its fiche."""
    text, body = read("carnet-1-textes")["carnet"], BodyBuilder("carnet-1", exemple=False)
    selected = {"fiches": fiches, "etapes": etapes}
    blocks = []
    for block in text["corps"]:
        (kind, content), *_others = block.items()
        blocks += body.page_block(kind, content, selected[kind]) if kind in selected else body.build([block])
    return CarnetPage(
        title=typeset(text["titre"]),
        slug="carnet-1",
        numero=1,
        date="2013-02-01",
        chapo=typeset(text["chapo"]),
        corps=stream_value(CarnetPage._meta.get_field("corps"), blocks),
    )
