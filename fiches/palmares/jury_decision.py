"""Records the jury's decision on a category, with its reasons. It need not follow the ranking."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from fiches.palmares.enums import EtatDuPalmares
from fiches.palmares.models import Decision, Prix
from fiches.palmares.palmares_lock import ActionRefused, lock_palmares


@transaction.atomic
def record_decision(categorie: Any, *, prizes: list[Any], motifs: Any, by: Any, read: int | None = None) -> Decision:
    """Records the prizes of a category and the reasons. The former decision is kept, no longer in force.

    :param prizes: ``[(Nomination, Rang, citation)]``; may be empty.
    :param read: key of the decision in force that the user saw, or None.
    :returns: the new ``Decision``.
    :raises ActionRefused: the scoring is not closed, the results are public, a nomination is of another category, or somebody
        decided meanwhile.
    """
    palmares = lock_palmares(categorie.palmares_id)
    if palmares.etat != EtatDuPalmares.CLOSE:
        raise ActionRefused(_("The scoring is not closed: there is nothing to decide on yet."))
    if palmares.est_publie:
        raise ActionRefused(_("The results are public: withdraw the announcement before you change a decision."))
    in_force = categorie.decisions.filter(en_vigueur=True).first()
    if (in_force.pk if in_force else None) != read:
        raise ActionRefused(_("Somebody decided on this category meanwhile: read it again before you change it."))
    if any(nomination.categorie_id != categorie.pk for nomination, _rank, _citation in prizes):
        raise ActionRefused(_("A prize goes to a fiche that is nominated in the category."))
    categorie.decisions.filter(en_vigueur=True).update(en_vigueur=False)
    name = get_user_display_name(by)
    decision = Decision.objects.create(categorie=categorie, motifs=motifs, par=by, par_nom=name, le=timezone.now())
    Prix.objects.bulk_create(
        Prix(decision=decision, nomination=nomination, rang=rank, citation=citation)
        for nomination, rank, citation in prizes
    )
    return decision
