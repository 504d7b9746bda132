"""What the admin's form says below each field: what to write there, and what becomes of it."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel

AGREED = _("Tick it only once that person agreed: until then, nobody outside sees it.")
PRIVATE = _("Kept private until the tick beside it.")
HELP = {
    "title": _("What is new, in a few words, as the carnet would put it. It is the page's title."),
    "organisation": _("Who did it: the name by which it is known, without its legal form."),
    "chapo": _("Two sentences that sum up the innovation. Lists, mails and networks show them."),
    "corps": _("Add blocks with the plus sign: what was needed, what was done, what came of it."),
    "photo": _("In landscape, 1,200 pixels wide or more. It heads the page, the card and the embeds."),
    "logo": _("On a plain ground if you can; shown beside the organisation's name."),
    "alt": _("What the picture shows, in a sentence, for those who can't see it."),
    "decorative": _("Tick it if the picture teaches nothing: readers of screens then pass over it."),
    "criteres": _("Tick all that the innovation meets; the public filters by these."),
    "mots_cles": _("A few words by which one would look for it, separated by commas."),
    "edition": _("The year of the rally in which it was found."),
    "sphere": _("Social and solidarity economy, or the rest of the economy: a filter of the public's."),
    "activite": _("What the organisation does, in everyone's words: “bakery”, “home help”."),
    "statut": _("As in its articles. It is a filter of the public's."),
    "effectif": _("Number of people, as it is today; nought if nobody is employed."),
    "naf": _("Five signs, such as 10.71C: INSEE's present code of the activity."),
    "naf_2025": _("The code of the new nomenclature; leave it blank if you don't know it."),
    "siret": _("14 digits; its key is checked."),
    "site": _("The whole address, beginning with https://."),
    "contact_nom": _("Whom to ask about this innovation. Kept private until the tick beside it."),
    "contact_fonction": PRIVATE,
    "contact_telephone": PRIVATE,
    "contact_courriel": PRIVATE,
    "contact_nom_public": AGREED,
    "contact_fonction_public": AGREED,
    "contact_telephone_public": AGREED,
    "contact_courriel_public": AGREED,
    "partenaire": _("The network that found the innovation and goes with it. Its page and its embeds show this fiche."),
    "partenaire_contact_nom": _("Who follows this fiche there."),
    "partenaire_contact_fonction": _("As on their card."),
    "partenaire_contact_telephone": _("Kept private until the tick below."),
    "partenaire_contact_courriel": _("Kept private until the tick below."),
    "partenaire_contact_public": AGREED,
    "financeur": _("It must be among the partners; add it there first."),
    "commune": _("Begin to write it and choose: the département and the postcode follow."),
    "slug": _("The end of the page's address. Leave it as it is once the page is known."),
    "code_postal": _("Follows from the commune where it has only one."),
}


def helped(name, *, told=None, panel=FieldPanel, **options):
    """The panel of a field with its help, found by its name or by ``told``."""
    return panel(name, help_text=HELP[told or name], **options)


def helped_title(heading):
    return helped("title", panel=TitleFieldPanel, heading=heading)
