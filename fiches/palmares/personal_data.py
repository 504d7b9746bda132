"""Declares the personal data of the palmarès: the jury's members and the texts that may name people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fiches.palmares.models import Jure
from fiches.upkeep.personal_data import ERASED, contact, mentions, not_personal, owned


def _forget(jure: Any) -> None:
    """Anonymises a juror. The scores stay, because the ranking is computed from them."""
    jure.nom, jure.fonction, jure.compte = ERASED, "", None
    jure.save(update_fields=["nom", "fonction", "compte"])


owned(
    _("jury membership"),
    lambda courriel: Jure.objects.filter(compte__email__iexact=courriel),
    export=lambda jure: {"edition": str(jure.palmares), "nom": jure.nom, "fonction": jure.fonction},
    erase=_forget,
    names=lambda jure: [jure.nom],
)

contact(Jure, "nom", "fonction")
mentions("palmares.Decision", "motifs", "par_nom")
mentions("palmares.Prix", "citation")
mentions("palmares.Evaluation", "commentaire")
mentions("palmares.Palmares", "introduction")
not_personal("palmares.Palmares", "echelle")
mentions("palmares.PalmaresPage", "introduction")
mentions("palmares.Categorie", "nom", "description")
not_personal("palmares.Categorie", "slug")
mentions("palmares.CritereDeNotation", "nom", "definition")
