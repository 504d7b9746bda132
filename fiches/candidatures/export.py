"""Exports one person's data for that person (articles 15 and 20 of the GDPR): JSON, and the files as stored."""

import json
import zipfile
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from fiches.candidatures.consentements import CONTACT
from fiches.candidatures.dossier_transitions import as_its_company_reads
from fiches.candidatures.forms import label_of_answer
from fiches.candidatures.models import Dossier, Signalement
from fiches.candidatures.pieces import content_of
from fiches.upkeep.personal_data.search import export_data


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
