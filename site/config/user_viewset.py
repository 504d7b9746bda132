"""The admin's list of users, with a column for their groups."""

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.users.views.users import IndexView, UserViewSet


def roles_of(user: Any) -> str:
    """The names of the user's groups, sorted; "" without groups, for instance for a superuser."""
    return ", ".join(sorted(group.name for group in user.groups.all()))


class AccountsIndexView(IndexView):
    @cached_property
    def columns(self) -> list[Column]:
        columns = list(super().columns)
        place = next(index for index, column in enumerate(columns) if column.name == "is_superuser")
        columns.insert(place, Column("roles", accessor=roles_of, label=_("Roles"), classname="roles"))
        return columns

    def get_base_queryset(self) -> QuerySet[Any, Any]:
        return super().get_base_queryset().prefetch_related("groups")


class AccountViewSet(UserViewSet):
    index_view_class = AccountsIndexView
