"""What staff see of the search: the synonyms that they edit, the searches that found nothing."""

from django.utils.translation import gettext_lazy as _
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from fiches.models import RechercheVaine, Synonyme


class SynonymeViewSet(SnippetViewSet):
    model = Synonyme
    icon = "openquote"
    menu_label = _("Synonyms")
    list_display = ["termes"]
    search_fields = ["termes"]


class OnlyRead(ModelPermissionPolicy):
    """A report: nobody adds to it or changes it by hand."""

    def user_has_permission(self, user, action):
        return action not in ("add", "change") and super().user_has_permission(user, action)


register_permission_policy(RechercheVaine, OnlyRead(RechercheVaine))


class RechercheVaineViewSet(SnippetViewSet):
    model = RechercheVaine
    icon = "search"
    menu_label = _("Searches that found nothing")
    list_display = ["mots", "jour", "nombre"]
    list_filter = ["jour"]
    ordering = ["-jour", "-nombre"]
    inspect_view_enabled = True
    copy_view_enabled = False
