"""What our views of a page's form add to Wagtail's: the panel of checks of a fiche, and autosaves that go on beside a wrong value."""

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from wagtail.admin.ui.components import MediaContainer

from fiches.admin.checklist import ChecksPanel
from fiches.models import FichePage
from fiches.models.draft_forms import DraftForm


class AutosaveGoesOn:
    """Mixin of the views that write a page: an autosave leaves out the values that can't be stored, and saves the others. Its answer
    has the ``remarks`` that the script shows beside the fields."""

    def form_invalid(self, form: Any) -> HttpResponse:
        is_autosave = self.expects_json_response and self.action_name == "save"
        is_locked = getattr(self, "locked_for_user", False)
        if is_autosave and not is_locked and isinstance(form, DraftForm) and form.leave_out_errors():
            return self.form_valid(form)
        return super().form_invalid(form)

    def save_action(self) -> HttpResponse:
        response = super().save_action()
        if isinstance(response, JsonResponse) and isinstance(self.form, DraftForm):
            response.content = json.dumps(json.loads(response.content) | {"remarks": self.form.remarks()})
        return response


class CheckedEdit:
    """Mixin of the edit view: adds :class:`ChecksPanel` for a fiche (étapes use this view too), except to the parts that an autosave
    renders: the form of a new fiche has no place for it."""

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        partial = self.expects_json_response or self.hydrate_create_view
        if partial or not isinstance(self.page, FichePage):
            return panels
        return MediaContainer([*panels, ChecksPanel(self.page, self.request)])
