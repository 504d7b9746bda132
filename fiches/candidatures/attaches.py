"""A fiche that comes back from the bin is its dossier's again; who is erased is found there by the dossier's address."""

from fiches.candidatures.models import Dossier
from fiches.upkeep.recycle_bin import register_tie


def register():
    register_tie("dossier", find=_dossier, mend=_tie_again, addresses=lambda noted: [noted["courriel"]])


def _dossier(fiche):
    dossier = Dossier.objects.filter(fiche=fiche.pk).only("pk", "courriel").first()
    return {"dossier": dossier.pk, "courriel": dossier.courriel} if dossier else None


def _tie_again(fiche, noted):
    Dossier.objects.filter(pk=noted["dossier"], fiche__isnull=True).update(fiche=fiche)
