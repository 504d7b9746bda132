"""What the admin shows of the core: the grid, the partners, the editions."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from fiches import views_territoire
from fiches.models import Dimension, Edition, Partenaire


class DimensionViewSet(SnippetViewSet):
    model = Dimension
    icon = "table"
    menu_label = _("Grid")
    list_display = ["nom", "slug", "ordre"]
    ordering = ["ordre", "pk"]


class PartenaireViewSet(SnippetViewSet):
    model = Partenaire
    icon = "group"
    menu_label = _("Partners")
    list_display = ["nom", "sigle", "roles_en_clair"]
    search_fields = ["nom", "sigle"]


class EditionViewSet(SnippetViewSet):
    model = Edition
    icon = "calendar-alt"
    menu_label = _("Editions")
    list_display = ["annee", "nom", "cloture"]


class RallyeViewSetGroup(SnippetViewSetGroup):
    """The rally's records, together in the menu."""

    items = (PartenaireViewSet, DimensionViewSet, EditionViewSet)
    menu_label = _("Rally")
    menu_icon = "site"
    menu_order = 150


register_snippet(RallyeViewSetGroup)


@hooks.register("register_admin_urls")
def territoire_admin_urls():
    return views_territoire.admin_urlpatterns
