"""How many dossiers wait, and since when: counted once for the menu, the dashboard and its summary."""

from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Count, Exists, Min, Q
from django.utils import timezone

from fiches.candidatures.enums import WITH_STAFF, Etat
from fiches.candidatures.models import Dossier
from fiches.models import RelectureTask
from fiches.moderation.current_reader import once_a_request


def pile_counts(user: AbstractUser | AnonymousUser) -> dict[str, Any]:
    """Returns ``{name: number}`` of the inbox's piles, of the dossiers of ``user`` (``"miens"``), of those that wait for a first
    reading that ``user`` may give (``"a_lire"``) and of those that wait for the staff (``"equipe"``); ``"depuis_<name>"`` is the moment since which the oldest waits, or None. One query a request."""
    return once_a_request(("piles", user.pk), lambda: _count(user))


def _count(user: AbstractUser | AnonymousUser) -> dict[str, Any]:
    with_staff = Q(etat__in=WITH_STAFF)
    own_readings = RelectureTask.objects.filter(active=True, groups__user=user.pk)
    conditions = {
        "equipe": with_staff,
        "miens": with_staff & Q(responsable=user),
        "nouveaux": Q(etat=Etat.RECU),
        "a_lire": Q(etat=Etat.RECU) if user.is_superuser else Q(Exists(own_readings), etat=Etat.RECU),
        "relecture": Q(etat=Etat.EN_RELECTURE),
        "entreprise": Q(etat=Etat.CORRECTIONS_DEMANDEES),
        "retard": with_staff & Q(echeance__lt=timezone.now()),
        "sans": with_staff & Q(responsable__isnull=True),
    }
    dossiers = Dossier.objects.sent().filter(fusionne_dans__isnull=True)
    return dossiers.aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()},
        **{f"depuis_{name}": Min("depuis", filter=condition) for name, condition in conditions.items()},
    )
