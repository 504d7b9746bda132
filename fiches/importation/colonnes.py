"""What each column of a file of fiches holds: how a fiche is written in it, how it is read from it.

A column is known by its name in French, whatever its case, accents and spaces; other names that people use are known too.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fiches.coordonnees import read_point
from fiches.enums import Sphere, Statut
from fiches.importation.textes import blocks_of, from_json, paragraphs, plain
from fiches.models import Dimension
from fiches.siret import clean_siret
from fiches.territoire import fold, resolve_commune

SEVERAL = " | "
YES, NO = {"oui", "o", "x", "1", "vrai", "yes", "true"}, {"", "non", "n", "0", "faux", "no", "false"}
BLOCKS = "blocs"
MOST_IN_A_CELL = 32_000
"""A cell of XLSX holds 32 767 characters: longer blocks go on in « blocs 2 »."""


@dataclass(frozen=True)
class Column:
    """``write(fiche)`` gives a text; ``read(text, around)`` a value for ``field``, or raises ValidationError."""

    name: str
    field: str
    write: Callable
    read: Callable
    also: tuple = ()
    example: str = ""
    is_required: bool = False


def text(name, field=None, **more):
    field = field or fold(name).replace(" ", "_")
    return Column(name, field, lambda fiche: getattr(fiche, field) or "", lambda text, around: text, **more)


def phone(name, field, **more):
    """A spreadsheet takes the first nought off a number that it thinks one: 381405757 is 03 81 40 57 57."""

    def read(text, around):
        return f"0{text}" if re.fullmatch(r"[1-9]\d{8}", text) else text

    return Column(name, field, lambda fiche: getattr(fiche, field), read, **more)


def truth(name, field, **more):
    return Column(name, field, lambda fiche: "oui" if getattr(fiche, field) else "", _truth, **more)


def _truth(text, around):
    said = fold(text)
    if said not in YES | NO:
        raise ValidationError(_("“%(text)s” is neither yes nor no: write “oui” or leave it blank.") % {"text": text})
    return said in YES


def choice(name, field, choices, **more):
    """Written as the form says it; read as that, or as the code keeps it."""

    def read(text, around):
        known = {fold(label): key for key, label in choices} | {fold(key): key for key, _label in choices}
        if text and fold(text) not in known:
            words = ", ".join(str(label) for _key, label in choices)
            raise ValidationError(_("“%(text)s” is none of: %(words)s.") % {"text": text, "words": words})
        return known[fold(text)] if text else ""

    return Column(name, field, lambda fiche: str(dict(choices).get(getattr(fiche, field), "")), read, **more)


def _number(text, around):
    if not text:
        return None
    digits = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if not digits.isdecimal() or len(digits) > 7:
        raise ValidationError(_("“%(text)s” is not a whole number.") % {"text": text})
    return int(digits)


def _commune(text, around):
    return resolve_commune(text) if text else None


def _point(text, around):
    return read_point(text).wkt if text else ""


def _written_point(fiche):
    if not fiche.point:
        return ""
    point = read_point(fiche.point)
    return f"{point.lat} ; {point.lon}"


def record(name, field, *, records, label, **more):
    """One of the site's records, by its name: ``records(around)`` is ``{folded name: record}``."""

    def read(text, around):
        if not text:
            return None
        found = records(around).get(fold(text))
        if found is None:
            raise ValidationError(
                _("“%(text)s” is not known here: add it first, or correct the name.") % {"text": text}
            )
        return found

    def write(fiche):
        found = getattr(fiche, field)
        return label(found) if found else ""

    return Column(name, field, write, read, **more)


def _keywords(text, around):
    return [word for word in (word.strip() for word in text.replace(";", "|").split("|")) if word]


def _funders(text, around):
    """``[(partner, credit)]``, written « Région : Avec le soutien de… | ADEME »."""
    found = []
    for part in filter(None, (part.strip() for part in text.split("|"))):
        name, _colon, credit = part.partition(" : ")
        partner = around.partners.get(fold(name))
        if partner is None:
            raise ValidationError(_("“%(text)s” is not a partner known here: add it first.") % {"text": name})
        found.append((partner, credit.strip()))
    return found


def _written_funders(fiche):
    parts = [(each.partenaire.nom, each.mention) for each in fiche.financements.all()]
    return SEVERAL.join(f"{name} : {credit}" if credit else name for name, credit in parts)


def criteria(dimension):
    """One column for each question of the grid."""
    names = {fold(criterion.name): criterion for criterion in dimension.criteres.all()}

    def read(text, around):
        found = []
        for part in filter(None, (part.strip() for part in text.replace(";", "|").split("|"))):
            if fold(part) not in names:
                known = ", ".join(criterion.name for criterion in names.values())
                raise ValidationError(_("“%(text)s” is none of: %(words)s.") % {"text": part, "words": known})
            found.append(names[fold(part)])
        return found

    def write(fiche):
        met = {link.tag_id for link in fiche.fiche_criteres.all()}
        return SEVERAL.join(criterion.name for criterion in names.values() if criterion.pk in met)

    return Column(dimension.nom, f"criteres:{dimension.slug}", write, read, also=(dimension.slug,))


def _body(text, around):
    return paragraphs(text)


def _written_body(fiche):
    """The words of a text without anything else; what more it holds stands in « blocs »."""
    return plain(fiche.corps)


def picture(name, field, **more):
    """An address, the name of a file of the archive, or « image 42 », one that the site has."""

    def write(fiche):
        return f"image {getattr(fiche, f'{field}_id')}" if getattr(fiche, f"{field}_id") else ""

    return Column(name, field, write, lambda text, around: text, **more)


def columns():
    """All of them, in order; those of the grid are in the midst."""
    grid = [criteria(dimension) for dimension in Dimension.objects.prefetch_related("criteres")]
    return [*_first(), *grid, *_then()]


def _first():
    return [
        text("innovation", "title", also=("titre", "nom de l'innovation"), is_required=True, example="Le four partagé"),
        text("organisation", also=("entreprise", "structure"), is_required=True, example="Les Fournées"),
        text("chapô", "chapo", also=("resume", "introduction"), example="Deux phrases qui résument l’innovation."),
        Column("texte", "corps", _written_body, _body, also=("description",), example="Un paragraphe.\n\nUn autre."),
    ]


def _then():
    partners = {"records": lambda around: around.partners}
    editions = {"records": lambda around: around.editions}
    return [
        Column(
            "mots-clés",
            "mots_cles",
            lambda fiche: SEVERAL.join(sorted(link.tag.name for link in fiche.fiche_mots_cles.all())),
            _keywords,
            also=("mots cles",),
            example="pain | partage",
        ),
        record(
            "édition", "edition", label=lambda edition: str(edition.annee), also=("annee",), example="2013", **editions
        ),
        choice("sphère", "sphere", Sphere.choices, example="économie sociale et solidaire"),
        text("activité", "activite", example="boulangerie"),
        choice("statut juridique", "statut", Statut.choices, also=("statut",), example="SCOP"),
        Column(
            "effectif",
            "effectif",
            lambda fiche: "" if fiche.effectif is None else str(fiche.effectif),
            _number,
            also=("nombre de salaries",),
            example="12",
        ),
        Column("SIRET", "siret", lambda fiche: fiche.siret, lambda text, around: clean_siret(text) if text else ""),
        text("NAF", "naf", also=("code naf", "ape")),
        text("NAF 2025", "naf_2025"),
        text("site web", "site", also=("site",), example="https://fournees.example"),
        *_contact(),
        *_place(),
        picture("photo", "photo", also=("image",), example="https://fournees.example/four.jpg"),
        text(
            "texte de remplacement de la photo",
            "photo_alt",
            also=("texte de remplacement", "alt"),
            example="Le four, allumé",
        ),
        truth("photo décorative", "photo_decorative"),
        picture("logo", "logo"),
        text("texte de remplacement du logo", "logo_alt"),
        truth("logo décoratif", "logo_decorative"),
        record("partenaire associé", "partenaire", label=lambda partner: partner.nom, also=("partenaire",), **partners),
        text("contact du partenaire", "partenaire_contact_nom"),
        text("fonction du contact du partenaire", "partenaire_contact_fonction"),
        phone("téléphone du contact du partenaire", "partenaire_contact_telephone"),
        text("courriel du contact du partenaire", "partenaire_contact_courriel"),
        truth("contact du partenaire public", "partenaire_contact_public"),
        Column("financeurs", "financements", _written_funders, _funders, also=("financeur",)),
        truth("exemple", "exemple"),
        Column(BLOCKS, "blocs", _written_blocks, _blocks),
    ]


def _contact():
    return [
        text("contact", "contact_nom", also=("nom du contact",), example="Anne Ferrand"),
        truth("nom public", "contact_nom_public"),
        text("fonction", "contact_fonction", also=("fonction du contact",)),
        truth("fonction publique", "contact_fonction_public"),
        phone("téléphone", "contact_telephone", also=("telephone du contact", "tel")),
        truth("téléphone public", "contact_telephone_public"),
        text("courriel", "contact_courriel", also=("email", "e-mail", "mail", "courriel du contact")),
        truth("courriel public", "contact_courriel_public"),
    ]


def _place():
    return [
        text("adresse", example="3 rue du Puits"),
        text("code postal", "code_postal", also=("cp",), example="39100"),
        Column(
            "commune",
            "commune",
            lambda fiche: str(fiche.commune) if fiche.commune else "",
            _commune,
            also=("ville", "code insee"),
            example="Dole",
        ),
        Column("latitude et longitude", "point", _written_point, _point, also=("position", "point", "coordonnees")),
        truth("sans localisation", "sans_localisation"),
    ]


def _written_blocks(fiche):
    """Blank where « texte » says it all."""
    return (
        ""
        if paragraphs(plain(fiche.corps)) == blocks_of(fiche.corps)
        else json.dumps(fiche.corps.get_prep_value(), ensure_ascii=False)
    )


def _blocks(text, around):
    return from_json(text) if text else None
