"""The columns of the list of the fiches."""

from typing import Any

from django.db.models import Model
from django.middleware.csrf import get_token
from django.template import Context
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn

from fiches.admin.review_status import review_step

# The class of the columns of a list that a telephone leaves out: what is listed can be read on its own screen.
SECONDARY = "secondaire"


class FormColumn(Column):
    """A column whose template has a form. Adds the CSRF token, since cells are rendered without the page's context."""

    def get_cell_context_data(self, instance: Model, parent_context: Context) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "csrf_token": get_token(parent_context["request"])}


COLUMNS = [
    BulkActionsColumn("bulk_actions"),
    PageTitleColumn("title", label=_("Innovation"), sort_key="title", classname="title"),
    Column("organisation", label=_("Organisation"), sort_key="organisation", classname=SECONDARY),
    Column("commune", label=_("Place"), sort_key="commune__nom_normalise", classname=SECONDARY),
    Column(
        "partenaire",
        label=_("Partner"),
        accessor="partenaire.nom_court",
        sort_key="partenaire__nom",
        classname=SECONDARY,
    ),
    Column(
        "edition",
        label=pgettext_lazy("column", "Year"),
        accessor="edition.annee",
        sort_key="edition__annee",
        classname=SECONDARY,
    ),
    PageStatusColumn("status", label=_("Status"), sort_key="live"),
    Column("relecture", label=_("Review"), accessor=review_step),
    DateColumn(
        "latest_revision_created_at", label=_("Changed on"), sort_key="latest_revision_created_at", classname=SECONDARY
    ),
]
