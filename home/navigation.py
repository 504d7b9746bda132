"""Menu, footer links and publisher of the site, read in one query and memoized."""

from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast
from django.urls import Resolver404, resolve, translate_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from fiches import content_language
from fiches.diffusion.renditions import absolute
from fiches.models import Partenaire, Role
from fiches.models.querysets import VisibleQuerySet, visible_condition
from fiches.publications.memo import memoize
from fiches.territoire.territory import territory_words
from home.models.settings import SHARED_SIZE, LienDeMenu, LienDePied, Organisme

# Slugs of the pages below the home page that the footer always links to, once they exist.
IMPOSED = ("partenaires", "accessibilite", "mentions-legales", "confidentialite")
# Names of the URL patterns that serve pages.
PAGE_URL_NAMES = ("wagtail_serve", "fichier_de_page")
# Labels, in other languages than the site's own, of links to these URL patterns.
TITLES = {
    "candidature": gettext_lazy("Propose an innovation"),
    "signaler": gettext_lazy("Report an innovation"),
    "contact": gettext_lazy("Contact"),
    "integration": gettext_lazy("On your own site"),
}
# Filter spec of the logos of partners, as on their page and at the foot of fiches.
LOGO_SIZE = "max-240x112"
# Fields of the publisher that are read with each link.
PUBLISHER = ("nom", "sous_titre", "presentation", "editeur", "adresse", "courriel", "telephone")


def surroundings(site: Site) -> dict[str, Any]:
    """Returns the navigation and publisher of a site in the active language, memoized.

    ``menu`` and ``pied``: lists of links; ``presentation``: what the site is, where the publisher has not written it;
    ``financeurs``: ``[{"nom", "site", "logo"}]``, the funders; ``imposes``: ``{slug: link}`` of the ``IMPOSED`` pages;
    ``accueil``: URL of the home page; ``organisme``: the `Organisme`; ``partage``: URL of the picture for social networks, or
    ``""``.

    A link is ``{"libelle", "adresse", "langue", "mots"}``. It leads to the page in the active language, else to the French
    one; then ``langue`` is the target's language, and ``mots`` that of the label. Links to pages that are not visible are
    left out.
    """
    name = ("surroundings", site.pk, content_language.active_language())
    return memoize(name, lambda: read_surroundings(site))


def read_surroundings(site: Site) -> dict[str, Any]:
    """Reads the result of :func:`surroundings` in one query, which joins the publisher to each link. A site without links
    needs a second query for the publisher."""
    zones: dict[str, list[dict[str, Any]]] = {"menu": [], "pied": [], "imposes": []}
    links = link_rows(LienDeMenu, "menu", site), link_rows(LienDePied, "pied", site)
    rows = list(imposed_rows(site).union(*links, funder_rows(), all=True))
    funders = [row for row in rows if row["zone"] == "financeurs"]
    rows = [row for row in rows if row["zone"] != "financeurs"]
    for row in sorted(filter(itemgetter("montre"), rows), key=lambda row: row["sort_order"] or 0):
        zones[row["zone"]].append(
            {
                "libelle": row["texte"] or row["titre"] or row["lien"],
                "adresse": row["lien"] or address(row["chemin"], site),
                "langue": "",
                "mots": "",
                "page": row["cle"],
            }
        )
    imposed = {link["adresse"].strip("/"): link for link in zones.pop("imposes")}
    home_url = "/"
    if content_language.active_language() != content_language.default_language():
        home_url = _translate([*zones["menu"], *zones["pied"], *imposed.values()], site)
    link_row = next((row for row in rows if row["zone"] != "imposes"), None)
    publisher = publisher_of_row(link_row, site) if link_row else read_publisher(site)
    return {
        **zones,
        "imposes": imposed,
        "financeurs": [_funder(row) for row in sorted(funders, key=itemgetter("titre"))],
        "accueil": home_url,
        "presentation": _presentation(publisher["organisme"]),
        **publisher,
    }


def _presentation(organisme: Organisme) -> str:
    return _(
        "%(name)s looks for the social innovations %(of_territory)s: companies and associations that improve people’s lives and meet "
        "a need."
    ) % {"name": organisme.nom, **territory_words()}


def leads_to_a_page(link: dict[str, Any]) -> bool:
    """Whether a link of :func:`surroundings` leads to a page of this site: neither to a form nor elsewhere."""
    with override(link["langue"] or content_language.active_language()):
        try:
            return resolve(urlsplit(link["adresse"]).path).url_name in PAGE_URL_NAMES
        except Resolver404:
            return False


def imposed_rows(site: Any) -> QuerySet:
    """The visible ``IMPOSED`` pages, as a values queryset with the columns of :func:`link_rows`."""
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
        partage=Value(""),
        **{f"organisme_{name}": Value("") for name in PUBLISHER},
    )


def link_rows(model: Any, zone: Any, site: Any) -> QuerySet:
    """The links of ``model`` on a site, as a values queryset. ``montre``: whether the target is visible."""
    shown = Q(page__isnull=True) | visible_condition("page__")
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
            partage=shared_picture("navigation__site__organisme__partage"),
            **{f"organisme_{name}": F(f"navigation__site__organisme__{name}") for name in PUBLISHER},
        )
    )


def funder_rows() -> QuerySet:
    """The funders that are no examples, as a values queryset with the columns of :func:`link_rows`; ``partage`` is the file of
    the logo's rendition."""
    logos = get_image_model().get_rendition_model().objects.filter(image=OuterRef("logo"), filter_spec=LOGO_SIZE)
    funders = Partenaire.objects.annotate(en_texte=Cast("roles", TextField())).filter(exemple=False)
    return (
        funders.filter(en_texte__contains=f'"{Role.FINANCEUR}"')
        .order_by()
        .values(
            sort_order=Value(0),
            texte=F("sigle"),
            zone=Value("financeurs"),
            lien=F("site"),
            titre=F("nom"),
            cle=Value(None, output_field=UUIDField()),
            chemin=Value(""),
            montre=Value(True),
            partage=Subquery(logos.order_by().values("file")[:1]),
            **{f"organisme_{name}": Value("") for name in PUBLISHER},
        )
    )


def _funder(row: dict[str, Any]) -> dict[str, str]:
    return {"nom": row["titre"], "site": row["lien"], "logo": _file_url(row["partage"])}


def _translate(links: list[Any], site: Site) -> str:
    """Changes each link in place to its target in the active language; marks links that have none with their language.

    :returns: the URL of the home page in the active language, or "/".
    """
    code, root = content_language.active_language(), site.root_page
    keys = {link["page"] for link in links if link["page"]} | {root.translation_key}
    pages = VisibleQuerySet(Page).visible().in_language(code).filter(translation_key__in=keys)
    translated = {page.translation_key: page for page in pages.defer_streamfields()}
    for link in links:
        page = translated.get(link["page"])
        other = None if link["page"] else _in_language(link["adresse"], code)
        if page:
            link.update(adresse=page.url, libelle=page.title)
        elif other:
            link.update(other)
        else:
            label, own = content_language.translation_of(link["libelle"]), content_language.default_language()
            link.update(langue=own, mots="" if label else own, libelle=label or link["libelle"])
    home = translated.get(root.translation_key)
    return home.url if home else "/"


def _in_language(adresse: str, code: str) -> dict[str, str]:
    """Updates for a link to a translated URL of the site: its URL and label in the language ``code``; ``{}`` if the URL is
    not translated (a page, another site)."""
    with override(content_language.default_language()):
        try:
            match = resolve(urlsplit(adresse).path)
        except Resolver404:
            return {}
        translated = "" if match.url_name in PAGE_URL_NAMES else translate_url(adresse, code)
    if translated in ("", adresse):
        return {}
    with override(code):
        title = TITLES.get(match.url_name or "")
        return (
            {"adresse": translated, "libelle": str(title)}
            if title
            else {"adresse": translated, "mots": content_language.default_language()}
        )


def publisher_of_row(row: dict[str, Any], site: Site) -> dict[str, Any]:
    """``organisme`` and ``partage`` from the row of a link; defaults if staff saved no publisher."""
    values = {name: row[f"organisme_{name}"] for name in PUBLISHER if row["organisme_nom"] is not None}
    return {"organisme": Organisme(site=site, **values), "partage": _file_url(row["partage"])}


def read_publisher(site: Site) -> dict[str, Any]:
    """``organisme`` and ``partage`` of a site, in one query."""
    organisme = Organisme.objects.filter(site=site).annotate(fichier=shared_picture("partage")).first()
    return {
        "organisme": organisme or Organisme(site=site),
        "partage": _file_url(getattr(organisme, "fichier", "")),
    }


def shared_picture(image: str) -> Any:
    """Subquery of the file name of the rendition for social networks. ``image``: name of the foreign key to the image."""
    renditions = get_image_model().get_rendition_model().objects
    return Subquery(renditions.filter(image=OuterRef(image), filter_spec=SHARED_SIZE).order_by().values("file")[:1])


def _file_url(name: str | None) -> str:
    return absolute(get_image_model().get_rendition_model()._meta.get_field("file").storage.url(name)) if name else ""


def address(url_path: str, site: Site) -> str:
    """The path, on this site, of the page at ``url_path``."""
    return url_path.removeprefix(site.root_page.url_path.rstrip("/")) or "/"
