"""A dossier whose fiche is in the bin has none, so that a new draft can be made; it is tied to the fiche that comes back."""

from fiches.candidatures.models import Dossier
from fiches.models import FichePage
from fiches.upkeep.recycle_bin import register_tie


def register() -> None:
    """Called once, when Django starts."""
    register_tie("dossier", _loosen, mend=_tie_again)


def _loosen(fiche: FichePage) -> int | None:
    pk = Dossier.objects.filter(fiche=fiche.pk).values_list("pk", flat=True).first()
    Dossier.objects.filter(pk=pk).update(fiche=None)
    return pk


def _tie_again(fiche: FichePage, pk: int) -> None:
    Dossier.objects.filter(pk=pk, fiche__isnull=True).update(fiche=fiche)
