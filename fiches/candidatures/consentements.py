"""The consents: one per purpose, unticked, kept with their wording; what withdrawing one changes, everywhere at once."""

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import ReferenceIndex
from wagtail.signals import page_published

from fiches.candidatures.historique import stop_moderation
from fiches.candidatures.models import Consentement
from fiches.candidatures.pieces import take_back
from fiches.effacements import CONSENT, note_erasure

VERSION = "2026-11"


class Finalite(NamedTuple):
    libelle: str
    obligatoire: bool = False


FINALITES = {
    "publication": Finalite(
        _(
            "I agree that the description of our innovation be published as a fiche, on this site and on those of the partners."
        ),
        obligatoire=True,
    ),
    "contact_nom": Finalite(_("The name of the contact may be shown on the fiche.")),
    "contact_fonction": Finalite(_("The position of the contact may be shown on the fiche.")),
    "contact_telephone": Finalite(_("The phone of the contact may be shown on the fiche.")),
    "contact_courriel": Finalite(_("The e-mail of the contact may be shown on the fiche.")),
    "droits_photo": Finalite(
        _("I hold the rights of the pictures sent, the people shown agreed, and they may be published with the fiche.")
    ),
    "actualites": Finalite(_("I would like to receive news of the rally by e-mail.")),
}
CONTACT = ("contact_nom", "contact_fonction", "contact_telephone", "contact_courriel")
PREFIX = "consentement_"


def current(dossier):
    """``{purpose: Consentement}``: the latest of each."""
    return {consent.finalite: consent for consent in dossier.consentements.all()}


def granted(dossier):
    """The purposes agreed to, now."""
    return {finalite for finalite, consent in current(dossier).items() if consent.accorde}


@transaction.atomic
def record(*, dossier, choices, auteur=None):
    """Adds what changed of ``{purpose: bool}``; a consent never given needs no row to be absent."""
    before = granted(dossier)
    for finalite, accorde in choices.items():
        if bool(accorde) == (finalite in before):
            continue
        Consentement.objects.create(
            dossier=dossier,
            finalite=finalite,
            libelle=str(FINALITES[finalite].libelle),
            version=VERSION,
            accorde=bool(accorde),
            auteur=auteur,
        )


@transaction.atomic
def withdraw(*, dossier, finalite, auteur=None):
    """Takes one consent back. A contact detail or a photo leaves the draft, the live page and the revisions; without
    the consent to be published, the fiche leaves the site."""
    record(dossier=dossier, choices={finalite: False}, auteur=auteur)
    note_erasure(CONSENT, f"{dossier.pk}:{finalite}")
    reponses = {**dossier.reponses, PREFIX + finalite: False}
    dossier.reponses = reponses
    dossier.save(update_fields=["reponses"])
    page = dossier.fiche
    if page:
        _take_effect(page, finalite, dossier, auteur)
    if finalite == "droits_photo":
        take_back(dossier)


def _take_effect(page, finalite, dossier, auteur):
    if finalite == "publication":
        stop_moderation(dossier, by=auteur)
        if page.live:
            page.unpublish(user=auteur)
    elif finalite in CONTACT:
        hide(page, {f"{finalite}_public": False})
    elif finalite == "droits_photo":
        hide(page, {"photo_id": None, "logo_id": None})


def hide(page, values):
    """Writes ``values`` on the page and in each of its revisions, so that none brings them back; nothing is told to refer
    any more to what went."""
    type(page).objects.filter(pk=page.pk).update(**values)
    content = {name.removesuffix("_id"): value for name, value in values.items()}
    for revision in page.revisions.all():
        revision.content = {**revision.content, **content}
        revision.save(update_fields=["content"])
    page.refresh_from_db()
    ReferenceIndex.create_or_update_for_object(page)
    if page.live:
        page_published.send(sender=type(page), instance=page, revision=None)
