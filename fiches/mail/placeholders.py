"""The placeholders of the mails: what takes the place of each, for the staff who word a mail."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What fills a placeholder, by its name. A host adds those of its own mails.
PLACEHOLDERS: dict[str, str | Promise] = {
    "acces": _("how to log in, or how to get there"),
    "adresse": _("address of the page that the mail is about"),
    "arret": _("link that stops these mails"),
    "avant": _("sentence on the former date of the étape"),
    "cloture": _("when the call closes"),
    "courriel": _("address of the person who writes"),
    "edition": _("edition of the rally"),
    "equipe": _("sentence that says how to write to the team"),
    "etape": _("title of the étape"),
    "fait": _("what happened"),
    "fiche": _("title of the fiche"),
    "identifiant": _("name of the account"),
    "jours": _("number of days for which the names are kept"),
    "lien": _("personal link of the reader"),
    "liens": _("links to the reader’s dossiers"),
    "lieu": _("place of the étape"),
    "liste": _("list of the new fiches"),
    "message": _("message of the person who writes"),
    "mois": _("number of months before the dossier is deleted"),
    "motif": _("reason, if one was given"),
    "nom": _("name of the person, or of the webhook"),
    "nouvelles": _("how many fiches are new"),
    "numero": _("number of the dossier"),
    "objet": _("subject of this message"),
    "organisation": _("name of the organisation"),
    "personnes": _("how many people are registered"),
    "phrase": _("the search that the reader follows"),
    "publication": _("sentence on the publication of the fiche"),
    "quand": _("day and hours of the étape"),
    "raisons": _("reasons written by the team"),
    "resume": _("summary of the day"),
    "situation": _("sentence on the registration of the person"),
    "suite": _("sentence on what becomes of the registration"),
    "texte": _("text of this message"),
}
# Those that no wording leaves out of a mail whose default text has them: the reader gets it nowhere else.
NEEDED = {
    "arret",
    "fait",
    "lien",
    "liens",
    "liste",
    "message",
    "motif",
    "raisons",
    "resume",
    "situation",
    "suite",
    "texte",
}
