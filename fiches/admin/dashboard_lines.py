"""The core's lines of the dashboard: tasks on fiches, each with a link to the filtered list."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from wagtail.models import Comment, Page
from wagtail.permissions import policy_registry

from fiches.admin import fiche_gaps, review_status
from fiches.admin.dashboard import Line
from fiches.models import FichePage, RechercheVaine

LATELY = timedelta(days=30)


def fiches_list(**filters: Any) -> str:
    """The address of the admin's list of fiches with these filters."""
    return f"{reverse('fiches_admin:index')}?{urlencode(filters)}"


def seen_by(user: AbstractUser | AnonymousUser, model: Any = FichePage) -> QuerySet:
    """The fiches, or the pages of another ``model``, that the user sees in the admin."""
    pages = policy_registry.get_by_type(Page).explorable_instances(user)
    return model.objects.filter(pk__in=pages.values("pk"))


def lines(user: AbstractUser) -> Iterator[Any]:
    """Yields the dashboard lines for the user."""
    seen = seen_by(user)
    yield from decisions(user)
    yield from own(user, seen)
    yield from gaps(seen)
    yield from failed_searches(user)


def decisions(user: AbstractUser) -> Iterator[Line]:
    """Yields the lines for reviewers. One query for the three counts, and those that find what the user may decide on."""
    names = ("relecture", "approbation", "retard")
    counts = {name: Count("pk", filter=review_status.with_status(name)) for name in names}
    numbers = review_status.decided_by(user).aggregate(**counts)
    labels = {
        "relecture": ngettext("fiche to read", "fiches to read", numbers["relecture"]),
        "approbation": ngettext("fiche to approve", "fiches to approve", numbers["approbation"]),
        "retard": ngettext(
            "fiche waiting for a decision for more than a week",
            "fiches waiting for a decision for more than a week",
            numbers["retard"],
        ),
    }
    for name in names:
        section = "retard" if name == "retard" else "attend"
        yield Line(section, labels[name], numbers[name], fiches_list(etape_de_relecture=name))


def own(user: AbstractUser, seen: QuerySet) -> Iterator[Line]:
    """Yields the lines for authors, about their own fiches."""
    mine = seen.filter(owner=user).aggregate(
        corrections=Count("pk", filter=review_status.with_status("corrections")),
        hors=Count("pk", filter=review_status.with_status("hors")),
    )
    for name, label in (
        ("corrections", ngettext("fiche of yours to correct", "fiches of yours to correct", mine["corrections"])),
        ("hors", ngettext("draft of yours not submitted yet", "drafts of yours not submitted yet", mine["hors"])),
    ):
        yield Line("attend", label, mine[name], fiches_list(etape_de_relecture=name, owner=user.pk))
    commented = Comment.objects.filter(page__owner=user, resolved_at__isnull=True).exclude(user=user)
    number = commented.filter(page__in=seen.values("pk")).values("page").distinct().count()
    label = ngettext("fiche of yours with a comment", "fiches of yours with comments", number)
    yield Line("attend", label, number, fiches_list(commentees="oui", owner=user.pk))


def gaps(seen: QuerySet) -> Iterator[Line]:
    """Yields a line for each gap of fiches. One query."""
    names = dict(fiche_gaps.choices())
    numbers = seen.aggregate(**{name: Count("pk", filter=fiche_gaps.with_gap(name)) for name in names})
    for name, label in names.items():
        words = ngettext("fiche %(gap)s", "fiches %(gap)s", numbers[name]) % {"gap": label}
        yield Line("a_mender", words, numbers[name], fiches_list(manque=name))


def failed_searches(user: AbstractUser) -> Iterator[Line]:
    if not user.has_perm("fiches.view_recherchevaine"):
        return
    since = timezone.localdate() - LATELY
    number = RechercheVaine.objects.filter(jour__gte=since).count()
    address = f"{reverse(RechercheVaine.snippet_viewset.get_url_name('list'))}?{urlencode({'jour__gte': since})}"
    label = ngettext(
        "search of the last 30 days that found nothing", "searches of the last 30 days that found nothing", number
    )
    yield Line("a_mender", label, number, address)


def commented() -> Q:
    """The condition on pages with an unresolved comment."""
    return Q(pk__in=Comment.objects.filter(resolved_at__isnull=True).values("page"))
