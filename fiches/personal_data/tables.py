"""The tables of the core: fiches, partners, the outbox, imports, the bin."""

from django.utils.translation import gettext_lazy as _

from fiches import corbeille
from fiches.models import Courriel, Partenaire
from fiches.models.corbeille import FicheSupprimee
from fiches.personal_data.registry import by_hand, contact, derived, labels, mentions, not_personal, owned, rows


def mails_to(courriel):
    """The mails written to an address, however it was spelt."""
    keys = [
        pk
        for pk, to in Courriel.objects.values_list("pk", "destinataires").iterator()
        if courriel in {address.casefold() for address in to}
    ]
    return Courriel.objects.filter(pk__in=keys)


owned(_("deleted fiches"), corbeille.of_person, tell=corbeille.told)
owned(_("mails"), mails_to, tell=lambda mail: {"modele": mail.modele, "date": mail.cree, "etat": mail.etat})

contact("fiches.FichePage", *(f"contact_{name}" for name in ("nom", "fonction", "telephone", "courriel")))
contact("fiches.FichePage", *(f"partenaire_contact_{name}" for name in ("nom", "fonction", "telephone", "courriel")))
mentions("fiches.FichePage", "organisation", "chapo", "corps", "photo_alt", "logo_alt", "activite", "adresse", "site")
not_personal("fiches.FichePage", "code_postal", "point", "naf", "naf_2025", "siret")
contact(Partenaire, "contact_nom", "contact_fonction", "contact_telephone", "contact_courriel")
mentions(Partenaire, "nom", "presentation", "site")
not_personal(Partenaire, "sigle", "slug", "roles")
mentions("fiches.FicheIndexPage", "introduction")
mentions("fiches.FicheFinanceur", "mention")
mentions(FicheSupprimee, "titre", "organisation", "contenu", "attaches", "courriels")
mentions(Courriel, "contexte", "destinataires")
not_personal(Courriel, "cle", "modele", "message_id", "erreur")
mentions("fiches.ModeleDeCourriel", "objet", "texte")
not_personal("fiches.ModeleDeCourriel", "cle")
mentions("fiches.Importation", "nom", "lignes", "problemes", "doublons")
not_personal("fiches.Importation", "archive")
mentions("fiches.LigneImportee", "fichiers", "images")
rows("fiches.Lien", "adresse")
not_personal("fiches.Lien", "empreinte", "constat")
rows("fiches.RechercheVaine", "mots")
labels("fiches.RechercheVaine", "mots")
rows("fiches.Vue", "question")
mentions("fiches.Vue", "nom")
not_personal("fiches.Vue", "liste")
mentions("fiches.Critere", "definition")
not_personal("fiches.Critere", "name", "slug")
mentions("fiches.Dimension", "definition")
not_personal("fiches.Dimension", "nom", "slug")
mentions("fiches.Edition", "nom", "cloture")
rows("fiches.MotCle", "name")
labels("fiches.MotCle", "name")
not_personal("fiches.MotCle", "slug")
not_personal("fiches.Synonyme", "termes")
not_personal("fiches.Commune", "code_insee", "nom", "nom_normalise", "codes_postaux", "source")
not_personal("fiches.Echeance", "nom")
not_personal("fiches.Bilan", "manques")
derived("fiches.Ligne", "titre", "organisation", "repere", "commune", "commune_nom", "departement", "sphere", "statut")
derived("fiches.Ligne", "tranche", "partenaire", "criteres", "mots_cles", "documents", "texte", "mots")
derived("fiches.Publication", "kind", "slug", "contents", "release")
derived("fiches.Mot", "mot", "racine")
derived("fiches.Variante", "variante")
by_hand("fiches.Piece", "texte")  # of a document: the file itself is to be replaced
derived("fiches.Piece", "empreinte")
