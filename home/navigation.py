"""What surrounds each page: the menu and the footer's links, as staff arranged them, and who publishes the site."""

from django.db.models import F, Q, Value

from fiches.querysets import restricted
from fiches.version import kept, touched_by
from home.models.settings import LienDeMenu, LienDePied, Organisme

PUBLISHER = ("nom", "sous_titre", "editeur", "adresse", "courriel", "telephone")


def surroundings(site):
    """``{"menu": [...], "pied": [...], "organisme": Organisme}``, links as ``{"libelle", "adresse"}``, kept until one of
    them changes. A page that the public may not see is left out until it may.
    """
    return kept(("surroundings", site.pk), lambda: read_surroundings(site))


def read_surroundings(site):
    """The same, in one query: the publisher comes with each link. A site without any link asks for it apart."""
    zones = {"menu": [], "pied": []}
    rows = list(rows_of(LienDeMenu, "menu", site).union(rows_of(LienDePied, "pied", site), all=True))
    for row in sorted(rows, key=lambda row: row["sort_order"] or 0):
        zones[row["zone"]].append(
            {"libelle": row["libelle"] or row["titre"], "adresse": row["lien"] or address(row["url_path"], site)}
        )
    return {**zones, "organisme": publisher(rows[0], site) if rows else publisher_alone(site)}


def rows_of(model, zone, site):
    shown = Q(page__isnull=True) | (Q(page__live=True) & ~Q(restricted("page__path")))
    return (
        model.objects.filter(shown, navigation__site=site)
        .order_by()
        .values(
            "libelle",
            "sort_order",
            zone=Value(zone),
            lien=F("adresse"),
            titre=F("page__title"),
            url_path=F("page__url_path"),
            **{f"organisme_{name}": F(f"navigation__site__organisme__{name}") for name in PUBLISHER},
        )
    )


def publisher(row, site):
    """The publisher that came with a link; with defaults where staff wrote nothing yet."""
    if row["organisme_nom"] is None:
        return Organisme(site=site)
    return Organisme(site=site, **{name: row[f"organisme_{name}"] for name in PUBLISHER})


def publisher_alone(site):
    return Organisme.objects.filter(site=site).first() or Organisme(site=site)


def address(url_path, site):
    """The address, on this site, of the page at ``url_path``."""
    return url_path.removeprefix(site.root_page.url_path.rstrip("/")) or "/"


def connect():
    touched_by(LienDeMenu, LienDePied, Organisme)
