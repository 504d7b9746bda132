"""The admin's viewsets of the search: synonyms, and searches that found nothing."""

from django.contrib.auth.models import AbstractUser
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
    """A permission policy without "add" and "change", for records that only code writes."""

    def user_has_permission(self, user: AbstractUser, action: str) -> bool:
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
