"""The core's first steps on a new site: a list of fiches, a grid, a first fiche."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from fiches.admin.dashboard import Step
from fiches.models import Critere, Dimension, FicheIndexPage


def steps(request: HttpRequest) -> Iterator[Step]:
    """Yields the :class:`~fiches.admin.dashboard.Step` objects that the user of ``request`` may do."""
    user = request.user
    index = FicheIndexPage.objects.visible().first()
    if index or may_add_below_home(request):
        address = "" if index else address_to_add(request, FicheIndexPage)
        yield Step(30, _("Add the list of fiches below the home page, and publish it"), bool(index), address)
    if user.has_perm("rallynov_fiches.add_dimension"):
        address = reverse(Dimension.snippet_viewset.get_url_name("list"))
        yield Step(
            40, _("Fill in the grid: at least one question, with its criteria"), Critere.objects.exists(), address
        )
    if index and index.permissions_for_user(user).can_add_subpage():
        address = reverse("wagtailadmin_pages:add", args=("rallynov_fiches", "fichepage", index.pk))
        yield Step(90, _("Write the first fiche, or import several"), False, address)


def may_add_below_home(request: HttpRequest) -> bool:
    """Whether the user may add pages below the site's home page."""
    home = home_of(request)
    return home is not None and home.permissions_for_user(request.user).can_add_subpage()


def address_to_add(request: HttpRequest, model: type[Page]) -> str:
    """The address of the form that adds a page of ``model`` below the home page; ``""`` if that isn't possible."""
    home = home_of(request)
    if home is None or model not in home.specific_class.allowed_subpage_models():
        return ""
    return reverse("wagtailadmin_pages:add", args=(model._meta.app_label, model._meta.model_name, home.pk))


def home_of(request: HttpRequest) -> Page | None:
    """The root page of the request's site, or None."""
    site = Site.find_for_request(request)
    return site.root_page if site else None
