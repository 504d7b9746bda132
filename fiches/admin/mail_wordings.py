"""The admin's list of the mails with their present wording, and the form that changes one."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from fiches.models import ModeleDeCourriel


class OnlyWorded(ModelPermissionPolicy):
    """A permission policy without "add" and "delete": the apps declare the mails, staff only word them."""

    def user_has_permission(self, user: AbstractUser, action: str) -> bool:
        return action not in {"add", "delete"} and super().user_has_permission(user, action)


register_permission_policy(ModeleDeCourriel, OnlyWorded(ModeleDeCourriel))


class ModeleDeCourrielViewSet(SnippetViewSet):
    model = ModeleDeCourriel
    icon = "mail"
    menu_label = gettext_lazy("Mail texts")
    copy_view_enabled = False
    list_per_page = 100
    list_display = [
        "__str__",
        Column("present_subject", label=gettext_lazy("Subject")),
        BooleanColumn("is_changed", label=gettext_lazy("changed by the team")),
    ]
