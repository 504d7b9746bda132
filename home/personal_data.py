"""Declares the personal data in the site's own models (see `fiches.upkeep.personal_data`)."""

from fiches.upkeep.personal_data import mentions, not_personal, rows

for page in (
    "Accessibilite",
    "Bibliographie",
    "Confidentialite",
    "Content",
    "Grille",
    "Home",
    "Partenaires",
):
    mentions(f"home.{page}Page", "introduction", "corps")
mentions("home.AccessibilitePage", "organisme_d_audit", "contact_courriel", "contact_adresse")
not_personal("home.AccessibilitePage", "schema_pluriannuel", "plan_d_action", "environnement", "echantillon")
mentions("home.HomePage", "photo_alt", "action_libelle")
mentions("home.Illustration", "credit")
not_personal("home.IllustrationRendition", "filter_spec", "file", "focal_point_key")
mentions("home.LienDeMenu", "libelle")
rows("home.LienDeMenu", "adresse")
mentions("home.LienDePied", "libelle")
rows("home.LienDePied", "adresse")
mentions(
    "home.Organisme", "nom", "sous_titre", "presentation", "editeur", "adresse", "courriel", "telephone", "delegue"
)
mentions("home.Reference", "titre", "auteurs", "editeur", "revue", "note", "adresse")
not_personal("home.Reference", "doi", "langue")
