"""Located fiches as GeoJSON, from the register's columns: no page is loaded."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.text import slugify
from wagtail.models import Page, Site

from fiches.diffusion.opendata.licence import LICENCE, attribution

if TYPE_CHECKING:
    from fiches.query.fiche_filter import FicheFilter


def file_name() -> str:
    """Returns the name, without extension, of the files that hold the fiches: ``rallynov-fiches`` on a site named Rally’nov."""
    return f"{slugify(settings.WAGTAIL_SITE_NAME)}-fiches".strip("-")


def collection(fiche_filter: "FicheFilter") -> Any:
    """Returns the FeatureCollection of the located fiches that a FicheFilter matches, in its order."""
    return {
        "type": "FeatureCollection",
        "features": list(features(fiche_filter)),
        "licence": LICENCE,
        "attribution": attribution(),
    }


COLUMNS = [
    "object_id",
    "title",
    "organisation",
    "slug",
    "url_path",
    "commune",
    "departement",
    "by_centre",
    "latitude",
    "longitude",
]


def features(fiche_filter: "FicheFilter") -> Iterator[dict[str, Any]]:
    address = addresses()
    rows = {row["object_id"]: row for row in fiche_filter.rows().filter(latitude__isnull=False).values(*COLUMNS)}
    for row in (rows[pk] for pk in fiche_filter.ids if pk in rows):
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


def addresses() -> Callable[..., Any]:
    """Returns a function that gives the absolute address of a page from its ``url_path``, on any site, in its language."""
    page, bases = Page(), {}
    for root in Site.get_site_root_paths():
        page.url_path = root.root_path
        bases[root.root_path] = page.full_url
    longest_first = sorted(bases.items(), key=lambda base: -len(base[0]))

    def address(path: str) -> str:
        return next((f"{base}{path[len(root) :]}" for root, base in longest_first if path.startswith(root)), "")

    return address
