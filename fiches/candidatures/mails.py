"""The mails of the dossiers: their variables, and the context of each. Links are created when a mail is sent."""

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext, override

from fiches import content_language
from fiches.candidatures.dossier_transitions import as_its_company_reads
from fiches.candidatures.enums import Etat
from fiches.candidatures.invitation import mint
from fiches.candidatures.models import Dossier
from fiches.formats import moment
from fiches.mail.outbox import UNDO, admin_url, post
from fiches.mail.wordings import Obsolete, Wording, contact_address, register_letter

if TYPE_CHECKING:
    from fiches.models import Courriel


ALWAYS = ("numero", "organisation", "lien")
WORDINGS = {
    "lien": Wording(gettext_lazy("Link to a dossier"), ("liens",)),
    "accuse": Wording(gettext_lazy("Receipt"), ALWAYS),
    "corrections": Wording(gettext_lazy("Corrections asked for"), (*ALWAYS, "raisons")),
    "publie": Wording(gettext_lazy("Dossier published"), (*ALWAYS, "adresse")),
    "relecture": Wording(gettext_lazy("Read again"), ALWAYS),
    "refuse": Wording(gettext_lazy("Refused"), (*ALWAYS, "raisons")),
    "retire": Wording(gettext_lazy("Withdrawn"), (*ALWAYS, "mois")),
    "rappel": Wording(gettext_lazy("Reminder"), (*ALWAYS, "cloture")),
    "invitation": Wording(gettext_lazy("Invitation"), ALWAYS),
    "message": Wording(gettext_lazy("Message of the team"), ALWAYS),
    "equipe": Wording(
        gettext_lazy("To the staff: something happened"), ("numero", "fait", "adresse"), ("numero", "fait")
    ),
    "recapitulatif": Wording(gettext_lazy("To the staff: the day’s summary"), ("resume", "adresse")),
}

TO_STAFF = {"equipe", "recapitulatif"}
# The states of the dossier in which a mail is still true. In another one it waited too long, and is not sent.
VALID_STATES = {
    "rappel": {Etat.BROUILLON},
    "invitation": {Etat.BROUILLON},
    "corrections": {Etat.CORRECTIONS_DEMANDEES},
    "publie": {Etat.PUBLIE},
    "refuse": {Etat.REFUSE},
    "retire": {Etat.RETIRE},
    "relecture": {Etat.RECU, Etat.EN_RELECTURE},
}


def register_letters() -> None:
    for name, wording in WORDINGS.items():
        register_letter(
            name,
            wording,
            complete=complete,
            language=None if name in TO_STAFF else language_of,
            permission="rallynov_candidatures.change_dossier",
        )


def language_of(courriel: "Courriel") -> str:
    """Returns the language in which the link was asked for, else that of the dossier."""
    return courriel.contexte.get("langue") or (courriel.sujet.langue if courriel.sujet else "")


def complete(courriel: "Courriel") -> dict[str, Any]:
    """Returns the context of a mail, with a new link.

    :raises Obsolete: the mail is no longer true.
    """
    if courriel.modele == "lien":
        dossiers = Dossier.objects.filter(pk__in=courriel.contexte["dossiers"])
        if not dossiers:
            raise Obsolete
        langue = courriel.contexte.get("langue")
        return {"liens": "\n\n".join(_link_line(dossier, langue) for dossier in dossiers)}
    from fiches.candidatures.forms import (
        reasons_text,  # circular: the forms import the consents, which import this module
    )

    dossier = courriel.sujet
    if dossier is None:
        return {}
    if dossier.etat not in VALID_STATES.get(courriel.modele, Etat.values):
        raise Obsolete
    # An unsent dossier has no number. The name of its organisation is an answer: it stays out of the subjects.
    contexte = {
        "numero": dossier.numero or str(Etat.BROUILLON.label),
        "organisation": dossier.organisation,
        **courriel.contexte,
    }
    # In the reader's language.
    if courriel.modele == "corrections":
        contexte["raisons"] = reasons_text(dossier.a_corriger)
    if courriel.modele == "rappel" and dossier.appel:
        contexte["cloture"] = moment(dossier.appel.cloture)
    if courriel.modele not in TO_STAFF:
        contexte["lien"] = link_to(dossier, screen=contexte.pop("ecran", "candidature_dossier"))
    return contexte


def link_to(dossier: Dossier, langue: str | None = None, *, screen: str = "candidature_dossier") -> str:
    """Creates a secret link to the dossier, in ``langue`` or the dossier's language; in the site's if it lacks them."""
    langue = langue or dossier.langue
    with override(langue if langue in content_language.languages() else content_language.default_language()):
        return admin_url(reverse(screen, args=[mint(dossier)]))


def _link_line(dossier: Dossier, langue: str | None) -> str:
    name = dossier.titre or dossier.organisation or str(dossier)
    return f"{name} ({as_its_company_reads(dossier).get_etat_display()})\n{link_to(dossier, langue)}"


def mail_applicant(dossier: Dossier, modele: str, **contexte: str) -> None:
    """Mails the applicant ten minutes after a decision, within which it can be taken back. The decision is the last line of history."""
    post(
        f"{modele}:{dossier.pk}:{dossier.evenements.latest('pk').pk}",
        modele=modele,
        destinataires=[dossier.courriel],
        sujet=dossier,
        contexte=contexte,
        send_after=timezone.now() + UNDO,
    )


def staff_members() -> Any:
    """Returns the active users who may change dossiers."""
    groups = Q(
        groups__permissions__content_type__app_label="rallynov_candidatures",
        groups__permissions__codename="change_dossier",
    )
    return get_user_model().objects.filter(Q(is_superuser=True) | groups, is_active=True).distinct()


def notify_staff(dossier: Dossier, fait: str, *, cle: str, screen: str = "dossiers:detail") -> None:
    """Mails ``fait`` to the team's address; if it has none, to those of all staff members.

    :param cle: key of the mail; the same key is sent once.
    :param screen: name of the address of the dossier that the mail leads to.
    """
    team = contact_address()
    contexte = {"fait": fait, "adresse": admin_url(reverse(screen, args=[dossier.pk]))}
    for address in [team] if team else {person.email for person in staff_members()} - {""}:
        key = f"{cle}:{sha256(address.encode()).hexdigest()[:12]}"
        post(key, modele="equipe", destinataires=[address], sujet=dossier, contexte=contexte)


def number_of_dossiers(number: int) -> str:
    return ngettext("%(number)s dossier", "%(number)s dossiers", number) % {"number": number}
