"""Looks up establishments by SIRET in a public directory (RALLYNOV_SIRET_URL; format of recherche-entreprises.api.gouv.fr)."""

import re
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError

from fiches.http import ServiceError, get_json
from fiches.models.enums import Sphere, StatutJuridique
from fiches.models.fields import naf_rev2

TIMEOUT = 3
# StatutJuridique by prefix of the Insee's legal category code; the longest prefix wins.
STATUTS = {
    "10": StatutJuridique.ENTREPRISE_INDIVIDUELLE,
    "4": StatutJuridique.PUBLIC,
    "51": StatutJuridique.COOPERATIVE,
    **dict.fromkeys(("545", "5460", "555", "5560", "565", "5660", "631"), StatutJuridique.COOPERATIVE),
    **dict.fromkeys(("5458", "5558", "5658"), StatutJuridique.SCOP),
    "5498": StatutJuridique.EURL,
    "54": StatutJuridique.SARL,
    "55": StatutJuridique.SA,
    "56": StatutJuridique.SA,
    "57": StatutJuridique.SAS,
    "5720": StatutJuridique.SASU,
    "62": StatutJuridique.GROUPEMENT,
    "7": StatutJuridique.PUBLIC,
    "821": StatutJuridique.MUTUELLE,
    "92": StatutJuridique.ASSOCIATION,
    "9223": StatutJuridique.GROUPEMENT,
    "93": StatutJuridique.FONDATION,
}


class Etablissement(NamedTuple):
    """The directory's data of one SIRET; ``""`` or None where it has none."""

    organisation: str
    naf: str
    statut: str
    sphere: str
    adresse: str
    code_insee: str


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
    """Returns the StatutJuridique of a legal category code of the Insee; ``""`` if it has none."""
    prefixes = [code[:length] for length in range(4, 0, -1)]
    return next((STATUTS[each].value for each in prefixes if each in STATUTS), "")


def _street(address: str, postcode: str) -> str:
    """Returns an address without its postcode and commune, which have their own fields."""
    return re.split(rf"\s*\b{re.escape(postcode)}\b", address, maxsplit=1)[0].strip() if postcode else address
