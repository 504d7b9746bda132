"""First steps of a new site on the dashboard: home page, legal pages, publisher with a mail address."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from etapes.models import EtapeIndexPage
from fiches.admin.dashboard import Step
from fiches.admin.first_steps import address_to_add, home_of, may_add_below_home
from fiches.candidatures.readiness import TO_COMPLETE, completed
from fiches.models.querysets import VisibleQuerySet
from home.models import AccessibilitePage, ConfidentialitePage, ContentPage, HomePage
from home.models.settings import contact_address


def steps(request: HttpRequest) -> Iterator[Step]:
    """Yields each :class:`~fiches.admin.dashboard.Step` that the user of ``request`` may do."""
    home = home_of(request)
    if home is None or home.specific_class is not HomePage:
        if request.user.is_superuser:
            yield Step(10, _("Create the home page at the root, and give it to the site"), False, _root())
    elif may_add_below_home(request):
        address = reverse("wagtailadmin_pages:edit", args=[home.pk])
        written = home.revisions.filter(user__isnull=False).exists()
        yield Step(10, _("Write the home page"), written, address)
        yield from pages(request, home)
    if request.user.has_perm("home.change_organisme"):
        label = _("Say who publishes the site, and at which mail address its readers get an answer")
        yield Step(20, label, bool(contact_address()), reverse("wagtailsettings:edit", args=("home", "organisme")))


def pages(request: HttpRequest, home: Page) -> Iterator[Step]:
    """Yields the steps for the pages below ``home`` that the law requires, and for the list of étapes."""
    visible = VisibleQuerySet(Page).visible().child_of(home)
    slugs, finished = (set(each.values_list("slug", flat=True)) for each in (visible, completed(visible)))
    for rank, model, slug, label in (
        (50, ContentPage, "mentions-legales", _("Publish the legal notice (address: mentions-legales)")),
        (51, ConfidentialitePage, "confidentialite", _("Publish the privacy page (address: confidentialite)")),
        (52, AccessibilitePage, "accessibilite", _("Publish the accessibility statement (address: accessibilite)")),
    ):
        draft = home.get_children().filter(slug=slug).first()
        address = reverse("wagtailadmin_pages:edit", args=[draft.pk]) if draft else address_to_add(request, model)
        if slug in slugs - finished:
            label = _("Complete the page %(slug)s: it says “%(mark)s”") % {"slug": slug, "mark": TO_COMPLETE}
        yield Step(rank, label, slug in finished, address)
    done = EtapeIndexPage.objects.visible().exists()
    yield Step(60, _("Add the list of the étapes below the home page"), done, address_to_add(request, EtapeIndexPage))


def _root() -> str:
    return reverse("wagtailadmin_explore_root")
