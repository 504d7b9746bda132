"""The letters of the dossiers: who is told what. Links are made at the moment of sending."""

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _

from fiches import langues
from fiches.candidatures.enums import OVER, Etat, Usage
from fiches.candidatures.jetons import mint
from fiches.candidatures.models import Dossier
from fiches.heures import moment
from fiches.mail.outbox import absolute, post
from fiches.mail.wordings import Obsolete, Wording, contact_address, register_letter

ALWAYS = ("numero", "organisation", "lien")
WORDINGS = {
    "lien": Wording(
        gettext_lazy("Link to a dossier"),
        ("liens",),
    ),
    "accuse": Wording(
        gettext_lazy("Receipt"),
        ALWAYS,
    ),
    "corrections": Wording(
        gettext_lazy("Corrections asked for"),
        (*ALWAYS, "raisons"),
    ),
    "publie": Wording(
        gettext_lazy("Dossier published"),
        (*ALWAYS, "adresse"),
    ),
    "approuve": Wording(
        gettext_lazy("Approved"),
        ALWAYS,
    ),
    "refuse": Wording(
        gettext_lazy("Refused"),
        (*ALWAYS, "raisons"),
    ),
    "retire": Wording(
        gettext_lazy("Withdrawn"),
        (*ALWAYS, "mois"),
    ),
    "fusionne": Wording(
        gettext_lazy("Closed after a merge"),
        (*ALWAYS, "equipe"),
    ),
    "rappel": Wording(
        gettext_lazy("Reminder"),
        (*ALWAYS, "cloture"),
    ),
    "invitation": Wording(
        gettext_lazy("Invitation"),
        ALWAYS,
    ),
    "bon_a_tirer": Wording(
        gettext_lazy("Proof"),
        ALWAYS,
    ),
    "equipe": Wording(
        gettext_lazy("To the staff: something happened"),
        ("numero", "fait", "adresse"),
        ("numero", "fait"),
    ),
    "recapitulatif": Wording(
        gettext_lazy("To the staff: the day’s summary"),
        ("resume", "adresse"),
    ),
}


TO_STAFF = {"equipe", "recapitulatif"}
TRUE_WHILE = {
    "rappel": {Etat.BROUILLON},
    "invitation": {Etat.BROUILLON},
    "corrections": {Etat.CORRECTIONS_DEMANDEES},
    "publie": {Etat.PUBLIE},
    "bon_a_tirer": set(Etat) - OVER,
}
"""What a letter tells, or asks for, is no longer so in another state: it waited too long for the mail server."""


def register_letters():
    for name, wording in WORDINGS.items():
        register_letter(name, wording, complete=complete, language=None if name in TO_STAFF else language_of)


def language_of(courriel):
    """That of the dossier, or the one in which its link is asked for."""
    return courriel.contexte.get("langue") or (courriel.sujet.langue if courriel.sujet else "")


def complete(courriel):
    if courriel.modele == "lien":
        dossiers = Dossier.objects.filter(pk__in=courriel.contexte["dossiers"])
        if not dossiers:
            raise Obsolete
        langue = courriel.contexte.get("langue")
        return {"liens": "\n\n".join(_link_line(dossier, langue) for dossier in dossiers)}
    dossier = courriel.sujet
    if dossier is None:
        return {}
    if dossier.etat not in TRUE_WHILE.get(courriel.modele, Etat.values):
        raise Obsolete
    contexte = {"numero": dossier.numero or "", "organisation": dossier.organisation, **courriel.contexte}
    if get_language() != langues.own():
        contexte |= _said_anew(courriel.modele, dossier)
    if courriel.modele == "fusionne":
        contexte["equipe"] = _write_to_the_team()
    if courriel.modele == "bon_a_tirer":
        contexte["lien"] = absolute(reverse("candidature_bon_a_tirer", args=[mint(dossier, usage=Usage.BON_A_TIRER)]))
    elif courriel.modele not in TO_STAFF:
        contexte["lien"] = link_to(dossier)
    return contexte


def _write_to_the_team():
    if address := contact_address():
        return _("If you think that it is a mistake, write to the team: %(address)s") % {"address": address}
    return _("If you think that it is a mistake, write to the team.")


def _said_anew(modele, dossier):
    """What was written down in the site's own words, in those of the reader."""
    from fiches.candidatures.raisons import reasons_text  # the forms know the consents, which write letters

    if modele == "corrections":
        return {"raisons": reasons_text(dossier.a_corriger)}
    if modele == "rappel" and dossier.appel:
        return {"cloture": moment(dossier.appel.cloture)}
    return {}


def link_to(dossier, langue=None):
    """A new private address of the dossier, in a language of the site: that of the dossier, unless another is asked for."""
    langue = langue or dossier.langue
    with override(langue if langue in langues.languages() else langues.own()):
        return absolute(reverse("candidature_dossier", args=[mint(dossier)]))


def _link_line(dossier, langue):
    name = dossier.titre or dossier.organisation or str(dossier)
    return f"{name} ({dossier.etat_lisible})\n{link_to(dossier, langue)}"


def tell_staff(dossier, fait, *, cle):
    """Tells the one who holds the dossier; without one, the day's summary tells the others."""
    if dossier.responsable and dossier.responsable.is_active and dossier.responsable.email:
        post(
            cle,
            modele="equipe",
            destinataires=[dossier.responsable.email],
            sujet=dossier,
            contexte={"fait": fait, "adresse": absolute(reverse("dossiers:detail", args=[dossier.pk]))},
        )


def counted(number):
    return ngettext("%(number)s dossier", "%(number)s dossiers", number) % {"number": number}
