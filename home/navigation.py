"""What surrounds each page: the menu and the footer's links, as staff arranged them, and who publishes the site."""

from operator import itemgetter
from urllib.parse import urlsplit

from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.urls import Resolver404, resolve, translate_url
from django.utils.translation import gettext_lazy, override
from wagtail.images import get_image_model
from wagtail.models import Page

from fiches import langues
from fiches.diffusion.images import absolute
from fiches.models.querysets import Restricted, VisibleQuerySet
from fiches.publications.version import Reach, memoize
from home.models.settings import SHARED_SIZE, LienDeMenu, LienDePied, Organisme

# The pages below the home page that every page's foot leads to.
IMPOSED = ("partenaires", "accessibilite", "mentions-legales", "confidentialite", "eco-conception")
OF_PAGES = ("wagtail_serve", "fichier_de_page")
# What a link to an address of the site is called in another language than the one in which staff named it.
TITLES = {
    "candidature": gettext_lazy("Propose an innovation"),
    "signaler": gettext_lazy("Report an innovation"),
    "integration": gettext_lazy("On your own site"),
}
PUBLISHER = ("nom", "sous_titre", "presentation", "editeur", "adresse", "courriel", "telephone")


def surroundings(site):
    """``{"menu": [...], "pied": [...], "imposes": {slug: link}, "accueil", "organisme": Organisme, "partage"}``, kept until one
    of them changes. ``partage`` is the address of the picture for social networks, ``""`` without one; ``nomme_une_fiche``,
    whether a link is to one, public or not. A link is ``{"libelle", "adresse", "langue", "mots"}``: it leads to the page in the
    language being read, else to the French one, whose ``langue`` is told; ``mots``, where its words are French. A page that the
    public may not see is left out until it may.
    """
    name = ("surroundings", site.pk, langues.current())
    found = memoize(name, lambda: read_surroundings(site), reach=Reach.EVERYWHERE)
    if found["nomme_une_fiche"]:  # which comes, goes and is renamed by itself
        return memoize((*name, "with a fiche"), lambda: read_surroundings(site))
    return found


def read_surroundings(site):
    """The same, in one query: the publisher comes with each link. A site without any link asks for it apart."""
    zones = {"menu": [], "pied": [], "imposes": []}
    links = rows_of(LienDeMenu, "menu", site), rows_of(LienDePied, "pied", site)
    rows = list(imposed_rows(site).union(*links, all=True))
    for row in sorted(filter(itemgetter("montre"), rows), key=lambda row: row["sort_order"] or 0):
        zones[row["zone"]].append(
            {
                "libelle": row["texte"] or row["titre"],
                "adresse": row["lien"] or address(row["chemin"], site),
                "langue": "",
                "mots": "",
                "page": row["cle"],
            }
        )
    imposed = {link["adresse"].strip("/"): link for link in zones.pop("imposes")}
    start = "/"
    if langues.current() != langues.own():
        start = _translate([*zones["menu"], *zones["pied"], *imposed.values()], site)
    arranged = next((row for row in rows if row["zone"] != "imposes"), None)
    return {
        **zones,
        "nomme_une_fiche": any(row["fiche"] for row in rows),
        "imposes": imposed,
        "accueil": start,
        **(publisher(arranged, site) if arranged else publisher_alone(site)),
    }


def imposed_rows(site):
    """Those of the imposed pages that the public may see, as :func:`rows_of` gives links."""
    pages = VisibleQuerySet(Page).visible().child_of(site.root_page).filter(slug__in=IMPOSED)
    return pages.order_by().values(
        sort_order=Value(0),
        texte=Value(""),
        zone=Value("imposes"),
        lien=Value(""),
        titre=F("title"),
        cle=F("translation_key"),
        chemin=F("url_path"),
        montre=Value(True),
        fiche=F("fichepage"),
        partage=Value(""),
        **{f"organisme_{name}": Value("") for name in PUBLISHER},
    )


def rows_of(model, zone, site):
    shown = Q(page__isnull=True) | (Q(page__live=True) & ~Q(Restricted("page__path")))
    return (
        model.objects.filter(navigation__site=site)
        .order_by()
        .values(
            "sort_order",
            texte=F("libelle"),
            zone=Value(zone),
            lien=F("adresse"),
            titre=F("page__title"),
            cle=F("page__translation_key"),
            chemin=F("page__url_path"),
            montre=ExpressionWrapper(shown, BooleanField()),
            fiche=F("page__fichepage"),
            partage=shared_picture("navigation__site__organisme__partage"),
            **{f"organisme_{name}": F(f"navigation__site__organisme__{name}") for name in PUBLISHER},
        )
    )


def _translate(everything, site):
    """Leads each link to what exists in the language being read, and says of the others that they are in French. Returns
    the address of the home page."""
    code, root = langues.current(), site.root_page
    wanted = {link["page"] for link in everything if link["page"]} | {root.translation_key}
    pages = VisibleQuerySet(Page).visible().in_language(code).filter(translation_key__in=wanted)
    found = {page.translation_key: page for page in pages.defer_streamfields()}
    for link in everything:
        page = found.get(link["page"])
        other = None if link["page"] else _in_language(link["adresse"], code)
        if page:
            link.update(adresse=page.url, libelle=page.title)
        elif other:
            link.update(other)
        else:
            link.update(langue=langues.own(), mots=langues.own())
    home = found.get(root.translation_key)
    return home.url if home else "/"


def _in_language(adresse, code):
    """The same address in another language, and what it is called there, where every language has it; else nothing."""
    with override(langues.own()):
        try:
            known = resolve(urlsplit(adresse).path)
        except Resolver404:
            return {}
        moved = "" if known.url_name in OF_PAGES else translate_url(adresse, code)
    if moved in ("", adresse):
        return {}
    with override(code):
        title = TITLES.get(known.url_name)
        return {"adresse": moved, "libelle": str(title)} if title else {"adresse": moved, "mots": langues.own()}


def publisher(row, site):
    """The publisher that came with a link, and its picture; with defaults where staff wrote nothing yet."""
    told = {name: row[f"organisme_{name}"] for name in PUBLISHER if row["organisme_nom"] is not None}
    return {"organisme": Organisme(site=site, **told), "partage": _file_address(row["partage"])}


def publisher_alone(site):
    """The same, where no link brings it."""
    found = Organisme.objects.filter(site=site).annotate(fichier=shared_picture("partage")).first()
    return {"organisme": found or Organisme(site=site), "partage": _file_address(getattr(found, "fichier", ""))}


def shared_picture(image):
    """The file, already drawn, of the picture for social networks. ``image`` is the column that refers to the picture."""
    renditions = get_image_model().get_rendition_model().objects
    return Subquery(renditions.filter(image=OuterRef(image), filter_spec=SHARED_SIZE).order_by().values("file")[:1])


def _file_address(name):
    return absolute(get_image_model().get_rendition_model()._meta.get_field("file").storage.url(name)) if name else ""


def address(url_path, site):
    """The address, on this site, of the page at ``url_path``."""
    return url_path.removeprefix(site.root_page.url_path.rstrip("/")) or "/"
