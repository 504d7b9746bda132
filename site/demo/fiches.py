"""Builds the fiches: Agrodoubs, from the carnet n° 1, and the examples."""

import datetime
import zlib

from django.utils import timezone

from demo.bodies import BodyBuilder, stream_value
from demo.content import read
from demo.pages import slug_of
from demo.pictures import logo_of, picture_for
from demo.typography import typeset
from fiches.models import FicheFinanceur, FichePage, MotCle
from fiches.models.enums import Sphere, StatutJuridique
from fiches.models.fields import format_phone
from fiches.territoire.gazetteer import resolve_commune

BODY = FichePage._meta.get_field("corps")
CONTACT = ("nom", "fonction", "telephone", "courriel")


def carnet_entry():
    """The fiche of the carnet n° 1, written as those of the examples; its texts were written for the demonstration."""
    return read("carnet-1")["fiches"][0] | read("carnet-1-textes")["fiche"]


def build(entry, grid, partners, *, key, edition, exemple=True):
    """Builds a fiche from its YAML entry."""
    fiche = FichePage(
        title=typeset(entry["titre"]),
        slug=slug_of(entry["titre"]),
        organisation=typeset(entry["organisation"]),
        chapo=typeset(entry["chapo"]),
        corps=stream_value(BODY, BodyBuilder(key, exemple=exemple).build(entry["corps"])),
        activite=typeset(entry["activite"]),
        naf=entry["naf"],
        statut=StatutJuridique(entry["statut"]),
        effectif=entry["effectif"],
        sphere=Sphere(entry["sphere"]),
        site=entry.get("site", ""),
        edition=edition,
        exemple=exemple,
        first_published_at=_published_in(entry["edition"], key) if exemple and "parcours" not in entry else None,
        **_contact(entry["contact"], public=entry["contact"]["publics"]),
        **_place(entry),
        **_pictures(entry, key, exemple),
    )
    fiche.partenaire = partners[typeset(entry["partenaire"])] if "partenaire" in entry else None
    if contact := entry.get("partenaire_contact"):
        for name, value in contact.items():
            setattr(fiche, f"partenaire_contact_{name}", format_phone(value) if name == "telephone" else value)
        fiche.partenaire_contact_public = True
    fiche.criteres.add(*(grid[name] for name in entry["criteres"]))
    fiche.mots_cles.add(*(_keyword(name) for name in entry["mots_cles"]))
    funders = [partners[typeset(name)] for name in entry.get("financeurs", [])]
    fiche.financements = [FicheFinanceur(partenaire=funder, mention=entry.get("mention", "")) for funder in funders]
    return fiche


def _published_in(year, key):
    """A publication date before November of that year, at 9 h UTC, different for each ``key``; never in the future."""
    seed = zlib.crc32(key.encode()) % 10_000  # the same on every machine
    day = datetime.datetime(year, 1 + seed % 10, 1 + seed % 28, 9, seed % 60, tzinfo=datetime.UTC)
    return min(day, timezone.now())


def _contact(contact, *, public):
    texts = {f"contact_{name}": typeset(contact.get(name)) for name in CONTACT}
    texts["contact_telephone"] = format_phone(contact.get("telephone", ""))
    return {**texts, **{f"contact_{name}_public": name in public and bool(contact.get(name)) for name in CONTACT}}


def _place(entry):
    return {
        "adresse": typeset(entry["adresse"]),
        "commune": resolve_commune(entry["commune"]),
        "code_postal": entry.get("code_postal", ""),
        "point": entry.get("point", ""),
        "sans_localisation": entry.get("sans_localisation", False),
    }


def _pictures(entry, key, exemple):
    values = {}
    if "photo" in entry:
        values["photo"], values["photo_alt"] = picture_for(entry["photo"]["motif"], key, exemple=exemple)
    if "logo" in entry:
        values["logo"], values["logo_alt"] = logo_of(key, entry["organisation"])
    return values


def _keyword(name):
    return MotCle.objects.get_or_create(slug=slug_of(name), defaults={"name": name})[0]
