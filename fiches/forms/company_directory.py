"""Looks up establishments by SIRET in a public directory (RALLYNOV_SIRET_URL; format of recherche-entreprises.api.gouv.fr)."""

import re
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError

from fiches.json_service import ServiceError, get_json
from fiches.models.coordinates import Point, region_box
from fiches.models.enums import Sphere, Statut
from fiches.models.siret import naf_rev2

TIMEOUT = 3
# Statut by prefix of the Insee's legal category code; the longest prefix wins.
STATUTS = {
    "10": Statut.ENTREPRISE_INDIVIDUELLE,
    "4": Statut.PUBLIC,
    "51": Statut.COOPERATIVE,
    **dict.fromkeys(("545", "5460", "555", "5560", "565", "5660", "631"), Statut.COOPERATIVE),
    **dict.fromkeys(("5458", "5558", "5658"), Statut.SCOP),
    "5498": Statut.EURL,
    "54": Statut.SARL,
    "55": Statut.SA,
    "56": Statut.SA,
    "57": Statut.SAS,
    "5720": Statut.SASU,
    "62": Statut.GROUPEMENT,
    "7": Statut.PUBLIC,
    "821": Statut.MUTUELLE,
    "92": Statut.ASSOCIATION,
    "9223": Statut.GROUPEMENT,
    "93": Statut.FONDATION,
}


class Etablissement(NamedTuple):
    """The directory's data of one SIRET; ``""`` or None where it has none."""

    organisation: str
    naf: str
    statut: str
    sphere: str
    adresse: str
    code_insee: str
    point: Point | None


def directory_url() -> str:
    """Returns the directory's URL; ``""`` when the operator configured none."""
    return getattr(settings, "RALLYNOV_SIRET_URL", "")


def find_establishment(siret: str) -> Etablissement | None:
    """Looks up a SIRET whose checksum is already verified; returns None when the directory doesn't know it.

    :raises ServiceError: when the directory does not answer in time, or not in the expected format.
    """
    url = directory_url()
    query = urlencode({"q": siret, "page": 1, "per_page": 1})
    answer = get_json(f"{url}{'&' if '?' in url else '?'}{query}", timeout=TIMEOUT)
    companies = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(companies, list):
        raise ServiceError(url)
    pairs = ((company, _establishment(company, siret)) for company in companies if isinstance(company, dict))
    return next((_read(company, place) for company, place in pairs if place), None)


def _establishment(company: dict[str, Any], siret: str) -> dict[str, Any] | None:
    """Returns the establishment of ``company`` that has exactly this SIRET, or None."""
    matches = company.get("matching_etablissements")
    places = [company.get("siege"), *(matches if isinstance(matches, list) else [])]
    return next((place for place in places if isinstance(place, dict) and place.get("siret") == siret), None)


def _read(company: dict[str, Any], place: dict[str, Any]) -> Etablissement:
    details = company.get("complements")
    social = isinstance(details, dict) and details.get("est_ess") is True
    return Etablissement(
        organisation=_text(company.get("nom_raison_sociale") or company.get("nom_complet"), 200),
        naf=_naf(_text(place.get("activite_principale"), 6)),
        statut=legal_form(_text(company.get("nature_juridique"), 4)),
        sphere=Sphere.ESS.value if social else "",
        adresse=_street(_text(place.get("adresse"), 255), _text(place.get("code_postal"), 5)),
        code_insee=_text(place.get("commune"), 5),
        point=_point(place),
    )


def _text(value: object, limit: int) -> str:
    """Returns a text on one line, cut at ``limit`` characters; ``""`` if it isn't a text, or is withheld (« [ND] »)."""
    text = " ".join(value.split())[:limit] if isinstance(value, str) else ""
    return "" if text.startswith("[") else text


def _naf(code: str) -> str:
    try:
        naf_rev2(code)
    except ValidationError:
        return ""
    return code


def legal_form(code: str) -> str:
    """Returns the Statut of a legal category code of the Insee; ``""`` if it has none."""
    prefixes = [code[:length] for length in range(4, 0, -1)]
    return next((STATUTS[each].value for each in prefixes if each in STATUTS), "")


def _street(address: str, postcode: str) -> str:
    """Returns an address without its postcode and commune, which have their own fields."""
    return re.split(rf"\s*\b{re.escape(postcode)}\b", address, maxsplit=1)[0].strip() if postcode else address


def _point(place: dict[str, Any]) -> Point | None:
    try:
        point = Point(float(place["latitude"]), float(place["longitude"]))
    except (KeyError, TypeError, ValueError):
        return None
    return point if point in region_box() else None
