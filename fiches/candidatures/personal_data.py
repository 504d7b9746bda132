"""Declares the personal data of dossiers and tips: whose they are, and which columns name people; exports those of one person."""

import json
import zipfile
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.consentements import CONTACT
from fiches.candidatures.dossier_erasure import erase_dossier, forget_contact, is_own_contact
from fiches.candidatures.dossier_transitions import as_its_company_reads
from fiches.candidatures.forms import label_of_answer
from fiches.candidatures.invitation import revoke
from fiches.candidatures.models import Dossier, PieceJointe, Signalement
from fiches.candidatures.pieces import content_of
from fiches.upkeep.personal_data import by_hand, mentions, not_personal, owned
from fiches.upkeep.personal_data.registry import UNREAD
from fiches.upkeep.personal_data.search import export_data


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


def export_person(courriel: str, file: Any, nom: str = "") -> None:
    """Writes a ZIP archive to the binary ``file``: `donnees.json` and `fichiers/`. A file that the disk lacks is
    named in `fichiers_introuvables`.

    :param courriel: the normalised address.
    :param nom: the full name, to search where the address is not written.
    """
    data = {"courriel": courriel, **export_data(courriel, nom)}
    dossiers = Dossier.objects.of(courriel).prefetch_related("pieces")
    pieces = [piece for dossier in dossiers for piece in dossier.pieces.all()]
    files = [
        (piece.nom, f"{piece.dossier_id}/{piece.cle.hex}.{piece.extension}", content_of(piece.fichier))
        for piece in pieces
    ]
    tips = Signalement.objects.filter(de__iexact=courriel).exclude(photo="")
    files += [(str(tip.photo), str(tip.photo), content_of(tip.photo)) for tip in tips]
    if lost := [name for name, _place, content in files if content is None]:
        data["fichiers_introuvables"] = lost
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("donnees.json", json.dumps(data, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder))
        for _name, place, content in files:
            if content is not None:
                archive.writestr(f"fichiers/{place}", content)


def contact_data(dossier: Dossier) -> dict[str, Any]:
    """Returns the details of the contact that a dossier names, who may not be its applicant."""
    details = {label_of_answer(champ): dossier.reponses.get(champ, "") for champ in CONTACT}
    return {"numero": dossier.numero, "organisation": dossier.organisation, **details}


def dossier_data(dossier: Dossier) -> Any:
    """Returns the data of a dossier that its applicant may read, ready for JSON."""
    dossier = as_its_company_reads(dossier)
    changes = dossier.modifications.all()
    return {
        "numero": dossier.numero,
        "etat": dossier.get_etat_display(),
        "commence": dossier.cree,
        "envoye": dossier.soumis,
        "reponses": {label_of_answer(champ): value for champ, value in dossier.reponses.items()},
        "consentements": [
            {"libelle": c.libelle, "version": c.version, "accorde": c.accorde, "date": c.date}
            for c in dossier.consentements.all()
        ],
        "historique": [
            {"date": e.date, "etat": e.get_etat_display(), "texte": e.texte} for e in dossier.histoire_lisible
        ],
        "modifications": [{"date": m.date, "champ": label_of_answer(m.champ), "texte": m.apres} for m in changes],
        "fichiers": [{"nom": p.nom, "type": p.type_mime, "cle": p.cle.hex} for p in dossier.pieces.all()],
    }


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
mentions("rallynov_candidatures.Confidentialite", "responsable", "adresse", "destinataires", "delegue")

UNREAD.append(PieceJointe.objects.count)
