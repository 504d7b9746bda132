"""Located fiches as GeoJSON, from columns: no page is read."""

from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from fiches.models import FichePage
from fiches.recherche.ensembles import slots

MOST_KEYS = 500
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


def features(found):
    known = found.instantane
    located = set(slots(found.selection & known.situes))
    chosen = [slot for slot in found.ordered() if slot in located]
    addresses = addresses_of([known.pks[slot] for slot in chosen])
    departements = {
        slot: code
        for code, members in known.facettes["departement"].ensembles.items()
        for slot in slots(members & found.selection)
    }
    for slot in chosen:
        pk = known.pks[slot]
        slug, url = addresses[pk]
        yield {
            "type": "Feature",
            "id": pk,
            "geometry": {"type": "Point", "coordinates": [known.longitudes[slot], known.latitudes[slot]]},
            "properties": {
                "id": pk,
                "titre": known.titres[slot],
                "organisation": known.organisations[slot],
                "slug": slug,
                "url": url,
                "commune": known.communes[slot],
                "departement": departements.get(slot, ""),
                "par_commune": bool(known.par_commune[slot]),
            },
        }


def addresses_of(pks):
    """``{pk: (slug, address)}``, one query; a whole table is read at once rather than key by key."""
    pages = Page.objects.filter(pk__in=pks) if len(pks) <= MOST_KEYS else Page.objects.type(FichePage)
    rows = pages.order_by().values_list("pk", "slug", "url_path")
    roots = _roots()
    found = {}
    for pk, slug, path in rows:
        root, base = next(((root, base) for root, base in roots if path.startswith(root)), ("", ""))
        found[pk] = (slug, f"{base}/{path[len(root) :]}" if root else "")
    return found


def _roots():
    """``[(tree path of a site's root, its address)]``, the deepest first."""
    return sorted(
        ((site.root_path, site.root_url) for site in Site.get_site_root_paths()), key=lambda root: -len(root[0])
    )
