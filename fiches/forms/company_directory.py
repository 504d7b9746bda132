"""Establishments from the public directory that the operator turned on (RALLYNOV_SIRET_URL, as
recherche-entreprises.api.gouv.fr answers)."""

import re
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError

from fiches.models.coordonnees import REGION, Point
from fiches.models.enums import Sphere, Statut
from fiches.models.siret import naf_rev2
from fiches.webservice import ServiceError, get_json

TIMEOUT = 3
# The Insee's legal categories, by how their code begins; the longest beginning wins.
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
    """What the directory says of one SIRET; ``""`` or None where it doesn't say."""

    organisation: str
    naf: str
    statut: str
    sphere: str
    adresse: str
    code_insee: str
    point: Point | None


def directory_url() -> str:
    """The address of the directory; ``""`` where the operator turned none on."""
    return getattr(settings, "RALLYNOV_SIRET_URL", "")


def find_establishment(siret: str) -> Etablissement | None:
    """The Etablissement of a checked SIRET, or None where the directory knows none.

    :raises ServiceError: the directory does not answer in time, or not as expected.
    """
    url = directory_url()
    query = urlencode({"q": siret, "page": 1, "per_page": 1})
    answer = get_json(f"{url}{'&' if '?' in url else '?'}{query}", timeout=TIMEOUT)
    companies = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(companies, list):
        raise ServiceError(url)
    pairs = ((company, _at(company, siret)) for company in companies if isinstance(company, dict))
    return next((_read(company, place) for company, place in pairs if place), None)


def _at(company: dict[str, Any], siret: str) -> dict[str, Any] | None:
    """The establishment of ``company`` that has this very SIRET."""
    found = company.get("matching_etablissements")
    places = [company.get("siege"), *(found if isinstance(found, list) else [])]
    return next((place for place in places if isinstance(place, dict) and place.get("siret") == siret), None)


def _read(company: dict[str, Any], place: dict[str, Any]) -> Etablissement:
    more = company.get("complements")
    social = isinstance(more, dict) and more.get("est_ess") is True
    return Etablissement(
        organisation=_told(company.get("nom_raison_sociale") or company.get("nom_complet"), 200),
        naf=_naf(_told(place.get("activite_principale"), 6)),
        statut=legal_form(_told(company.get("nature_juridique"), 4)),
        sphere=Sphere.ESS.value if social else "",
        adresse=_street(_told(place.get("adresse"), 255), _told(place.get("code_postal"), 5)),
        code_insee=_told(place.get("commune"), 5),
        point=_point(place),
    )


def _told(value: object, limit: int) -> str:
    """One line of text; nothing for anything else, nor for what the register keeps to itself."""
    text = " ".join(value.split())[:limit] if isinstance(value, str) else ""
    return "" if text.startswith("[") else text


def _naf(code: str) -> str:
    try:
        naf_rev2(code)
    except ValidationError:
        return ""
    return code


def legal_form(code: str) -> str:
    """The Statut of a legal category of the Insee; ``""`` for one that no form of ours stands for."""
    beginnings = [code[:length] for length in range(4, 0, -1)]
    return next((STATUTS[each].value for each in beginnings if each in STATUTS), "")


def _street(address: str, postcode: str) -> str:
    """An address without its postcode and commune, which stand in a field of their own."""
    return re.split(rf"\s*\b{re.escape(postcode)}\b", address, maxsplit=1)[0].strip() if postcode else address


def _point(place: dict[str, Any]) -> Point | None:
    try:
        point = Point(float(place["latitude"]), float(place["longitude"]))
    except (KeyError, TypeError, ValueError):
        return None
    return point if point in REGION else None
