"""Declares the personal data of dossiers and tips: whose they are, and which columns name people."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.dossier_erasure import erase_dossier, forget_contact, is_own_contact
from fiches.candidatures.export import contact_data, dossier_data
from fiches.candidatures.models import Dossier, PieceJointe, Signalement
from fiches.candidatures.tokens import revoke
from fiches.upkeep.personal_data import by_hand, mentions, not_personal, owned
from fiches.upkeep.personal_data.registry import UNREAD


def _erase_dossier(dossier: Dossier) -> None:
    revoke(dossier)
    erase_dossier(dossier)


def _contact_names(dossier: Dossier) -> list[str]:
    return [dossier.reponses.get("contact_nom") or ""]


def _contact_phones(dossier: Dossier) -> list[str]:
    return [dossier.reponses.get("contact_telephone") or ""]


def _tip_data(tip: Signalement) -> dict[str, Any]:
    texts = {name: getattr(tip, name) for name in ("organisation", "lieu", "innovation", "date")}
    return {**texts, "photo": bool(tip.photo)}


def _page_of(dossier: Dossier) -> str:
    """The admin's page of a dossier, where each consent is withdrawn."""
    return reverse("dossiers:detail", args=[dossier.pk])


owned(
    _("dossiers"),
    Dossier.objects.of,
    export=dossier_data,
    erase=_erase_dossier,
    names=lambda dossier: _contact_names(dossier) if is_own_contact(dossier) else (),
    phones=lambda dossier: _contact_phones(dossier) if is_own_contact(dossier) else (),
    address=_page_of,
)
owned(
    _("contact of a dossier"),
    lambda courriel: Dossier.objects.filter(reponses__contact_courriel__iexact=courriel),
    export=contact_data,
    erase=forget_contact,
    names=_contact_names,
    phones=_contact_phones,
    address=_page_of,
)
owned(_("tips"), lambda courriel: Signalement.objects.filter(de__iexact=courriel), export=_tip_data)
owned(
    _("tips about the person"), lambda courriel: Signalement.objects.filter(contact__iexact=courriel), export=_tip_data
)  # the person who sent the tip is somebody else

mentions(Dossier, "reponses", "a_corriger", "organisation", "titre", "courriel")
not_personal(Dossier, "numero", "langue", "siret", "code_insee")
mentions("rallynov_candidatures.Evenement", "texte", "message", "valeurs")
mentions("rallynov_candidatures.Modification", "avant", "apres")
not_personal("rallynov_candidatures.Modification", "champ")
mentions("rallynov_candidatures.PieceJointe", "nom")
by_hand("rallynov_candidatures.PieceJointe", "fichier")
not_personal("rallynov_candidatures.PieceJointe", "extension", "type_mime")
mentions(Signalement, "organisation", "lieu", "innovation", "contact", "de")
by_hand("rallynov_candidatures.Signalement", "photo")
not_personal(Signalement, "empreinte")
not_personal("rallynov_candidatures.Consentement", "finalite", "libelle", "version")
not_personal("rallynov_candidatures.Jeton", "empreinte")
mentions("rallynov_candidatures.Appel", "nom")
mentions("rallynov_candidatures.Motif", "intitule", "texte")
mentions("rallynov_candidatures.Confidentialite", "responsable", "adresse", "destinataires", "delegue")

UNREAD.append(PieceJointe.objects.count)
