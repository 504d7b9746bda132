"""The answers of the demo's dossiers, by title. All are fictitious."""

from typing import NamedTuple


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
    "Cueillir avec les voisins": Recit(
        "Les habitants cueillent ce que le maraîcher n’a pas le temps de ramasser, et en gardent le tiers.",
        "Un quart des fruits restait sur les arbres, faute de bras au bon moment.",
        "Un message part la veille. Viennent ceux qui le peuvent.\n\nUn tiers va au verger, un tiers à l’épicerie sociale.",
        "Quatre tonnes sauvées en une saison, quarante familles présentes.",
    ),
    "L’école dans l’atelier": Recit(
        "Les apprentis suivent leurs cours entre les tours et les fraiseuses, le mardi et le jeudi.",
        "Le lycée est à une heure de route : les candidats renonçaient.",
        "Deux professeurs viennent à l’atelier.\n\nLes pièces d’exercice sont des pièces vendues, et contrôlées comme telles.",
        "Six apprentis, tous présents à la fin de l’année ; quatre embauchés.",
    ),
    "Une tournée à deux": Recit(
        "L’aide à domicile et l’infirmière passent ensemble chez ceux qui en ont le plus besoin.",
        "Deux visites pressées le même matin, et personne pour parler de ce qui n’allait pas.",
        "Les deux services ont mis leurs tournées sur une même feuille.\n\nUne visite sur trois se fait à deux.",
        "Moitié moins d’hospitalisations d’urgence chez trente personnes suivies.",
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
    "Le camion jamais vide": Recit(
        "Trois transporteurs concurrents se partagent les retours à vide.",
        "Un camion sur trois rentrait vide, et les tournées du soir s’allongeaient.",
        "Chaque soir à 17 heures, les retours du lendemain sont mis en commun.\n\nLe prix du kilomètre est fixé une fois l’an.",
        "Moins de retours à vide, et des chauffeurs rentrés plus tôt.",
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
