"""The core's lines of the dashboard: tasks on fiches and on what is reviewed, each with a link to the filtered list."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.models import Comment, Page
from wagtail.permissions import policy_registry

from fiches.admin import review_status
from fiches.admin.dashboard import DashboardLine
from fiches.models import FichePage
from fiches.moderation.current_reader import once_a_request
from fiches.moderation.reviewers import awaiting

LATELY = timedelta(days=30)


def fiches_list(**filters: Any) -> str:
    """The address of the admin's list of fiches with these filters."""
    return f"{reverse('fiches_admin:index')}?{urlencode(filters)}"


def pages_seen_by(user: AbstractUser | AnonymousUser, model: Any = FichePage) -> QuerySet:
    """The fiches, or the pages of another ``model``, that the user sees in the admin."""
    pages = once_a_request(
        ("explorable", user.pk), lambda: policy_registry.get_by_type(Page).explorable_instances(user)
    )
    return model.objects.filter(pk__in=pages.values("pk"))


def lines(user: AbstractUser) -> Iterator[DashboardLine]:
    """Yields the dashboard lines of fiches: to read and to approve by the user, and their own to correct."""
    states = [state for state in awaiting(user) if review_status.is_of_a_fiche(state)]
    for name, task in review_status.STEPS.items():
        number = sum(state.task.content_type_id == task.kind().pk for state in states)
        label = (
            ngettext("fiche to read", "fiches to read", number)
            if name == "relecture"
            else ngettext("fiche to approve", "fiches to approve", number)
        )
        yield DashboardLine(label, number, fiches_list(etape_de_relecture=name))
    number = pages_seen_by(user).filter(review_status.with_status("corrections"), owner=user).count()
    label = ngettext("fiche of yours to correct", "fiches of yours to correct", number)
    yield DashboardLine(label, number, fiches_list(etape_de_relecture="corrections", owner=user.pk))


def commented() -> Q:
    """The condition on pages with an unresolved comment."""
    return Q(pk__in=Comment.objects.filter(resolved_at__isnull=True).values("page"))
