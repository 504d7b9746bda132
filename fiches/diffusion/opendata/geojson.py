"""Located fiches as GeoJSON, from columns: no page is read."""

from django.utils.translation import gettext as _
from wagtail.models import Site

LICENCE = "Licence Ouverte 2.0 (https://www.etalab.gouv.fr/licence-ouverte-open-licence/)"


def attribution():
    """How whoever reuses the data names us."""
    return _("Rally’nov, hunt for social innovations in Franche-Comté")


def collection(found):
    """The FeatureCollection of what a FicheFilter found, in its order."""
    return {
        "type": "FeatureCollection",
        "features": list(features(found)),
        "licence": LICENCE,
        "attribution": attribution(),
    }


_COLUMNS = """
object_id title organisation slug url_path commune departement by_centre latitude longitude
"""
COLUMNS = _COLUMNS.split()


def features(found):
    address = addresses()
    rows = {row["object_id"]: row for row in found.rows().filter(latitude__isnull=False).values(*COLUMNS)}
    for row in (rows[pk] for pk in found.ids if pk in rows):
        yield {
            "type": "Feature",
            "id": row["object_id"],
            "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": {
                "id": row["object_id"],
                "titre": row["title"],
                "organisation": row["organisation"],
                "slug": row["slug"],
                "url": address(row["url_path"]),
                "commune": row["commune"],
                "departement": row["departement"],
                "par_commune": row["by_centre"],
            },
        }


def addresses():
    """A function that gives the address of a page from its path in the tree."""
    roots = sorted(
        ((site.root_path, site.root_url) for site in Site.get_site_root_paths()), key=lambda root: -len(root[0])
    )

    def address(path):
        root, base = next(((root, base) for root, base in roots if path.startswith(root)), ("", ""))
        return f"{base}/{path[len(root) :]}" if root else ""

    return address
