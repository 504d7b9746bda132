"""What there is to do about the fiches: the core's lines of the dashboard. Each leads to the list filtered to just that."""

from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from wagtail.models import Comment, Page
from wagtail.permissions import policy_registry

from fiches.admin import fiche_gaps, review_status
from fiches.admin.dashboard import Line
from fiches.models import FichePage, RechercheVaine

LATELY = timedelta(days=30)


def fiches_list(**filters):
    """The address of the list of the fiches, filtered."""
    return f"{reverse('fiches_admin:index')}?{urlencode(filters)}"


def seen_by(user, model=FichePage):
    """The fiches, or the pages of another ``model``, that this person sees in the admin."""
    pages = policy_registry.get_by_type(Page).explorable_instances(user)
    return model.objects.filter(pk__in=pages.values("pk"))


def lines(user):
    """The lines of this person."""
    seen = seen_by(user)
    yield from decisions(user)
    yield from own(user, seen)
    yield from gaps(seen)
    yield from vain_searches(user)


def decisions(user):
    """To whom decides: one query for the three counts, beside those by which Wagtail says who may."""
    names = ("relecture", "approbation", "retard")
    counts = {name: Count("pk", filter=review_status.standing(name)) for name in names}
    found = review_status.decided_by(user).aggregate(**counts)
    words = {
        "relecture": ngettext("fiche to read", "fiches to read", found["relecture"]),
        "approbation": ngettext("fiche to approve", "fiches to approve", found["approbation"]),
        "retard": ngettext(
            "fiche waiting for a decision for more than a week",
            "fiches waiting for a decision for more than a week",
            found["retard"],
        ),
    }
    for name in names:
        section = "retard" if name == "retard" else "attend"
        yield Line(section, words[name], found[name], fiches_list(etape_de_relecture=name))


def own(user, seen):
    """To whom writes."""
    mine = seen.filter(owner=user).aggregate(
        corrections=Count("pk", filter=review_status.standing("corrections")),
        hors=Count("pk", filter=review_status.standing("hors")),
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


def gaps(seen):
    """One query, whatever the number of gaps and of fiches."""
    names = dict(fiche_gaps.choices())
    found = seen.aggregate(**{name: Count("pk", filter=fiche_gaps.having(name)) for name in names})
    for name, label in names.items():
        words = ngettext("fiche %(gap)s", "fiches %(gap)s", found[name]) % {"gap": label}
        yield Line("a_mender", words, found[name], fiches_list(manque=name))


def vain_searches(user):
    if not user.has_perm("fiches.view_recherchevaine"):
        return
    since = timezone.localdate() - LATELY
    number = RechercheVaine.objects.filter(jour__gte=since).count()
    address = f"{reverse(RechercheVaine.snippet_viewset.get_url_name('list'))}?{urlencode({'jour__gte': since})}"
    label = ngettext(
        "search of the last 30 days that found nothing", "searches of the last 30 days that found nothing", number
    )
    yield Line("a_mender", label, number, address)


def commented():
    """The condition under which somebody's comment is still to be answered."""
    return Q(pk__in=Comment.objects.filter(resolved_at__isnull=True).values("page"))
