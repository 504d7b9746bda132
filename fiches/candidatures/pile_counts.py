"""How many dossiers wait, and since when: counted once for the menu, the dashboard and its summary."""

from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import CharField, Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import GroupApprovalTask, TaskState, get_default_page_content_type

from fiches.candidatures.enums import WITH_STAFF, Etat
from fiches.candidatures.models import Dossier
from fiches.models import RelectureTask
from fiches.moderation.current_reader import once_a_request


def pile_counts(user: AbstractUser | AnonymousUser) -> dict[str, Any]:
    """Returns ``{name: number}`` of the inbox's piles, of the dossiers of ``user`` (``"miens"``), of those that wait for a first
    reading that ``user`` may give (``"a_lire"``) and of those that wait for ``user`` (``"vous"``: given to them, or at a step of the
    review that is theirs); ``"depuis_<name>"`` is the moment since which the oldest waits, or None. One query a request."""
    return once_a_request(("piles", user.pk), lambda: _count(user))


def _count(user: AbstractUser | AnonymousUser) -> dict[str, Any]:
    with_staff = Q(etat__in=WITH_STAFF)
    own_readings = RelectureTask.objects.filter(active=True, groups__user=user.pk)
    own = with_staff & Q(responsable=user)
    to_read = Q(etat=Etat.RECU) if user.is_superuser else Q(Exists(own_readings), etat=Etat.RECU)
    conditions = {
        "vous": own | to_read | with_staff & Q(Exists(_steps_for(user))),
        "miens": own,
        "nouveaux": Q(etat=Etat.RECU),
        "a_lire": to_read,
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


def _steps_for(user: AbstractUser | AnonymousUser) -> QuerySet:
    """The step of the review at which the fiche of a dossier (``OuterRef``) is, if ``user`` may decide on it: it is for their group,
    and they decided on no other of this review."""
    steps = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__current_task_state=F("pk"),
        workflow_state__base_content_type=get_default_page_content_type(),
        workflow_state__object_id=Cast(OuterRef("fiche"), CharField()),
    )
    if user.is_superuser:
        return steps
    theirs = GroupApprovalTask.objects.filter(groups__user=user.pk).values("pk")
    decided = TaskState.objects.filter(workflow_state=OuterRef("workflow_state"), finished_by=user.pk)
    return steps.filter(~Exists(decided), task__in=theirs)
