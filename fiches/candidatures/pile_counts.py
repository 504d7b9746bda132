"""The dossiers that wait: counted once for the menu and the summary of the dashboard, and listed for its lines."""

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import GroupApprovalTask, TaskState, get_default_page_content_type

from fiches.candidatures.enums import WITH_STAFF, Etat
from fiches.candidatures.models import Dossier
from fiches.models import RelectureTask
from fiches.moderation.current_reader import once_a_request

WITH_THE_STAFF = Q(etat__in=WITH_STAFF)


def pile_counts(user: AbstractUser | AnonymousUser) -> dict[str, int]:
    """Returns ``{name: number}`` of the inbox's piles, of the dossiers that wait for a first reading that ``user`` may give
    (``"a_lire"``) and of those that wait for ``user`` (``"vous"``: given to them, or at a step of the review that is theirs). One
    query a request."""
    return once_a_request(("piles", user.pk), lambda: _count(user))


def piles_of(user: AbstractUser | AnonymousUser) -> dict[str, QuerySet]:
    """Returns ``{name: dossiers}`` of the piles of the dashboard: given to ``user`` (``"miens"``), to be read by ``user``
    (``"a_lire"``), without assignee (``"sans"``) and late (``"retard"``)."""
    dossiers = _dossiers()
    return {
        "miens": dossiers.filter(_given_to(user)),
        "a_lire": dossiers.filter(_to_read(user)),
        "sans": dossiers.filter(WITH_THE_STAFF, responsable__isnull=True),
        "retard": dossiers.filter(_late()),
    }


def _count(user: AbstractUser | AnonymousUser) -> dict[str, int]:
    conditions = {
        "vous": _given_to(user) | _to_read(user) | WITH_THE_STAFF & Q(Exists(_steps_for(user))),
        "nouveaux": Q(etat=Etat.RECU),
        "a_lire": _to_read(user),
        "relecture": Q(etat=Etat.EN_RELECTURE),
        "entreprise": Q(etat=Etat.CORRECTIONS_DEMANDEES),
        "retard": _late(),
    }
    return _dossiers().aggregate(**{name: Count("pk", filter=condition) for name, condition in conditions.items()})


def _dossiers() -> QuerySet:
    return Dossier.objects.sent().with_etat()


def _given_to(user: AbstractUser | AnonymousUser) -> Q:
    return WITH_THE_STAFF & Q(responsable=user)


def _to_read(user: AbstractUser | AnonymousUser) -> Q:
    """The dossiers that wait for a first reading, if ``user`` may give it."""
    own_readings = RelectureTask.objects.filter(active=True, groups__user=user.pk)
    return Q(etat=Etat.RECU) if user.is_superuser else Q(Exists(own_readings), etat=Etat.RECU)


def _late() -> Q:
    return Q(pk__in=Dossier.objects.late().values("pk"))


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
