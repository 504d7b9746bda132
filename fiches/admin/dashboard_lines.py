"""The core's lines of the dashboard: tasks on fiches and on what is reviewed, each with a link to the filtered list."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Comment, Page, TaskState
from wagtail.permissions import policy_registry

from fiches.admin import fiche_gaps, review_status
from fiches.admin.dashboard import CountedLine, DashboardLine, awaited_object, decision_url, kind_of_task
from fiches.models import FichePage, RechercheVaine, RelectureTask
from fiches.moderation.current_reader import once_a_request
from fiches.moderation.reviewers import awaiting
from fiches.moderation.views import to_review_url

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


def lines(user: AbstractUser) -> Iterator[DashboardLine | CountedLine]:
    """Yields the dashboard lines for the user."""
    seen = pages_seen_by(user)
    yield from decisions(user)
    yield from other_decisions(user)
    yield from lines_of_fiches(user, seen)
    yield commented_fiches(user, seen)
    yield from failed_searches(user)


def decisions(user: AbstractUser) -> Iterator[DashboardLine]:
    """Yields the lines for reviewers, from the states that the panel of fiches to review reads too."""
    states = [state for state in awaiting(user) if review_status.is_of_a_fiche(state)]
    kinds = {name: task.kind().pk for name, task in review_status.STEPS.items()}
    late = timezone.now() - review_status.PATIENCE
    started_by_step = {
        name: [state.started_at for state in states if state.task.content_type_id == kind]
        for name, kind in kinds.items()
    }
    started_by_step["retard"] = [state.started_at for state in states if state.started_at < late]
    labels = {
        "relecture": ngettext("fiche to read", "fiches to read", len(started_by_step["relecture"])),
        "approbation": ngettext("fiche to approve", "fiches to approve", len(started_by_step["approbation"])),
        "retard": ngettext(
            "fiche waiting for a decision for more than a week",
            "fiches waiting for a decision for more than a week",
            len(started_by_step["retard"]),
        ),
    }
    for name, label in labels.items():
        section = "retard" if name == "retard" else "attend"
        since = min(started_by_step[name], default=None)
        yield DashboardLine(section, label, len(started_by_step[name]), fiches_list(etape_de_relecture=name), since)


def other_decisions(user: AbstractUser) -> Iterator[DashboardLine]:
    """Yields the lines for reviewers about étapes, other pages and records, by kind and step. One leads to where it is decided
    on, several to the panel that lists them. No query."""
    awaited: dict[tuple[Any, bool], list[TaskState]] = defaultdict(list)
    for state in awaiting(user):
        if not review_status.is_of_a_fiche(state) and awaited_object(state):
            is_read = state.task.content_type_id == RelectureTask.kind().pk
            awaited[kind_of_task(state), is_read].append(state)
    late = timezone.now() - review_status.PATIENCE
    for (kind, is_read), states in awaited.items():
        address = decision_url(states[0]) if len(states) == 1 else to_review_url()
        label = _("%(kind)s to read") if is_read else _("%(kind)s to approve")
        yield DashboardLine(
            "attend", label % {"kind": _name(kind, len(states))}, len(states), address, states[0].started_at
        )
        if number := sum(state.started_at < late for state in states):
            label = ngettext(
                "%(kind)s waiting for a decision for more than a week",
                "%(kind)s waiting for a decision for more than a week",
                number,
            )
            yield DashboardLine("retard", label % {"kind": _name(kind, number)}, number, address, states[0].started_at)


def _name(model: Any, number: int) -> str:
    """The name of a kind of records, in the number; « pages » for several of a kind that declares no plural."""
    if number > 1 and issubclass(model, Page) and "verbose_name_plural" not in model._meta.original_attrs:
        return str(Page._meta.verbose_name_plural)
    return str(model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural)


def lines_of_fiches(user: AbstractUser, seen: QuerySet) -> Iterator[DashboardLine]:
    """Yields the lines for authors, about their own fiches, that of changes to submit, and a line for each gap. One query."""
    names = dict(fiche_gaps.choices())
    own = {name: Q(owner=user) & review_status.with_status(name) for name in ("corrections", "hors")}
    conditions = {**own, **{f"manque_{name}": fiche_gaps.with_gap(name) for name in names}}
    conditions["modifiees"] = review_status.with_status("modifiees")
    numbers = seen.aggregate(**{name: Count("pk", filter=condition) for name, condition in conditions.items()})
    for name, words in (
        ("corrections", ngettext("fiche of yours to correct", "fiches of yours to correct", numbers["corrections"])),
        ("hors", ngettext("draft of yours not submitted yet", "drafts of yours not submitted yet", numbers["hors"])),
    ):
        yield DashboardLine("attend", words, numbers[name], fiches_list(etape_de_relecture=name, owner=user.pk))
    changed = numbers["modifiees"]
    words = ngettext(
        "fiche online with changes not submitted yet", "fiches online with changes not submitted yet", changed
    )
    yield DashboardLine("attend", words, changed, fiches_list(etape_de_relecture="modifiees"))
    for name, label in names.items():
        number = numbers[f"manque_{name}"]
        words = ngettext("fiche %(gap)s", "fiches %(gap)s", number) % {"gap": label}
        yield DashboardLine("a_mender", words, number, fiches_list(manque=name))


def commented_fiches(user: AbstractUser, seen: QuerySet) -> CountedLine:
    comments = Comment.objects.filter(resolved_at__isnull=True).exclude(user=user)
    return CountedLine(
        "attend",
        lambda number: ngettext("fiche of yours with a comment", "fiches of yours with comments", number),
        seen.filter(owner=user, pk__in=comments.values("page")),
        fiches_list(commentees="oui", owner=user.pk),
    )


def failed_searches(user: AbstractUser) -> Iterator[CountedLine]:
    if not user.has_perm("rallynov_fiches.view_recherchevaine"):
        return
    since = timezone.localdate() - LATELY
    yield CountedLine(
        "a_mender",
        lambda number: ngettext(
            "search of the last 30 days that found nothing", "searches of the last 30 days that found nothing", number
        ),
        RechercheVaine.objects.filter(jour__gte=since),
        f"{reverse(RechercheVaine.snippet_viewset.get_url_name('list'))}?{urlencode({'jour__gte': since})}",
    )


def commented() -> Q:
    """The condition on pages with an unresolved comment."""
    return Q(pk__in=Comment.objects.filter(resolved_at__isnull=True).values("page"))
