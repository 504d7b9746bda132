"""What is done to many dossiers at once, from the inbox."""

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.views.bulk_action import BulkAction

from fiches.candidatures.boite import DossierFilterSet, found, inbox
from fiches.candidatures.correction import assign
from fiches.candidatures.models import Dossier
from fiches.candidatures.views.equipe import AssignForm


class Assign(BulkAction):
    """« Select all » means all that the list shows: its filters and its search are in the address that it is left by."""

    models = [Dossier]
    display_name = gettext_lazy("Give to someone")
    action_type = "affecter"
    aria_label = gettext_lazy("Give the selected dossiers to a member of the staff")
    template_name = "candidatures/admin/lot.html"
    form_class = AssignForm
    question = gettext_lazy("To whom are all these dossiers given?")

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("candidatures.change_dossier"):
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
