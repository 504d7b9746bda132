"""Loads the demo's dossiers: fictitious, marked as examples, some in each state."""

from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from fiches.candidatures.answers import save_answers
from fiches.candidatures.demo_answers import RECITS
from fiches.candidatures.dossier_transitions import note
from fiches.candidatures.dossier_withdrawal import withdraw_dossier
from fiches.candidatures.invitation import begin
from fiches.candidatures.models import Appel, Dossier, Motif, Signalement
from fiches.candidatures.staff_decisions import ask_for_corrections, refuse_dossier
from fiches.candidatures.submission import submit_dossier
from fiches.mail.outbox import silence
from fiches.models import Dimension, Edition, FichePage
from fiches.moderation.decision import APPROVE, decide

DOMAIN = "dossiers.example"
CALL = "Appel à innovations (exemple)"
EXAMPLES = [
    ("brouillon", "Atelier des Sapins", "L’établi que l’on partage", "Pontarlier (25300)"),
    ("brouillon", "Les Jardins de la Loue", "Cueillir avec les voisins", "Ornans (25290)"),
    ("recu", "Mécanique du Lison", "L’école dans l’atelier", "Salins-les-Bains (39110)"),
    ("recu", "Aide à Tous", "Une tournée à deux", "Vesoul (70000)"),
    ("en_relecture", "Fruitière du Haut-Jura", "Le lait de nuit", "Saint-Claude (39200)"),
    ("corrections_demandees", "Bois et Compagnie", "La scierie apprenante", "Champagnole (39300)"),
    ("corrections_demandees", "Transports de la Saône", "Le camion jamais vide", "Gray (70100)"),
    ("refuse", "Vente Express", "Le colis plus vite", "Belfort (90000)"),
    ("retire", "Les Trois Moulins", "Le pain suspendu", "Lure (70200)"),
    ("approuve", "Verrerie de la Lanterne", "Le four en commun", "Luxeuil-les-Bains (70300)"),
    ("publie", "Horlogerie des Combes", "L’heure de chacun", "Morteau (25500)"),
]
MOTIFS = [
    (
        "Photo trop petite",
        "La photo est trop petite pour être imprimée : envoyez-en une d’au moins 1 600 pixels de large.",
    ),
    ("Résultats sans chiffre", "Donnez un ou deux chiffres qui montrent le résultat."),
    ("Hors du sujet", "Le dossier décrit un produit, et non une innovation sociale."),
]
TIPS = [
    ("La Boulangerie du Coin, Dole", "Elle forme des personnes éloignées de l’emploi.", f"boulangerie@{DOMAIN}"),
    ("Garage solidaire, Héricourt", "Il répare à prix coûtant.", ""),
]


def load_demo_dossiers(by: AbstractUser | None = None, approver: AbstractUser | None = None) -> int:
    """Loads the call, the reasons, the dossiers and the tips. Idempotent. Sends no mail.

    :param by: the user that acts for the staff.
    :param approver: the user that approves, if ``by`` may not.
    :returns: the number of fiches created.
    """
    appel = _call()
    for intitule, texte in MOTIFS:
        Motif.objects.get_or_create(intitule=intitule, defaults={"texte": texte})
    for organisation, innovation, contact in TIPS:
        values = {"innovation": innovation, "contact": contact}
        Signalement.objects.get_or_create(organisation=organisation, defaults=values)
    before = Dossier.objects.filter(fiche__isnull=False).count()
    for number, example in enumerate(EXAMPLES):
        courriel = f"dossier{number}@{DOMAIN}"
        if not Dossier.objects.of(courriel).exists():
            with silence():
                _dossier(appel, courriel, *example, by=by, approver=approver or by)
    return Dossier.objects.filter(fiche__isnull=False).count() - before


def _call() -> Appel:
    now = timezone.now()
    return Appel.objects.get_or_create(
        nom=CALL,
        defaults={
            "ouverture": now - timedelta(days=30),
            "cloture": timezone.localtime(now + timedelta(days=60)).replace(hour=23, minute=59, second=0),
            "edition": Edition.objects.first(),
        },
    )[0]


def _dossier(
    appel: Appel,
    courriel: str,
    etat: str,
    organisation: str,
    titre: str,
    commune: str,
    *,
    by: AbstractUser | None,
    approver: AbstractUser | None,
) -> None:
    dossier = begin(appel=appel, courriel=courriel, exemple=True)
    answers = {
        "organisation": organisation,
        "commune": commune,
        "effectif": "14",
        "titre": titre,
        **RECITS[titre]._asdict(),
        "criteres": [
            str(dimension.criteres.first().pk)
            for dimension in Dimension.objects.filter(criteres__isnull=False).distinct()
        ],
        "contact_nom": "Camille Exemple",
        "contact_courriel": courriel,
        "contact_telephone": "03 53 01 00 20",  # reserved for fiction by the regulator (Arcep)
        "consentement_publication": etat != "brouillon",
    }
    save_answers(dossier=dossier, typed=answers, seen=0)
    if etat != "brouillon":
        submit_dossier(dossier=dossier)
        _bring_to(dossier, etat, by=by, approver=approver)


def _bring_to(dossier: Dossier, etat: str, *, by: AbstractUser | None, approver: AbstractUser | None) -> None:
    if etat == "en_relecture":
        _approve(dossier, by=by)
        note(dossier, "Appelée au téléphone : très claire.", auteur=by)
    elif etat == "corrections_demandees":
        ask_for_corrections(dossier=dossier, reasons=[("resultats", MOTIFS[1][1])], by=by)
    elif etat in {"approuve", "publie"}:
        _publish(dossier, by=by, approver=approver)
        if etat == "approuve":
            FichePage.objects.get(dossier=dossier).unpublish()
    elif etat == "refuse":
        refuse_dossier(dossier=dossier, reason=MOTIFS[2][1], by=by)
    elif etat == "retire":
        withdraw_dossier(dossier=dossier)


def _publish(dossier: Dossier, *, by: AbstractUser | None, approver: AbstractUser | None) -> None:
    """Approves each task of the fiche's workflow until it is published: ``by`` the first reading, ``approver`` the second."""
    while state := FichePage.objects.get(dossier=dossier).current_workflow_task_state:
        _approve(dossier, by=by if state.task.specific.corrects else approver)


def _approve(dossier: Dossier, *, by: AbstractUser | None) -> None:
    """Approves the task at which the fiche is."""
    state = FichePage.objects.get(dossier=dossier).current_workflow_task_state
    decide(task_state=state, action=APPROVE, by=by, revision_read=state.revision_id)
