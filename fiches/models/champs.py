"""The table of a fiche's fields, from which forms, dossier, admin, APIs, open data, imports, page and paper are derived.

CONTRIBUTING.md says how to add a field; :mod:`fiches.models.declaration` defines the entries.
"""

from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from fiches.models.declaration import (
    Champ,
    GroupeDeChamps,
    Imported,
    JsonKey,
    OpenDataColumn,
    Panel,
    Part,
    Personal,
    Question,
    Row,
    ValueKind,
    Visibility,
    in_order,
)
from fiches.models.enums import TRANCHES

AGREED = _("Tick it only once that person agreed: until then, nobody outside sees it.")
KEPT_PRIVATE = _("Kept private until the tick beside it.")
KEPT_PRIVATE_BELOW = _("Kept private until the tick below.")
DEGREES = _("Degrees, WGS 84.")
PICTURE = _("In landscape, 1,200 pixels wide or more. It heads the page, the card and the embeds.")
ALT = _(
    "What the picture shows, in a sentence, for those who can't see it. Left empty: the description of the picture, "
    "if it has one."
)
DECORATIVE = _("Tick it if the picture teaches nothing: readers of screens then pass over it.")

# A table: the formatter would give each of its arguments a line.
# fmt: off
IDENTITY = (
    Champ(
        "pk", "", ValueKind.KEY, GroupeDeChamps.PAGE,
        description=_("Stays the same for ever."),
        key=JsonKey("id", description=_("Stays the same for ever, whatever becomes of the title and of the address.")),
        column=OpenDataColumn(rules={"required": True, "unique": True}),
    ),
    Champ(
        "translation_key", "", ValueKind.UUID, GroupeDeChamps.PAGE,
        description=_("The same across sites."),
        key=JsonKey("uid", description=_("The same across sites: names it in feeds and calendars.")),
        column=OpenDataColumn(rules={"required": True}),
    ),
    Champ("type", "", ValueKind.TYPE, GroupeDeChamps.PAGE, key=JsonKey()),
    Champ("langue", "", ValueKind.TEXT, GroupeDeChamps.PAGE, description=_("Language of its words."), key=JsonKey(example="fr")),
    Champ(
        "title", _("title"), ValueKind.TEXT, GroupeDeChamps.INNOVATION,
        help=_("What is new, in a few words, as the carnet would put it. It is the page's title."),
        description=_("The innovation's name."), panel=Panel(),
        key=JsonKey("titre", example="La recette d’une organisation partagée"),
        column=OpenDataColumn(rules={"required": True}),
        imported=Imported("innovation", ("titre", "nom de l'innovation", "titre de l'innovation", "intitulé", "intitulé de l'innovation", "innovation sociale", "projet", "nom du projet", "titre du projet", "intitulé du projet"), "Le four partagé", is_required=True),
        question=Question(Part.SHORT, name="titre", label=_("Name of the innovation"), asked=_("What do you call your innovation?"), help=_("As a title: “The recipe for a shared organisation”."), limit=200, is_required=True),
    ),
    Champ("slug", "", ValueKind.TEXT, GroupeDeChamps.PAGE, key=JsonKey()),
    Champ(
        "url", "", ValueKind.LINK, GroupeDeChamps.PAGE,
        description=_("The canonical address: the one to link to."), key=JsonKey(),
        column=OpenDataColumn(after="last_published_at"),
    ),
    Champ(
        "pdf", "", ValueKind.LINK, GroupeDeChamps.PAGE,
        description=_("The same on one A4 page; empty where the site makes no PDF."), key=JsonKey(),
    ),
    Champ(
        "exemple", _("example"), ValueKind.TRUTH, GroupeDeChamps.PUBLICATION,
        description=_("True for a fictitious record."), panel=Panel(), key=JsonKey(),
        column=OpenDataColumn(rules={"required": True}, after="financements"),
        imported=Imported("exemple", after="financements"),
    ),
)

ORGANISATION = (
    Champ(
        "organisation", _("organisation"), ValueKind.TEXT, GroupeDeChamps.INNOVATION,
        help=_("Who did it: the name by which it is known, without its legal form."),
        description=_("The company or association."), personal=Personal.MENTION, panel=Panel(),
        key=JsonKey(example="Les Prés verts", after="chapo"), column=OpenDataColumn(rules={"required": True}),
        imported=Imported("organisation", ("entreprise", "structure", "association", "société", "organisme", "établissement", "porteur du projet", "nom de l'organisation", "nom de la structure", "nom de l'entreprise", "nom de l'association", "nom de la société", "nom de l'organisme", "raison sociale", "dénomination", "dénomination sociale"), "Les Fournées", is_required=True),
        question=Question(Part.WHO, label=_("Name of the organisation"), asked=_("What is the name of your organisation?"), limit=200, is_required=True, autocomplete="organization"),
    ),
    Champ(
        "chapo", _("introduction"), ValueKind.LONG_TEXT, GroupeDeChamps.INNOVATION,
        help=_("Two sentences that sum up the innovation. Lists, mails and networks show them."),
        description=_("Two sentences that sum up the innovation."), personal=Personal.MENTION, panel=Panel(),
        key=JsonKey(),
        column=OpenDataColumn(),
        imported=Imported("chapô", ("résumé", "résumé de l'innovation", "introduction", "accroche", "présentation courte", "en deux phrases"), "Deux phrases qui résument l’innovation."),
        question=Question(Part.SHORT, label=_("In two sentences"), asked=_("How would you sum it up in two sentences?"), help=_("What a hurried reader must keep. 600 characters."), limit=600, rows=3, is_required=True),
    ),
    Champ(
        "activite", _("activity"), ValueKind.TEXT, GroupeDeChamps.ORGANISATION,
        help=_("What the organisation does, in everyone's words: “bakery”, “home help”."), personal=Personal.MENTION,
        panel=Panel(), key=JsonKey(description=""),
        column=OpenDataColumn(description=_("Activity.")), imported=Imported("activité", ("activité principale", "secteur", "secteur d'activité", "domaine d'activité", "métier"), "boulangerie"),
        question=Question(Part.WHO, asked=_("What does your organisation do?"), help=_("In a few words: “cheese dairy”, “home help”."), limit=200), on_page=Row(), on_paper=Row(),
    ),
    Champ(
        "naf", _("NAF code (rev. 2)"), ValueKind.NAF, GroupeDeChamps.ORGANISATION,
        help=_("Five signs, such as 10.71C: INSEE's present code of the activity."), description=_("NAF code (rev. 2)"),
        personal=Personal.CODE, panel=Panel(), key=JsonKey(example="46.61Z"), column=OpenDataColumn(),
        imported=Imported("NAF", ("code naf", "ape", "code ape", "naf ape", "code naf ape")),
        question=Question(Part.WHO, label=_("NAF code"), asked=_("What is its NAF code?"), help=_("If you know it, such as 10.51C."), limit=6, is_folded=True, after="activite"),
    ),
    Champ(
        "naf_2025", _("NAF code (2025)"), ValueKind.NAF, GroupeDeChamps.ORGANISATION,
        help=_("The code of the new nomenclature; leave it blank if you don't know it."),
        description=_("NAF code (2025)"), personal=Personal.CODE, panel=Panel(beside=True), key=JsonKey(),
        column=OpenDataColumn(), imported=Imported("NAF 2025"),
    ),
    Champ(
        "statut", _("legal form"), ValueKind.CHOICE, GroupeDeChamps.ORGANISATION,
        help=_("As in its articles. It is a filter of the public's."), panel=Panel(after="activite"),
        key=JsonKey(description=_("Legal form: the query language's key."), example="cooperative", label_key="statut_libelle"),
        column=OpenDataColumn(description=_("Legal form.")),
        imported=Imported("statut juridique", ("statut", "forme juridique", "nature juridique"), "SCOP", after="activite"),
        question=Question(Part.WHO, asked=_("What is its legal form?"), is_folded=True, after="siret"), on_page=Row(), on_paper=Row(),
    ),
    Champ(
        "effectif", _("staff size"), ValueKind.NUMBER, GroupeDeChamps.ORGANISATION,
        help=_("Number of people, as it is today; nought if nobody is employed."), description=_("Number of people."),
        unit=ngettext_lazy("%(number)s person", "%(number)s people", "number"),
        panel=Panel(beside=True, after="statut"), key=JsonKey(example=15), column=OpenDataColumn(),
        imported=Imported("effectif", ("effectif salarié", "effectif total", "nombre de salariés", "salariés", "nombre d'employés", "employés", "nombre d'ETP", "ETP"), "12", after="statut"),
        question=Question(Part.WHO, asked=_("How many people work there?"), help=_("Number of people."), is_folded=True, after="naf"), on_page=Row(),
        on_paper=Row(),
    ),
    Champ(
        "tranche_effectif", "", ValueKind.TEXT, GroupeDeChamps.ORGANISATION,
        description=_("INSEE's band of staff size."), key=JsonKey(example="10-19"),
        column=OpenDataColumn(rules={"enum": [key for key, _low, _high in TRANCHES]}),
    ),
    Champ(
        "sphere", _("sphere"), ValueKind.CHOICE, GroupeDeChamps.GRILLE,
        help=_("Social and solidarity economy, or the rest of the economy: a filter of the public's."),
        description=_("Sphere: “ess” or “classique”."), panel=Panel(after="edition"),
        key=JsonKey(example="ess", label_key="sphere_libelle", after="statut"),
        column=OpenDataColumn(after="statut"),
        imported=Imported("sphère", example="économie sociale et solidaire", after="edition"),
        question=Question(Part.WHO, asked=_("To which kind of economy does it belong?"), is_radio=True, is_folded=True), on_page=Row(),
    ),
    Champ(
        "siret", _("SIRET"), ValueKind.SIRET, GroupeDeChamps.ORGANISATION,
        help=_("14 digits; its key is checked."), personal=Personal.CODE, panel=Panel(), key=JsonKey(description=""),
        column=OpenDataColumn(description=_("SIRET number."), rules={"pattern": r"\d{14}"}),
        imported=Imported("SIRET", ("code SIRET",), after="effectif"),
        question=Question(Part.WHO, asked=_("What is its SIRET number?"), help=_("14 digits, if you have one. It lets us tell namesakes apart."), limit=30, after="organisation"),
    ),
    Champ(
        "site", _("web site"), ValueKind.LINK, GroupeDeChamps.ORGANISATION,
        help=_("The whole address, beginning with https://."), personal=Personal.MENTION, panel=Panel(),
        key=JsonKey(description=""), column=OpenDataColumn(description=_("Web site.")),
        imported=Imported("site web", ("site", "site internet", "web", "adresse web", "adresse du site", "lien", "url"), "https://fournees.example"),
        question=Question(Part.WHO, asked=_("What is the address of its web site?"), is_folded=True), on_page=Row(),
    ),
)


def contact(
    name: str,
    label: Promise,
    kind: ValueKind,
    tick_label: Promise,
    *,
    help: Promise = KEPT_PRIVATE,
    consent: Promise,
    imported: Imported,
    public: str,
    question: Question,
) -> tuple[Champ, Champ]:
    """The two fields of a contact detail: its value, and the checkbox of the consent to show it.

    :param public: the name of the checkbox's column in imported files.
    """
    return (
        Champ(
            f"contact_{name}",
            label,
            kind,
            GroupeDeChamps.CONTACT,
            Visibility.CONSENT,
            help=help,
            consent=consent,
            personal=Personal.PERSON,
            panel=Panel(),
            imported=imported,
            question=question,
        ),
        Champ(
            f"contact_{name}_public",
            tick_label,
            ValueKind.TRUTH,
            GroupeDeChamps.CONTACT,
            Visibility.PRIVATE,
            help=AGREED,
            panel=Panel(beside=True),
            imported=Imported(public),
        ),
    )


CONTACT = (
    *contact(
        "nom", _("contact"), ValueKind.TEXT, _("the name may be shown"),
        help=_("Whom to ask about this innovation. Kept private until the tick beside it, which also lets visitors write to this person with a form that hides the e-mail address."),
        consent=_("The name of the contact may be shown on the fiche, with a form to write to this person without seeing the e-mail address."),
        imported=Imported("contact", ("nom du contact", "personne à contacter", "nom et prénom", "prénom et nom", "nom et prénom du contact", "prénom et nom du contact", "référent", "interlocuteur", "responsable", "nom du responsable"), "Anne Ferrand"), public="nom public",
        question=Question(Part.CONTACT, label=_("Name of the contact"), asked=_("Who can answer questions about your innovation?"), help=_("First name and surname."), is_required=True, autocomplete="name"),
    ),
    *contact(
        "fonction", _("job title"), ValueKind.TEXT, _("the job title may be shown"),
        consent=_("The position of the contact may be shown on the fiche."),
        imported=Imported("fonction", ("fonction du contact", "fonction du responsable", "poste", "qualité")), public="fonction publique",
        question=Question(Part.CONTACT, label=_("Position"), asked=_("What is this person’s job?"), autocomplete="organization-title"),
    ),
    *contact(
        "telephone", _("phone"), ValueKind.PHONE, _("the phone may be shown"),
        consent=_("The phone of the contact may be shown on the fiche."),
        imported=Imported("téléphone", ("téléphone du contact", "téléphone fixe", "téléphone portable", "téléphone mobile", "portable", "mobile")), public="téléphone public",
        question=Question(Part.CONTACT, asked=_("At which phone number can we call this person?"), limit=40, autocomplete="tel"),
    ),
    *contact(
        "courriel", _("e-mail"), ValueKind.EMAIL, _("the e-mail may be shown"),
        consent=_("The e-mail of the contact may be shown on the fiche."),
        imported=Imported("courriel", ("courriel du contact", "adresse mail", "adresse mail du contact", "adresse électronique", "courrier électronique")), public="courriel public",
        question=Question(Part.CONTACT, asked=_("What is this person’s e-mail address?"), is_required=True),
    ),
)

LIEU = (
    Champ(
        "adresse", _("address"), ValueKind.TEXT, GroupeDeChamps.LIEU,
        personal=Personal.MENTION, key=JsonKey(description=""),
        column=OpenDataColumn(description=_("Number and street.")), imported=Imported("adresse", ("adresse postale", "adresse de l'organisation", "adresse du siège", "rue"), "3 rue du Puits"),
        question=Question(Part.WHERE, asked=_("What is its address?"), help=_("Number and street."), limit=255, autocomplete="street-address"),
    ),
    Champ(
        "code_postal", _("postcode"), ValueKind.POSTCODE, GroupeDeChamps.LIEU,
        personal=Personal.CODE, key=JsonKey(description=""),
        column=OpenDataColumn(description=_("Postcode."), rules={"pattern": r"\d{5}"}),
        imported=Imported("code postal"),
        question=Question(Part.WHERE, asked=_("What is its postcode?"), help=_("Five digits."), autocomplete="postal-code"),
    ),
    Champ(
        "commune", _("commune"), ValueKind.COMMUNE, GroupeDeChamps.LIEU,
        key=JsonKey(description=""), column=OpenDataColumn(description=_("Commune.")),
        imported=Imported("commune", ("ville", "localité", "lieu", "ville du siège", "commune du siège", "code insee")),
        question=Question(Part.WHERE, asked=_("In which commune is it?"), help=_("The name of the town or village."), is_required=True),
    ),
    Champ(
        "commune_id", "", ValueKind.TEXT, GroupeDeChamps.LIEU,
        description=_("The commune's INSEE code."), key=JsonKey("code_insee", example="25056"),
        column=OpenDataColumn(rules={"pattern": r"\d[\dAB]\d{3}"}),
    ),
    Champ(
        "departement", _("département"), ValueKind.CHOICE, GroupeDeChamps.LIEU,
        description=_("The département's number."), key=JsonKey(example="25", label_key="departement_nom"),
        column=OpenDataColumn(),
    ),
    Champ(
        "point", _("place on the map"), ValueKind.POINT, GroupeDeChamps.LIEU,
        personal=Personal.CODE, imported=Imported("latitude et longitude", ("position", "point", "coordonnées", "coordonnées GPS", "GPS")),
    ),
    Champ(
        "latitude", _("latitude"), ValueKind.DECIMAL, GroupeDeChamps.LIEU,
        description=DEGREES, key=JsonKey(), column=OpenDataColumn(rules={"minimum": -90, "maximum": 90}),
    ),
    Champ(
        "longitude", _("longitude"), ValueKind.DECIMAL, GroupeDeChamps.LIEU,
        description=DEGREES, key=JsonKey(), column=OpenDataColumn(rules={"minimum": -180, "maximum": 180}),
    ),
    Champ(
        "precision", _("precision of the position"), ValueKind.CHOICE, GroupeDeChamps.LIEU,
        description=_("Whether the place is exact or the centre of the commune."), key=JsonKey(is_closed=True),
        column=OpenDataColumn(),
    ),
    Champ(
        "sans_localisation", _("no location"), ValueKind.TRUTH, GroupeDeChamps.LIEU,
        imported=Imported("sans localisation"), question=Question(Part.WHERE, label=_("Show no place on any map"), is_folded=True),
    ),
)

CARACTERISATION = (
    Champ("contact_public", "", ValueKind.CONTACT, GroupeDeChamps.CONTACT, key=JsonKey("contact")),
    Champ(
        "criteres", _("criteria of the grid"), ValueKind.CRITERIA, GroupeDeChamps.GRILLE,
        help=_("Tick all that the innovation meets; the public filters by these."), panel=Panel(),
        key=JsonKey("grille", description=_("The criteria that the fiche meets; the whole grid is at /grille.")),
        column=OpenDataColumn(after="siret"), imported=Imported("", after="corps"),
        question=Question(Part.GRID, label=_("criteria of the grid"), asked=_("Which criteria describe your innovation best?")),
    ),
    Champ(
        "mots_cles", _("keywords"), ValueKind.KEYWORDS, GroupeDeChamps.GRILLE,
        help=_("A few words by which one would look for it, separated by commas."), panel=Panel(),
        key=JsonKey(description=""), column=OpenDataColumn(description=_("Keywords, between bars.")),
        imported=Imported("mots-clés", ("mots clefs", "étiquettes", "tags"), "pain | partage", after="criteres"),
        question=Question(Part.KEYWORDS, asked=_("With which words would one search for your innovation?"), help=_("At most ten, separated by commas."), limit=300, is_folded=True),
    ),
    Champ(
        "edition", _("edition"), ValueKind.EDITION, GroupeDeChamps.GRILLE,
        help=_("The year of the rally in which it was found."), description=_("Year of the rally."), panel=Panel(),
        key=JsonKey(example=2013), column=OpenDataColumn(), imported=Imported("édition", ("année", "année du rallye"), "2013", after="mots_cles"),
    ),
)

IMAGES = (
    Champ(
        "photo", _("photo"), ValueKind.PICTURE, GroupeDeChamps.PHOTO,
        help=PICTURE, panel=Panel(), key=JsonKey(),
        imported=Imported("photo", ("image", "visuel", "illustration", "photographie"), "https://fournees.example/four.jpg"),
    ),
    Champ(
        "photo_alt", _("alternative text of the photo"), ValueKind.TEXT, GroupeDeChamps.PHOTO,
        help=ALT, personal=Personal.MENTION, panel=Panel(),
        imported=Imported("texte de remplacement de la photo", ("texte de remplacement", "alt"), "Le four, allumé"),
        question=Question(Part.PHOTO, label=_("What the photo shows"), asked=_("What does the photo show?"), help=_("For those who can’t see it: “three people around a vat”."), limit=250),
    ),
    Champ(
        "photo_decorative", _("the photo is decorative"), ValueKind.TRUTH, GroupeDeChamps.PHOTO,
        help=DECORATIVE, panel=Panel(), imported=Imported("photo décorative"),
        question=Question(Part.PHOTO, label=_("The photo adds nothing to the text")),
    ),
    Champ(
        "logo", _("logo"), ValueKind.PICTURE, GroupeDeChamps.LOGO,
        help=_("On a plain ground if you can; shown beside the organisation's name."), panel=Panel(), key=JsonKey(),
        imported=Imported("logo"),
    ),
    Champ(
        "logo_alt", _("alternative text of the logo"), ValueKind.TEXT, GroupeDeChamps.LOGO,
        help=ALT, personal=Personal.MENTION, panel=Panel(), imported=Imported("texte de remplacement du logo"),
        question=Question(Part.LOGO, label=_("What the logo shows"), asked=_("What does the logo show?"), help=_("Usually the organisation’s name."), limit=250),
    ),
    Champ(
        "logo_decorative", _("the logo is decorative"), ValueKind.TRUTH, GroupeDeChamps.LOGO,
        help=DECORATIVE, panel=Panel(), imported=Imported("logo décoratif"),
    ),
)

TEXTE = (
    Champ(
        "corps", _("text"), ValueKind.BODY, GroupeDeChamps.INNOVATION,
        help=_("Add blocks with the plus sign: what was needed, what was done, what came of it."),
        personal=Personal.MENTION, panel=Panel(), key=JsonKey(),
        imported=Imported("texte", ("description", "descriptif", "descriptif de l'innovation", "descriptif du projet", "description de l'innovation", "description du projet", "présentation", "présentation de l'innovation", "contenu"), "Un paragraphe.\n\nUn autre.", after="chapo"),
    ),
    Champ(
        "texte_html", "", ValueKind.LONG_TEXT, GroupeDeChamps.INNOVATION,
        description=_("The blocks as one text, in HTML."), key=JsonKey(),
    ),
    Champ(
        "texte", "", ValueKind.LONG_TEXT, GroupeDeChamps.INNOVATION,
        description=_("The blocks as one text, without tags."), key=JsonKey(),
    ),
)


def partner_contact(
    name: str, label: Promise, kind: ValueKind, help: Promise, imported: str, *, beside: bool = False
) -> Champ:
    """A detail of the contact at the partner. One checkbox, ``partenaire_contact_public``, shows all four."""
    return Champ(
        f"partenaire_contact_{name}",
        label,
        kind,
        GroupeDeChamps.CONTACT_DU_PARTENAIRE,
        Visibility.PRIVATE,
        help=help,
        personal=Personal.PERSON,
        panel=Panel(beside=beside),
        imported=Imported(imported),
    )


PARTENAIRES = (
    Champ(
        "partenaire", _("associated partner"), ValueKind.PARTNER, GroupeDeChamps.PARTENAIRE,
        help=_("The network that found the innovation and goes with it. Its page and its embeds show this fiche."),
        description=_("The associated partner."), panel=Panel(), key=JsonKey(), column=OpenDataColumn(),
        imported=Imported("partenaire associé", ("partenaire", "réseau")),
        question=Question(Part.CONTACT, label=_("Partner who goes with you"), asked=_("Which partner of the rally goes with you?"), is_folded=True),
    ),
    partner_contact(
        "nom", _("contact at the partner"), ValueKind.TEXT, _("Who follows this fiche there."), "contact du partenaire",
    ),
    partner_contact(
        "fonction", _("job title"), ValueKind.TEXT, _("As on their card."), "fonction du contact du partenaire",
        beside=True,
    ),
    partner_contact("telephone", _("phone"), ValueKind.PHONE, KEPT_PRIVATE_BELOW, "téléphone du contact du partenaire"),
    partner_contact(
        "courriel", _("e-mail"), ValueKind.EMAIL, KEPT_PRIVATE_BELOW, "courriel du contact du partenaire",
        beside=True,
    ),
    Champ(
        "partenaire_contact_public", _("the partner's contact may be shown"), ValueKind.TRUTH, GroupeDeChamps.CONTACT_DU_PARTENAIRE, Visibility.PRIVATE,
        help=AGREED, panel=Panel(), imported=Imported("contact du partenaire public"),
    ),
    Champ(
        "financements", _("Funders"), ValueKind.FUNDERS, GroupeDeChamps.PARTENAIRE,
        key=JsonKey("financeurs"), column=OpenDataColumn(description=_("Funders, between bars.")),
        imported=Imported("financeurs", ("financements",)),
    ),
)

SUITE = (
    Champ(
        "etapes", "", ValueKind.ETAPES, GroupeDeChamps.PAGE,
        description=_("The étapes at which the fiche is presented."), key=JsonKey(),
    ),
    Champ("prix", "", ValueKind.PRIX, GroupeDeChamps.PAGE, key=JsonKey()),
    Champ(
        "first_published_at", "", ValueKind.INSTANT, GroupeDeChamps.PAGE,
        description=_("First publication."), key=JsonKey("publie_le"), column=OpenDataColumn(),
    ),
    Champ(
        "last_published_at", "", ValueKind.INSTANT, GroupeDeChamps.PAGE,
        description=_("Last publication."), key=JsonKey("modifie_le"), column=OpenDataColumn(),
    ),
)
# fmt: on

CHAMPS = (*IDENTITY, *ORGANISATION, *CONTACT, *LIEU, *CARACTERISATION, *IMAGES, *TEXTE, *PARTENAIRES, *SUITE)


@cache
def champs_with(facet: str, *, groupe: GroupeDeChamps | None = None) -> tuple[Champ, ...]:
    """The fields that have ``facet``, an attribute of :class:`Champ` (``"key"``, ``"column"``, ``"panel"``…), in its order.

    :param groupe: limits the result to the fields of this group.
    """
    return tuple(in_order((champ for champ in CHAMPS if groupe in (None, champ.groupe)), facet))


@cache
def champs_asked(*parts: Part) -> tuple[Champ, ...]:
    """The fields that the dossier's form asks in these parts, in order."""
    return tuple(in_order((champ for champ in CHAMPS if champ.question and champ.question.part in parts), "question"))


@cache
def champs_of_kind(*kinds: ValueKind) -> tuple[Champ, ...]:
    """The fields of these kinds that a person fills in (those with a label)."""
    return tuple(champ for champ in CHAMPS if champ.kind in kinds and champ.label)


def champ_named(name: str) -> Champ:
    """The field called ``name``.

    :raises KeyError: there is none.
    """
    return {champ.name: champ for champ in CHAMPS}[name]


def label_of(name: str) -> str | Promise:
    """The label of a field, in lower case, as the model's ``verbose_name``."""
    return champ_named(name).label


@cache
def details_of(groupe: GroupeDeChamps) -> dict[str, Champ]:
    """``{"nom" | "fonction" | "telephone" | "courriel": field}`` of the contact person in a group."""
    people = (champ for champ in CHAMPS if champ.groupe is groupe and champ.personal is Personal.PERSON)
    return {champ.name.rpartition("contact_")[2]: champ for champ in people}
