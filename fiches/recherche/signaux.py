"""The search table follows the register: a fiche that was recorded is indexed, or leaves."""

from django.dispatch import receiver

from fiches.publications.ledger import recorded
from fiches.recherche.indexation import forget_fiches, index_fiches


@receiver(recorded)
def _fiches_recorded(sender, kind, pks, is_direct, is_gone, **kwargs):
    """``is_gone``: about to be deleted, and still to be read as it was. What only shows what changed keeps its words."""
    if kind == "fiche" and is_gone:
        forget_fiches(pks)
    elif kind == "fiche" and is_direct:
        index_fiches(pks)
