"""What is done to many dossiers at once, from the inbox."""

from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.bulk_action import BulkAction

from fiches.admin.bulk_actions import ExportForm
from fiches.admin.importation.ecriture import in_batches, response
from fiches.candidatures.boite import DossierFilterSet, DossierViewSet, found, inbox
from fiches.candidatures.consentements import with_news
from fiches.candidatures.correction import assign
from fiches.candidatures.models import Dossier
from fiches.candidatures.views.equipe import AssignForm
from fiches.tableur import escape_formula


class OfTheInbox(BulkAction):
    """« Select all » means all that the list shows: its filters and its search are in the address that it is left by."""

    models = [Dossier]
    permission = "candidatures.change_dossier"
    template_name = "candidatures/admin/lot.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def get_queryset(cls, model, object_ids):
        return inbox().filter(pk__in=object_ids)

    def get_all_objects_in_listing_query(self, parent_id):
        asked = QueryDict(self.next_url.partition("?")[2])
        filters = DossierFilterSet(asked, queryset=inbox(), request=self.request)
        dossiers = filters.filter_queryset(filters.queryset) if filters.is_valid() else filters.queryset
        return found(dossiers, asked.get("q", "")).values_list("pk", flat=True)


class Assign(OfTheInbox):
    display_name = gettext_lazy("Give to someone")
    action_type = "affecter"
    aria_label = gettext_lazy("Give the selected dossiers to a member of the staff")
    form_class = AssignForm
    question = gettext_lazy("To whom are all these dossiers given?")

    def get_execution_context(self):
        return {"to": self.cleaned_form.cleaned_data["responsable"], "by": self.request.user}

    @classmethod
    def execute_action(cls, objects, *, to, by):
        for dossier in objects:
            assign(dossier=dossier, to=to, by=by)
        return len(objects), 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        return ngettext("%(number)d dossier given.", "%(number)d dossiers given.", num_parent_objects) % {
            "number": num_parent_objects
        }


class Export(OfTheInbox):
    """In the columns of the list's own export: no private answer but the address of who wants news."""

    display_name = gettext_lazy("Export")
    action_type = "exporter"
    aria_label = gettext_lazy("Export the selected dossiers")
    permission = "candidatures.view_dossier"
    form_class = ExportForm
    question = gettext_lazy("Download these dossiers as a spreadsheet?")
    button = gettext_lazy("Download")

    def prepare_action(self, objects, objects_without_access):
        objects = sorted(
            objects, key=lambda dossier: (dossier.soumis is not None, dossier.soumis, dossier.pk), reverse=True
        )
        dossiers = in_batches([each.pk for each in objects], lambda pks: with_news(inbox().filter(pk__in=pks)))
        return response(rows_of(dossiers), self.cleaned_form.cleaned_data["format"], "dossiers")

    @classmethod
    def execute_action(cls, objects, **context):
        """Nothing: `prepare_action` has answered."""


def rows_of(dossiers):
    """The heading, then a row each; the list's own columns, as it shows them."""
    fields = DossierViewSet.list_export
    yield [str(DossierViewSet.export_headings.get(name) or capfirst(label_for_field(name, Dossier))) for name in fields]
    for dossier in dossiers:
        row = dict.fromkeys(fields)
        for name in fields:
            value = getattr(dossier, name)
            row[name] = value() if callable(value) else value
        row["responsable"] = get_user_display_name(dossier.responsable) if dossier.responsable else ""
        row["soumis"] = f"{timezone.localtime(dossier.soumis):%Y-%m-%d %H:%M}" if dossier.soumis else ""
        yield [escape_formula(str(value)) for value in row.values()]


ACTIONS = [Assign, Export]
