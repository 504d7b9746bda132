"""Wagtail hooks of the site: the bibliography's snippet, the URL of the page that explains the grid."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from fiches.models.querysets import VisibleQuerySet
from home.models import GrillePage, Reference


class ReferenceViewSet(SnippetViewSet):
    model = Reference
    icon = "openquote"
    menu_label = _("Bibliography")
    menu_order = 160
    add_to_admin_menu = True
    list_display = ["titre", "auteurs", "annee", "type"]
    list_filter = ["type", "annee"]
    search_fields = ["titre", "auteurs"]


register_snippet(ReferenceViewSet)


@hooks.register("grid_address")
def grid_page_url(request: HttpRequest) -> str:
    page = VisibleQuerySet(GrillePage).registered().visible().here().first()
    return page.get_url(request) if page else ""
