"""The placeholders of the mails: what each holds, for the staff who word a mail, and an example for the preview."""

from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fiches.models import Commune
from fiches.territoire.territory import territory_words


class Placeholder(NamedTuple):
    """What fills a placeholder. ``example`` starts with ``/`` for an address of the site, and may hold
    ``%(commune)s``, ``%(postcode)s`` and what `territory_words` returns. ``is_needed``: the reader gets it nowhere else, so
    that no wording leaves it out of a mail whose default text has it."""

    label: str | Promise
    example: str | Promise
    is_needed: bool = False


PLACEHOLDERS: dict[str, Placeholder] = {
    "acces": Placeholder(_("how to log in, or how to get there"), _("Car park in front of the hall.")),
    "adresse": Placeholder(_("address of the page that the mail is about"), "/exemple/"),
    "arret": Placeholder(_("link that stops these mails"), "/exemple/arret/", is_needed=True),
    "avant": Placeholder(_("sentence on the former date of the étape"), _("It was announced for: 4 May 2026.")),
    "cloture": Placeholder(_("when the call closes"), _("30 June at 6 pm")),
    "courriel": Placeholder(_("address of the person who writes"), "jeanne@exemple.fr"),
    "edition": Placeholder(_("edition of the rally"), "2026"),
    "equipe": Placeholder(_("sentence that says how to write to the team"), _("Write to the team: equipe@exemple.fr")),
    "etape": Placeholder(_("title of the étape"), _("%(commune)s, a stop of the rally")),
    "fait": Placeholder(_("what happened"), _("the company has answered"), is_needed=True),
    "fiche": Placeholder(_("title of the fiche"), _("The recipe of a shared organisation")),
    "identifiant": Placeholder(_("name of the account"), "jmartin"),
    "jours": Placeholder(_("number of days for which the names are kept"), "30"),
    "lien": Placeholder(_("personal link of the reader"), "/exemple/lien-personnel/", is_needed=True),
    "liens": Placeholder(_("links to the reader’s dossiers"), "/exemple/lien-personnel/", is_needed=True),
    "lieu": Placeholder(_("place of the étape"), _("Village hall, %(postcode)s %(commune)s")),
    "liste": Placeholder(
        _("list of the new fiches"), _("– The recipe of a shared organisation (Les Prés verts)"), is_needed=True
    ),
    "message": Placeholder(
        _("message of the person who writes"), _("I would like to visit your workshop."), is_needed=True
    ),
    "mois": Placeholder(_("number of months before the dossier is deleted"), "6"),
    "motif": Placeholder(_("reason, if one was given"), _("The hall is not free any more."), is_needed=True),
    "nom": Placeholder(_("name of the person, or of the webhook"), "Jeanne Martin"),
    "nouvelles": Placeholder(_("how many fiches are new"), _("1 new fiche")),
    "numero": Placeholder(_("number of the dossier"), "2026-014"),
    "objet": Placeholder(_("subject of this message"), _("Practical information")),
    "organisation": Placeholder(_("name of the organisation"), _("The Lindens")),
    "personnes": Placeholder(_("how many people are registered"), _("12 people are registered")),
    "phrase": Placeholder(_("the search that the reader follows"), _("the fiches %(of_territory)s")),
    "publication": Placeholder(_("sentence on the publication of the fiche"), _("The fiche has left the site.")),
    "quand": Placeholder(_("day and hours of the étape"), _("4 May 2026, from 2 pm to 5 pm")),
    "raisons": Placeholder(_("reasons written by the team"), _("Organisation: write your full name."), is_needed=True),
    "resume": Placeholder(_("summary of the day"), _("received since yesterday: 2 dossiers"), is_needed=True),
    "situation": Placeholder(_("sentence on the registration of the person"), _("You have a place."), is_needed=True),
    "suite": Placeholder(
        _("sentence on what becomes of the registration"), _("Your registration stays."), is_needed=True
    ),
    "texte": Placeholder(_("text of this message"), _("Come ten minutes before."), is_needed=True),
}


def describe_placeholders(**placeholders: Placeholder) -> None:
    """Describes more placeholders, for the mails of a host. Called from ``AppConfig.ready()``."""
    PLACEHOLDERS.update(placeholders)


def label_of_placeholder(name: str) -> str:
    """What fills a placeholder; ``""`` if no app describes it."""
    return str(PLACEHOLDERS[name].label) if name in PLACEHOLDERS else ""


def is_needed(name: str) -> bool:
    return name in PLACEHOLDERS and PLACEHOLDERS[name].is_needed


def example_of(name: str) -> str:
    """An example of what fills a placeholder, of the territory of the site; its name in brackets if no app describes it."""
    example = str(PLACEHOLDERS[name].example) if name in PLACEHOLDERS else f"[{name}]"
    if "%(" in example:
        commune = Commune.objects.example()
        example %= {"commune": commune.nom, "postcode": commune.codes_postaux[0], **territory_words()}
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + example if example.startswith("/") else example
