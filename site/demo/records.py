"""Creates the records that pages refer to: grid, partners, editions, references."""

from demo.content import read
from demo.pages import slug_of
from demo.pictures import logo_of
from demo.typography import typeset
from fiches.models import Critere, Dimension, Edition, Partenaire, Role
from fiches.models.fields import format_phone
from home.models import Reference

ROLES = {
    "copilote": Role.COPILOTE,
    "maître d'œuvre": Role.MAITRE_D_OEUVRE,
    "cadre": Role.CADRE,
    "financeur": Role.FINANCEUR,
    "organisateur d'étape": Role.ORGANISATEUR,
}


def make_edition(annee, nom="", cloture=""):
    return Edition.objects.get_or_create(annee=annee, defaults={"nom": nom, "cloture": cloture})[0]


def make_carnet_edition():
    programme = read("carnet-1")["programme"]
    return make_edition(programme["edition"], nom="Rally’nov 2013", cloture=programme["cloture"])


def make_example_edition(annee):
    """Returns the edition of ``annee``, created with a name that marks it as an example if it does not exist."""
    return make_edition(annee, nom=f"Rally’nov {annee} (exemple)")


def make_grid():
    """Creates the carnet's dimensions and criteria; returns ``{name: Critere}``."""
    texts = read("carnet-1-textes")["grille"]
    for rank, entry in enumerate(read("carnet-1")["grille"]):
        name, text = entry["dimension"], texts[entry["dimension"]]
        defaults = {"nom": name, "ordre": rank, "definition": typeset(text["definition"])}
        dimension, made = Dimension.objects.get_or_create(slug=slug_of(name), defaults=defaults)
        if made:
            for order, criterion in enumerate(entry["criteres"]):
                definition = typeset(text["criteres"][criterion])
                values = {"name": criterion, "slug": slug_of(criterion), "definition": definition, "sort_order": order}
                Critere.objects.create(dimension=dimension, **values)
    return {critere.name: critere for critere in Critere.objects.all()}


def make_partners():
    """Creates the carnet's partners with their roles; returns ``{name or acronym: Partenaire}``."""
    facts = read("carnet-1")
    organisers = {o["partenaire"] for etape in facts["etapes"] for o in etape["organisateurs"]}
    associates = {fiche["partenaire"] for fiche in facts["fiches"]}
    for entry in facts["partenaires"]:
        names = {entry["nom"], entry.get("sigle")}
        roles = [ROLES[entry["role"]]]
        roles += [Role.ORGANISATEUR] if names & organisers and Role.ORGANISATEUR not in roles else []
        roles += [Role.ASSOCIE] if names & associates else []
        sigle = entry.get("sigle", "")
        _make_partner(typeset(entry["nom"]), sigle=sigle, roles=roles)
    return by_name(Partenaire.objects.filter(exemple=False))


def by_name(partners):
    return {typeset(name): partner for partner in partners for name in (partner.nom, partner.sigle) if name}


def make_example_partners(users):
    """Creates the example partners, each with its logo; returns ``{name or acronym: Partenaire}`` of all partners."""
    for entry in read("partenaires"):
        contact = entry.get("contact", {})
        key = slug_of(entry.get("sigle") or typeset(entry["nom"]))
        partner = _make_partner(
            typeset(entry["nom"]),
            sigle=entry.get("sigle", ""),
            roles=entry["roles"],
            presentation=typeset(entry["presentation"]),
            site=entry["site"],
            logo=logo_of(f"partenaire-{key}", entry["nom"])[0],
            contact_nom=contact.get("nom", ""),
            contact_fonction=contact.get("fonction", ""),
            contact_telephone=format_phone(contact.get("telephone", "")),
            contact_courriel=contact.get("courriel", ""),
            contact_public=bool(contact),
            exemple=True,
        )
        partner.membres.add(*(users[name] for name in entry.get("membres", [])))
    return by_name(Partenaire.objects.all())


def _make_partner(nom, **values):
    slug = slug_of(values["sigle"] or nom)
    return Partenaire.objects.get_or_create(slug=slug, defaults={"nom": nom, **values})[0]


def make_references():
    for entry in read("bibliographie"):
        values = entry | {name: typeset(entry.get(name)) for name in ("titre", "revue", "editeur", "note")}
        Reference.objects.get_or_create(titre=values.pop("titre"), defaults=values)
