"""The menu and the footer's links, as staff arranged them."""

from django.db.models import F, Q, Value

from fiches.querysets import restricted
from home.models.settings import LienDeMenu, LienDePied


def links(site):
    """``{"menu": [...], "pied": [...]}`` of ``{"libelle", "adresse"}``, in one query.

    A page that the public may not see is left out until it may.
    """
    zones = {"menu": [], "pied": []}
    rows = rows_of(LienDeMenu, "menu", site).union(rows_of(LienDePied, "pied", site), all=True)
    for row in sorted(rows, key=lambda row: row["sort_order"] or 0):
        zones[row["zone"]].append(
            {"libelle": row["libelle"] or row["titre"], "adresse": row["adresse"] or address(row["url_path"], site)}
        )
    return zones


def rows_of(model, zone, site):
    shown = Q(page__isnull=True) | (Q(page__live=True) & ~Q(restricted("page__path")))
    return (
        model.objects.filter(shown, navigation__site=site)
        .order_by()
        .values(
            "libelle", "adresse", "sort_order", zone=Value(zone), titre=F("page__title"), url_path=F("page__url_path")
        )
    )


def address(url_path, site):
    """The address, on this site, of the page at ``url_path``."""
    return url_path.removeprefix(site.root_page.url_path.rstrip("/")) or "/"
