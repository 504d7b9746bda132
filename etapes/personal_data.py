"""Declares the personal data in the étapes' models (see `fiches.upkeep.personal_data`)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from etapes.inscriptions import periodic_work
from etapes.inscriptions.registration_transitions import delete_registration
from etapes.models import Inscription
from fiches.upkeep.personal_data import contact, mentions, not_personal, owned

owned(
    _("registrations"),
    periodic_work.registrations_of,
    export=periodic_work.export,
    erase=delete_registration,
    names=lambda inscription: [inscription.nom],
    address=lambda inscription: reverse("etapes_inscriptions", args=[inscription.etape_id]),
)

contact(Inscription, "nom", "courriel", "organisation", "besoins")
not_personal(Inscription, "rendez_vous", "langue", "accord")
contact("rallynov_etapes.EtapeOrganisation", "contact_nom", "contact_telephone", "contact_courriel")
mentions(
    "rallynov_etapes.EtapePage",
    "adresse",
    "chapo",
    "lieu",
    "acces",
    "accessibilite",
    "programme",
    "photo_alt",
    "compte_rendu",
)
not_personal("rallynov_etapes.EtapePage", "code_postal", "point")
mentions("rallynov_etapes.EtapeIndexPage", "introduction")
mentions("rallynov_etapes.DocumentDEtape", "titre")
mentions("rallynov_etapes.Annonce", "objet", "texte")
