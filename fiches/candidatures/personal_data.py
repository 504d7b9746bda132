"""Declares the personal data of dossiers and tips: whose they are, and which columns name people."""

import logging
import time
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.dossier_erasure import erase_dossier, forget_contact, is_own_contact
from fiches.candidatures.export import contact_data, dossier_data
from fiches.candidatures.models import Dossier, PieceJointe, Signalement
from fiches.candidatures.tokens import revoke
from fiches.media.documents import READABLE, text_of
from fiches.upkeep.personal_data import by_hand, mentions, not_personal, owned
from fiches.upkeep.personal_data.registry import FILES

logger = logging.getLogger(__name__)

# Seconds given to the reading of private files in one search; the files that remain are listed for the staff.
LONGEST_READING = 20


def _erase_dossier(dossier: Dossier) -> None:
    revoke(dossier)
    erase_dossier(dossier)


def _contact_names(dossier: Dossier) -> list[str]:
    return [dossier.reponses.get("contact_nom") or ""]


def _contact_phones(dossier: Dossier) -> list[str]:
    return [dossier.reponses.get("contact_telephone") or ""]


def _contact(dossier: Dossier) -> Any:
    return [tuple(dossier.reponses.get(f"contact_{name}") or "" for name in ("nom", "telephone", "courriel"))]


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
    beside=_contact,
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
not_personal("rallynov_candidatures.Modification", "champ", "ecran")
mentions("rallynov_candidatures.PieceJointe", "nom")
by_hand("rallynov_candidatures.PieceJointe", "fichier")
not_personal("rallynov_candidatures.PieceJointe", "extension", "type_mime")
mentions("rallynov_candidatures.Accord", "nom", "annotations")
mentions(Signalement, "organisation", "lieu", "innovation", "contact", "de")
by_hand("rallynov_candidatures.Signalement", "photo")
not_personal(Signalement, "empreinte")
not_personal("rallynov_candidatures.Consentement", "finalite", "libelle", "version")
not_personal("rallynov_candidatures.Jeton", "empreinte")
mentions("rallynov_candidatures.Appel", "nom")
mentions("rallynov_candidatures.Motif", "intitule", "texte")
mentions("rallynov_candidatures.Confidentialite", "responsable", "adresse", "destinataires", "delegue")


def texts_of_private_files() -> Iterator[tuple[PieceJointe, str, str, Any]]:
    """The text of each file of a dossier, and why it was not read whole: somebody has to look at it then."""
    end = time.monotonic() + LONGEST_READING
    for piece in PieceJointe.objects.filter(extension__in=READABLE).iterator():
        text, unread = _text_of(piece) if time.monotonic() < end else ("", _("not read in time: open it"))
        yield piece, "fichier", text, unread


def _text_of(piece: PieceJointe) -> tuple[str, Any]:
    try:
        with piece.fichier.open("rb") as file:
            text, whole = text_of(file, piece.extension)
    except Exception as error:  # the file is lost, the storage fails, or other files are being read
        logger.warning("private_file_not_read", extra={"piece": piece.pk, "error": type(error).__name__})
        return "", _("lost, or out of reach for now: open it")
    if not text:
        return "", _("holds no text, as a scan: look at it by hand")
    return text, "" if whole else _("too long to be read whole: open it")


FILES.append(texts_of_private_files)
