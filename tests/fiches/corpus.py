"""Two dozen fiches like those of the rally, for the tests of finding. Each has a short key by which tests name it."""

import datetime

from fiches.models import Commune, FicheCritere, FicheMotCle, FichePage, Synonyme
from tests.factories import CritereFactory, DimensionFactory, EditionFactory, MotCleFactory, PartenaireFactory

# key: title, organisation, chapô, text, activity, INSEE code, sphere, legal form, staff, year, criteria, keywords
FICHES = {
    "agrodoubs": (
        "La recette d’une organisation partagée", "Agrodoubs",
        "Une entreprise agroalimentaire où chacun change de poste.",
        "Les salariés décident ensemble des horaires et des investissements. La productivité a grimpé.",
        "Transformation de volailles", "25462", "classique", "sas", 120, 2013,
        ["entreprise", "organisation"], ["gouvernance"],
    ),
    "epicerie": (
        "L’épicerie qui fait le tour des villages", "Bonne Route",
        "Une épicerie solidaire montée sur un camion.",
        "Elle dessert vingt communes rurales sans commerce et vend les produits des fermes voisines.",
        "Commerce de détail", "70550", "ess", "association", 6, 2013, ["territoire", "conception"], ["alimentation"],
    ),
    "cafe": (
        "Un café tenu par ses habitants", "Le Grain commun", "Un bistrot coopératif au cœur du bourg.",
        "Les habitants ont racheté le dernier café du village et l’ouvrent à tour de rôle. Une épicerie y tient un coin.",
        "Débit de boissons", "39397", "ess", "scic", 3, 2014, ["territoire", "organisation"], ["lien social"],
    ),
    "horlogerie": (
        "Apprendre l’horlogerie entre générations", "Tic-Tac Formation", "Des retraités forment des apprentis.",
        "Le savoir-faire du Haut-Doubs se transmet à l’établi, un jour par semaine.",
        "Formation", "25411", "ess", "association", 8, 2013, ["individu", "procédure"], ["formation", "jeunesse"],
    ),
    "creche": (
        "Une crèche partagée par trois entreprises", "Les Petits Lapins",
        "Des entreprises d’une même zone d’activité gardent les enfants de leurs salariés.",
        "Les horaires décalés de l’usine sont couverts. Les berceaux restants vont aux familles du quartier.",
        "Garde d’enfants", "90010", "ess", "cooperative", 22, 2014,
        ["entreprise", "conception"], ["petite enfance"],
    ),
    "foret": (
        "La forêt en indivision citoyenne", "Sylve commune", "Des citoyens achètent ensemble des parcelles de forêts.",
        "Le bois est débardé au cheval ; l’assemblée décide des coupes chaque été.",
        "Sylviculture", "39097", "ess", "groupement", None, 2014, ["territoire", "législation"], ["environnement"],
    ),
    "mobilite": (
        "L’autopartage entre voisins", "Roulez ensemble", "Cinq voitures, quarante familles et un planning partagé.",
        "L’association assure les véhicules électriques et tient le calendrier.",
        "Location de véhicules", "25056", "ess", "association", 2, 2013, ["individu", "organisation"], ["mobilité"],
    ),
    "eau": (
        "Mesurer l’eau ensemble", "Rivières vivantes", "Les pêcheurs et l’usine surveillent la rivière.",
        "Les relevés de la Loue sont publiés chaque mois sur un site ouvert.",
        "Environnement", "25434", "classique", "sarl", 15, 2015, ["territoire", "procédure"], ["environnement"],
    ),
    "couture": (
        "L’atelier de couture où l’on apprend le français", "Fil d’Ariane", "Des femmes migrantes cousent et parlent.",
        "Les vêtements sont vendus en ligne. L’insertion par l’activité économique y est un métier.",
        "Confection", "25388", "ess", "association", 11, 2014, ["individu", "conception"], ["insertion"],
    ),
    "telemedecine": (
        "La consultation à distance en maison de retraite", "Santé Comté", "Un médecin vient par l’écran.",
        "Les résidents voient un spécialiste sans voyage. Le personnel soignant est formé.",
        "Santé", "70285", "ess", "mutuelle", 240, 2015, ["individu", "procédure"], ["santé"],
    ),
    "dechets": (
        "Rien ne se perd au chantier", "Bâti Réemploi", "Les matériaux de démolition trouvent une seconde vie.",
        "Portes, poutres et tuiles sont triées puis revendues aux artisans.",
        "Déconstruction", "25056", "classique", "eurl", 4, 2015, ["entreprise", "conception"], ["réemploi"],
    ),
    "monnaie": (
        "La Pive, monnaie locale", "Association La Pive", "Une monnaie qui circule dans les commerces de la région.",
        "Trois cents professionnels l’acceptent. Elle relocalise les échanges.",
        "Finance", "25056", "ess", "association", 1, 2014, ["territoire", "législation"], ["finance"],
    ),
    "handicap": (
        "Des postes de travail sans barrière", "Ergo Plus", "Chaque poste est repensé avec la personne handicapée.",
        "Les travaux d’aménagement sont faits par l’équipe elle-même.",
        "Mécanique", "90032", "classique", "sa", 520, 2013, ["individu", "organisation"], ["handicap"],
    ),
    "microcredit": (
        "Le micro-crédit de la seconde chance", "Franche Avance", "Un prêt pour qui n’a plus de banque.",
        "Des bénévoles accompagnent chaque emprunteur pendant deux ans.",
        "Finance", "25388", "ess", "association", 5, 2015, ["individu", "procédure"], ["finance", "insertion"],
    ),
    "fruitiere": (
        "La fruitière ouvre son conseil", "Fruitière de la Haute Loue", "Les clients siègent avec les producteurs.",
        "La coopérative fromagère décide du prix du lait avec ceux qui mangent le comté.",
        "Fromagerie", "25434", "ess", "cooperative", 18, 2013, ["entreprise", "organisation"], ["gouvernance"],
    ),
    "jardin": (
        "Le jardin des écoliers", "Graines d’école", "Les élèves nourrissent la cantine.",
        "Quatre écoles cultivent un hectare. Les légumes sont servis à midi.",
        "Éducation", "70311", "ess", "association", 7, 2014, ["individu", "conception"], ["alimentation", "jeunesse"],
    ),
    "energie": (
        "Le soleil des toits publics", "Watt Comtois", "Une société citoyenne pose des panneaux solaires.",
        "Les toits des mairies produisent de l’énergie ; les bénéfices paient la rénovation.",
        "Énergie", "39198", "ess", "scic", 2, 2015, ["territoire", "législation"], ["énergie", "environnement"],
    ),
    "numerique": (
        "Le fablab de la vallée", "Atelier 3D", "Des machines numériques ouvertes à tous.",
        "Imprimantes, découpe laser et conseils. Les PME y font leurs prototypes.",
        "Services aux entreprises", "39478", "classique", "sas", 9, 2014, ["entreprise", "conception"], ["numérique"],
    ),
    "habitat": (
        "Vieillir chez soi à plusieurs", "Toit commun", "Un habitat groupé pour des personnes âgées.",
        "Huit logements, un jardin et une salle commune. Les jeunes du foyer voisin rendent visite.",
        "Logement", "90010", "ess", "fondation", 12, 2013, ["individu", "organisation"], ["logement"],
    ),
    "theatre": (
        "Le théâtre hors les murs", "Compagnie du Lion", "Des pièces jouées dans les cours d’immeubles.",
        "Les locataires choisissent le répertoire. Une œuvre naît chaque été.",
        "Spectacle", "90010", "ess", "association", 4, 2015, ["territoire", "organisation"], ["culture"],
    ),
    "lunettes": (
        "Les lunettes à prix juste", "Vue du Jura", "Une monture locale, vendue sans intermédiaire.",
        "L’usine de Morez propose ses fins de série aux associations d’aide.",
        "Lunetterie", "39368", "classique", "sarl", 48, 2013, ["entreprise", "conception"], ["santé"],
    ),
    "transport": (
        "Le bus à la demande du plateau", "Communes unies", "Un minibus réservé par téléphone.",
        "Il relie les hameaux au marché de Champagnole le samedi.",
        "Transport", "39097", "classique", "public", 30, 2014, ["territoire", "procédure"], ["mobilité"],
    ),
    "emploi": (
        "Territoire zéro chômeur", "L’Emploi pour tous", "Une entreprise à but d’emploi embauche sans tri.",
        "Les travaux utiles que personne ne fait deviennent des emplois durables.",
        "Services", "70310", "ess", "association", 60, 2015, ["individu", "législation"], ["insertion"],
    ),
    "innovation": (
        "Innover avec ses salariés", "Microtechnique Besançon", "Une boîte à idées qui finance les essais.",
        "Une heure par semaine est rendue à l’innovation sociale et technique.",
        "Microtechniques", "25056", "classique", "sas", 85, 2014, ["entreprise", "procédure"], ["gouvernance"],
    ),
}
DIMENSIONS = {
    "centrée sur": ["individu", "territoire", "entreprise"],
    "en lien avec": ["procédure", "organisation", "législation", "conception"],
}
PARTENAIRES = {"agrodoubs": "Fact", "creche": "Fact", "fruitiere": "Cress", "monnaie": "Cress"}


def plant(index_page):
    """Makes the corpus under ``index_page``; returns ``{key: FichePage}``. The first of FICHES is the newest."""
    criteria, keywords = {}, {}
    for order, (name, values) in enumerate(DIMENSIONS.items()):
        dimension = DimensionFactory(nom=name, slug=name.replace(" ", "-").replace("é", "e"), ordre=order)
        for value in values:
            criteria[value] = CritereFactory(dimension=dimension, name=value)
    Synonyme.objects.create(termes="boucherie, volaille")
    Synonyme.objects.create(termes="RSE, responsabilité sociétale, innovation sociale")
    partners = {sigle: PartenaireFactory(nom=f"Réseau {sigle}", sigle=sigle) for sigle in set(PARTENAIRES.values())}
    made = {}
    for age, (key, values) in enumerate(FICHES.items()):
        fiche = _fiche(values, published=datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC) - datetime.timedelta(age))
        fiche.partenaire = partners.get(PARTENAIRES.get(key))
        for name in values[10]:
            fiche.fiche_criteres.add(FicheCritere(tag=criteria[name]))
        for name in values[11]:
            keywords[name] = keywords.get(name) or MotCleFactory(name=name)
            fiche.fiche_mots_cles.add(FicheMotCle(tag=keywords[name]))
        made[key] = index_page.add_child(instance=fiche)
    return made


def _fiche(values, *, published):
    title, organisation, chapo, text, activity, code, sphere, statut, staff, year, _criteria, _keywords = values
    return FichePage(
        title=title,
        organisation=organisation,
        chapo=chapo,
        corps=[{"type": "texte", "value": f"<p>{text}</p>"}],
        activite=activity,
        commune=Commune.objects.get(pk=code),
        sphere=sphere,
        statut=statut,
        effectif=staff,
        edition=EditionFactory(annee=year),
        first_published_at=published,
        last_published_at=published,
    )



