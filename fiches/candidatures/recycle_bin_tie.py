"""Separates a dossier from a fiche that goes to the bin, so that a new draft can be made; links them again later."""

from fiches.candidatures.models import Dossier
from fiches.models import FichePage
from fiches.upkeep.recycle_bin import register_tie


def register() -> None:
    """Called once, when Django starts."""
    register_tie("dossier", _unlink, restore=_relink)


def _unlink(fiche: FichePage) -> int | None:
    """Returns the key of the dossier that had this fiche."""
    pk = Dossier.objects.filter(fiche=fiche.pk).values_list("pk", flat=True).first()
    Dossier.objects.filter(pk=pk).update(fiche=None)
    return pk


def _relink(fiche: FichePage, pk: int) -> None:
    Dossier.objects.filter(pk=pk, fiche__isnull=True).update(fiche=fiche)
