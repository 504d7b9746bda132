"""The mails: who is told what, in the words that ship or in those of the staff, as text and as HTML.

A subject never holds an answer: only the number and the state.
"""

import re
from typing import NamedTuple

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fiches.candidatures.models import ModeleDeCourriel

PLACE = re.compile(r"\{([a-z_]+)\}")


class Wording(NamedTuple):
    title: str
    objet: str
    texte: str
    places: tuple[str, ...]


ALWAYS = ("numero", "organisation", "lien")
WORDINGS = {
    "lien": Wording(
        gettext_lazy("Link to a dossier"),
        gettext_lazy("Your link to propose an innovation"),
        gettext_lazy(
            "Hello,\n\nYou, or someone who typed your address, asked to propose an innovation to Rally’nov.\n\n"
            "{liens}\n\nKeep this mail: the link opens your dossier at any time, without an account. Whoever holds it can "
            "change the dossier.\n\nIf you asked for nothing, forget this mail: what was not sent is deleted by itself."
        ),
        ("liens",),
    ),
    "accuse": Wording(
        gettext_lazy("Receipt"),
        gettext_lazy("Dossier {numero} received"),
        gettext_lazy(
            "Hello,\n\nYour dossier has arrived. Its number is {numero}.\n\nWhat happens next: it is read, then approved or "
            "sent back to you with what to correct. You can follow it here:\n\n{lien}"
        ),
        ALWAYS,
    ),
    "corrections": Wording(
        gettext_lazy("Corrections asked for"),
        gettext_lazy("Dossier {numero}: corrections are asked for"),
        gettext_lazy(
            "Hello,\n\nYour dossier was read. Before it goes further, please correct this:\n\n{raisons}\n\n"
            "The link reopens what is to be corrected:\n\n{lien}"
        ),
        (*ALWAYS, "raisons"),
    ),
    "publie": Wording(
        gettext_lazy("Published"),
        gettext_lazy("Dossier {numero}: the fiche is published"),
        gettext_lazy("Hello,\n\nYour fiche is online:\n\n{adresse}\n\nYour dossier stays here:\n\n{lien}"),
        (*ALWAYS, "adresse"),
    ),
    "approuve": Wording(
        gettext_lazy("Approved"),
        gettext_lazy("Dossier {numero}: approved"),
        gettext_lazy("Hello,\n\nYour dossier is approved. Its fiche will be published soon.\n\n{lien}"),
        ALWAYS,
    ),
    "refuse": Wording(
        gettext_lazy("Refused"),
        gettext_lazy("Dossier {numero}: answer"),
        gettext_lazy("Hello,\n\nYour dossier was not accepted, for these reasons:\n\n{raisons}\n\n{lien}"),
        (*ALWAYS, "raisons"),
    ),
    "retire": Wording(
        gettext_lazy("Withdrawn"),
        gettext_lazy("Dossier {numero}: withdrawn"),
        gettext_lazy(
            "Hello,\n\nYour dossier is withdrawn, as you asked. Its fiche is no longer shown. What it holds is deleted "
            "after {mois} months, or sooner if you ask for it."
        ),
        (*ALWAYS, "mois"),
    ),
    "rappel": Wording(
        gettext_lazy("Reminder"),
        gettext_lazy("The call closes soon: your dossier is not sent"),
        gettext_lazy("Hello,\n\nYour dossier is not sent yet, and the call closes on {cloture}.\n\n{lien}"),
        (*ALWAYS, "cloture"),
    ),
    "invitation": Wording(
        gettext_lazy("Invitation"),
        gettext_lazy("Your innovation was noticed"),
        gettext_lazy(
            "Hello,\n\nSomeone told us of what {organisation} does. We would like to present it. The dossier is begun; it "
            "takes about half an hour:\n\n{lien}\n\nIf you don’t wish to, do nothing: it is deleted by itself."
        ),
        ALWAYS,
    ),
    "bon_a_tirer": Wording(
        gettext_lazy("Proof"),
        gettext_lazy("Dossier {numero}: your fiche to read before it is published"),
        gettext_lazy(
            "Hello,\n\nHere is your fiche as it will be published. Please read it, and tell us whether you agree:\n\n{lien}"
        ),
        ALWAYS,
    ),
    "equipe": Wording(
        gettext_lazy("To the staff: something happened"),
        gettext_lazy("Dossier {numero}: {fait}"),
        gettext_lazy("Dossier {numero}: {fait}.\n\n{adresse}"),
        ("numero", "fait", "adresse"),
    ),
    "recapitulatif": Wording(
        gettext_lazy("To the staff: the day’s summary"),
        gettext_lazy("The dossiers, today"),
        gettext_lazy("Today:\n\n{resume}\n\n{adresse}"),
        ("resume", "adresse"),
    ),
}


def title_of(cle):
    return str(WORDINGS[cle].title) if cle in WORDINGS else cle


def check_wording(cle, *, objet, texte):
    """``{field: message}``: an unknown mail, a place that nothing fills, or a needed link that is missing."""
    if cle not in WORDINGS:
        return {"cle": _("Unknown mail. Known: %(known)s.") % {"known": ", ".join(WORDINGS)}}
    errors = {}
    for field, text in (("objet", objet), ("texte", texte)):
        unknown = sorted(set(PLACE.findall(text)) - set(WORDINGS[cle].places))
        if unknown:
            errors[field] = _("Nothing fills {%(place)s} in this mail.") % {"place": unknown[0]}
    private = set(PLACE.findall(objet)) - {"numero", "fait"}
    if private and "objet" not in errors:
        errors["objet"] = _("A subject holds no answer: use {numero} only.")
    if "\n" in objet or "\r" in objet:
        errors["objet"] = _("A subject is one line.")
    return errors


def wording(cle):
    """``(objet, texte)``: the staff's, else ours."""
    own = ModeleDeCourriel.objects.filter(cle=cle).first()
    if own:
        return own.objet, own.texte
    return str(WORDINGS[cle].objet), str(WORDINGS[cle].texte)


def fill(text, contexte):
    return PLACE.sub(lambda match: str(contexte.get(match[1], "")), text)


def compose(cle, *, contexte, destinataires, message_id):
    """The mail, ready to be sent, as text with an HTML alternative."""
    objet, texte = wording(cle)
    body = fill(texte, contexte)
    message = EmailMultiAlternatives(
        subject=" ".join(fill(objet, contexte).split()),
        body=body,
        to=destinataires,
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
    html = render_to_string("candidatures/courriels/message.html", {"objet": message.subject, "texte": body})
    message.attach_alternative(html, "text/html")
    return message


def sample(cle, *, objet, texte):
    """The context of a preview: each place filled with its own name, so that staff see where it stands."""
    contexte = {place: f"[{place}]" for place in WORDINGS[cle].places} if cle in WORDINGS else {}
    return {"objet": fill(objet, contexte), "texte": fill(texte, contexte)}


def counted(number):
    return ngettext("%(number)s dossier", "%(number)s dossiers", number) % {"number": number}
