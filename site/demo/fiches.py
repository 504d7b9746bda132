"""Builds the fiches: Agrodoubs, from the carnet n° 1, and the examples."""

import datetime
import zlib

from django.utils import timezone

from demo.bodies import BodyBuilder, stream_value
from demo.content import read
from demo.pages import slug_of
from demo.pictures import logo_of, picture_for
from demo.records import make_carnet_edition, make_example_edition
from demo.typography import typeset
from fiches.models import Commune, FicheFinanceur, FichePage, MotCle
from fiches.models.enums import Sphere, StatutJuridique
from fiches.models.telephone import format_phone
from fiches.territoire.gazetteer import resolve_commune

BODY = FichePage._meta.get_field("corps")
CONTACT = ("nom", "fonction", "telephone", "courriel")


def agrodoubs(grid, partners):
    """Builds the carnet's fiche. Its facts are the carnet's; its texts were written for the demonstration."""
    facts, texts = read("carnet-1")["fiches"][0], read("carnet-1-textes")["fiche"]
    photo, alt = picture_for(texts["photo"]["motif"], "agrodoubs", exemple=False)
    address = facts["adresse"]
    fiche = FichePage(
        title=typeset(facts["titre"]),
        slug=slug_of(facts["titre"]),
        organisation=facts["organisation"],
        chapo=typeset(texts["chapo"]),
        corps=stream_value(BODY, BodyBuilder("agrodoubs", exemple=False).build(texts["corps"])),
        photo=photo,
        photo_alt=alt,
        activite=typeset(facts["activite"]),
        statut=StatutJuridique.SARL,
        effectif=facts["effectif"],
        sphere=Sphere.CLASSIQUE,
        site=f"http://{facts['site']}",
        adresse=address["voie"],
        code_postal=address["code_postal"],
        commune=Commune.objects.get(pk=address["code_insee"]),
        edition=make_carnet_edition(),
        **_contact(facts["contact"], public=CONTACT),
        **_partner_contact(facts["partenaire_associe"], partners),
    )
    _characterise(fiche, facts["caracterisation"].values(), grid)
    fiche.financements = [FicheFinanceur(partenaire=partners[facts["financeur"]], mention=credit(facts["financeur"]))]
    return fiche


def credit(funder):
    """The funder's mention, in the carnet's words."""
    return f"Avec la participation financière de la {funder}"


def example(entry, grid, partners):
    """Builds an example from its YAML entry."""
    key = f"fiche-{entry['cle']}"
    fiche = FichePage(
        title=typeset(entry["titre"]),
        slug=slug_of(entry["titre"]),
        organisation=typeset(entry["organisation"]),
        chapo=typeset(entry["chapo"]),
        corps=stream_value(BODY, BodyBuilder(key).build(entry["corps"])),
        activite=typeset(entry["activite"]),
        naf=entry["naf"],
        statut=StatutJuridique(entry["statut"]),
        effectif=entry["effectif"],
        sphere=Sphere(entry["sphere"]),
        site=entry.get("site", ""),
        edition=make_example_edition(entry["edition"]),
        exemple=True,
        first_published_at=None if "parcours" in entry else _published_in(entry["edition"], key),
        **_contact(entry["contact"], public=entry["contact"]["publics"]),
        **_place(entry),
        **_pictures(entry, key),
    )
    fiche.partenaire = partners[typeset(entry["partenaire"])] if "partenaire" in entry else None
    _characterise(fiche, [entry["criteres"]], grid)
    fiche.mots_cles.add(*(_keyword(name) for name in entry["mots_cles"]))
    funders = [partners[typeset(name)] for name in entry.get("financeurs", [])]
    fiche.financements = [FicheFinanceur(partenaire=funder) for funder in funders]
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


def _partner_contact(contact, partners):
    return {
        "partenaire": partners[contact["structure"]],
        "partenaire_contact_nom": contact["contact"],
        "partenaire_contact_fonction": contact["fonction"],
        "partenaire_contact_telephone": format_phone(contact["telephone"]),
        "partenaire_contact_courriel": contact["courriel"],
        "partenaire_contact_public": True,
    }


def _place(entry):
    return {
        "adresse": typeset(entry["adresse"]),
        "commune": resolve_commune(entry["commune"]),
        "code_postal": entry.get("code_postal", ""),
        "point": entry.get("point", ""),
        "sans_localisation": entry.get("sans_localisation", False),
    }


def _pictures(entry, key):
    values = {}
    if "photo" in entry:
        values["photo"], values["photo_alt"] = picture_for(entry["photo"]["motif"], key)
    if "logo" in entry:
        values["logo"], values["logo_alt"] = logo_of(key, entry["organisation"])
    return values


def _characterise(fiche, names_by_dimension, grid):
    fiche.criteres.add(*(grid[name] for names in names_by_dimension for name in names))


def _keyword(name):
    return MotCle.objects.get_or_create(slug=slug_of(name), defaults={"name": name})[0]
