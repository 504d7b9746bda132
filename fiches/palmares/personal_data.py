"""Declares the personal data of the palmarès: the jury's members and the texts that may name people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fiches.palmares.models import Jure
from fiches.upkeep.personal_data import ERASED, WHOLE_ERASED, contact, mentions, not_personal, owned
from fiches.upkeep.personal_data.registry import AFTER


def _forget(jure: Any) -> None:
    """Anonymises a juror. The scores stay, because the ranking is computed from them."""
    jure.nom, jure.fonction, jure.compte = ERASED, "", None
    jure.save(update_fields=["nom", "fonction", "compte"])


def _leave_public_jury(person: Any) -> None:
    """Removes the erased jurors, whether found by their account or by their name alone, from the jury that the site names."""
    for jure in Jure.objects.filter(nom__in=(ERASED, WHOLE_ERASED)).exclude(accord_le=None):
        jure.accord_le = None
        jure.save(update_fields=["accord_le"])


AFTER.append(_leave_public_jury)
owned(
    _("jury membership"),
    lambda courriel: Jure.objects.filter(compte__email__iexact=courriel),
    export=lambda jure: {"edition": str(jure.palmares), "nom": jure.nom, "fonction": jure.fonction},
    erase=_forget,
    names=lambda jure: [jure.nom],
)

contact(Jure, "nom", "fonction")
mentions("rallynov_palmares.Decision", "motifs", "par_nom")
mentions("rallynov_palmares.Prix", "citation")
mentions("rallynov_palmares.Evaluation", "commentaire")
not_personal("rallynov_palmares.Evaluation", "notes")
mentions("rallynov_palmares.Palmares", "introduction")
not_personal("rallynov_palmares.Palmares", "echelle")
mentions("rallynov_palmares.PalmaresPage", "introduction")
mentions("rallynov_palmares.Categorie", "nom", "description")
not_personal("rallynov_palmares.Categorie", "slug")
mentions("rallynov_palmares.CritereDeNotation", "nom", "definition")
