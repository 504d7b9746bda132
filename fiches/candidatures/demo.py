"""Loads the demo's dossiers: fictitious, marked as examples, some in each state."""

from datetime import timedelta
from typing import NamedTuple

from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from fiches.candidatures.answers import save_answers
from fiches.candidatures.dossier_transitions import note
from fiches.candidatures.invitation import begin
from fiches.candidatures.models import Appel, Dossier, Motif, Signalement
from fiches.candidatures.staff_decisions import ask_for_corrections, refuse_dossier
from fiches.candidatures.submission import submit_dossier, withdraw_dossier
from fiches.mail.outbox import silence
from fiches.models import Dimension, Edition, FichePage
from fiches.moderation.decision import APPROVE, decide


class Recit(NamedTuple):
    chapo: str
    besoin: str
    description: str
    resultats: str


RECITS = {
    "L’établi que l’on partage": Recit(
        "Le soir, les machines d’un menuisier servent aux artisans qui n’en ont pas.",
        "S’installer à son compte demande des machines que l’on n’amortit pas seul.",
        "L’atelier ouvre ses machines trois soirs par semaine.\n\nUn salarié accueille, règle et veille à la sécurité.",
        "Huit artisans inscrits, deux installés à leur compte dans l’année.",
    ),
    "L’école dans l’atelier": Recit(
        "Les apprentis suivent leurs cours entre les tours et les fraiseuses, le mardi et le jeudi.",
        "Le lycée est à une heure de route : les candidats renonçaient.",
        "Deux professeurs viennent à l’atelier.\n\nLes pièces d’exercice sont des pièces vendues, et contrôlées comme telles.",
        "Six apprentis, tous présents à la fin de l’année ; quatre embauchés.",
    ),
    "Le lait de nuit": Recit(
        "Le lait du soir attend au frais, et les fromagers commencent à huit heures.",
        "La journée débutait à quatre heures : aucun jeune ne restait.",
        "Une cuve tient le lait du soir à douze degrés.\n\nLe cahier des charges de l’appellation a été vérifié, heure par heure.",
        "Trois embauches en un an, aucun départ.",
    ),
    "La scierie apprenante": Recit(
        "Chaque poste se transmet en un mois, d’un ancien à un nouveau, avec un carnet tenu à deux.",
        "Cinq départs en retraite en trois ans, et des gestes écrits nulle part.",
        "Chacun forme un collègue à son poste, une demi-journée par semaine.\n\nLe carnet du poste reste sur la machine.",
        "Les postes tenus par une seule personne se font rares.",
    ),
    "Le colis plus vite": Recit(
        "Une application qui annonce l’heure de passage du livreur.",
        "Les clients se plaignent d’attendre leur colis.",
        "L’application suit le camion et prévient le client.",
        "La note des clients a monté d’un point.",
    ),
    "Le pain suspendu": Recit(
        "Un client paie deux pains ; le second attend celui qui ne peut pas le payer.",
        "Des habitants n’entraient plus dans la boulangerie.",
        "Un tableau compte les pains payés d’avance.\n\nOn en demande un sans se justifier.",
        "Neuf pains offerts par jour en moyenne.",
    ),
    "Le four en commun": Recit(
        "Quatre verriers allument un seul four, à tour de rôle, et n’en paient que le quart.",
        "Le prix du gaz mettait en péril chacun des ateliers.",
        "Le four tourne quatre jours de suite, un jour par atelier.\n\nLes commandes se préparent selon ce calendrier.",
        "Trois quarts du gaz économisé, quatre ateliers toujours ouverts.",
    ),
    "L’heure de chacun": Recit(
        "Chaque horloger choisit ses heures un mois à l’avance, et l’équipe boucle le planning sans chef.",
        "Les horaires uniques ne convenaient ni aux parents ni à ceux qui viennent de loin.",
        "Un tableau au mur, des jetons de couleur, une règle : deux personnes par établi.\n\n"
        "L’équipe règle ses désaccords, le vendredi.",
        "Absences divisées par deux en dix-huit mois, aucun départ.",
    ),
}

DOMAIN = "dossiers.example"
CALL = "Appel à innovations (exemple)"
EXAMPLES = [
    ("brouillon", "Atelier des Sapins", "L’établi que l’on partage", "Pontarlier (25300)"),
    ("recu", "Mécanique du Lison", "L’école dans l’atelier", "Salins-les-Bains (39110)"),
    ("en_relecture", "Fruitière du Haut-Jura", "Le lait de nuit", "Saint-Claude (39200)"),
    ("corrections_demandees", "Bois et Compagnie", "La scierie apprenante", "Champagnole (39300)"),
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
