"""Loads the example dossiers, one in each state, with their call and the tips."""

from datetime import timedelta

from django.utils import timezone

from demo.content import read
from fiches.candidatures.answers import save_answers
from fiches.candidatures.dossier_transitions import note
from fiches.candidatures.invitation import begin
from fiches.candidatures.models import Appel, Signalement
from fiches.candidatures.submission import ask_for_corrections, refuse_dossier, submit_dossier, withdraw_dossier
from fiches.mail.outbox import silence
from fiches.models import Dimension, Edition, FichePage
from fiches.moderation.decision import APPROVE, decide


def load_dossiers(users):
    """Creates the dossiers, and brings each to its state; returns the number of fiches created. Sends no mail."""
    content = read("dossiers")
    Signalement.objects.bulk_create(Signalement(**entry) for entry in content["signalements"])
    appel = _call(content["appel"])
    with silence():
        for number, entry in enumerate(content["dossiers"]):
            _dossier(appel, f"dossier{number}@dossiers.example", entry, users)
    return FichePage.objects.exclude(dossier=None).count()


def _call(nom):
    now = timezone.now()
    closing = timezone.localtime(now + timedelta(days=60)).replace(hour=23, minute=59, second=0)
    edition = Edition.objects.first()
    return Appel.objects.create(nom=nom, ouverture=now - timedelta(days=30), cloture=closing, edition=edition)


def _dossier(appel, courriel, entry, users):
    dossier, etat = begin(appel=appel, courriel=courriel, exemple=True), entry["etat"]
    criteria = [dimension.criteres.first() for dimension in Dimension.objects.exclude(criteres=None).distinct()]
    contact = {
        "contact_nom": "Camille Exemple",
        "contact_courriel": courriel,
        "contact_telephone": "03 53 01 00 20",  # reserved for fiction by the regulator (Arcep)
        "consentement_publication": etat != "brouillon",
    }
    answers = {**entry["reponses"], **contact, "effectif": "14", "criteres": [str(each.pk) for each in criteria]}
    save_answers(dossier=dossier, typed=answers, seen=0)
    if etat != "brouillon":
        submit_dossier(dossier=dossier)
        _bring_to(dossier, entry, users)


def _bring_to(dossier, entry, users):
    etat, by = entry["etat"], users["redaction"]
    if etat == "en_relecture":
        _approve(dossier, users)
        note(dossier, "Appelée au téléphone : très claire.", auteur=by)
    elif etat == "corrections_demandees":
        ask_for_corrections(dossier=dossier, reasons=[("resultats", entry["raison"])], by=by)
    elif etat == "refuse":
        refuse_dossier(dossier=dossier, reason=entry["raison"], by=by)
    elif etat == "retire":
        withdraw_dossier(dossier=dossier)
    elif etat in {"approuve", "publie"}:
        while _approve(dossier, users):
            pass
        if etat == "approuve":
            FichePage.objects.get(dossier=dossier).unpublish()


def _approve(dossier, users):
    """Approves the task at which the fiche is; returns whether another one follows."""
    state = FichePage.objects.get(dossier=dossier).current_workflow_task_state
    by = users["redaction" if state.task.specific.corrects else "moderation"]
    decide(task_state=state, action=APPROVE, by=by, revision_read=state.revision_id)
    return FichePage.objects.get(dossier=dossier).current_workflow_task_state is not None
