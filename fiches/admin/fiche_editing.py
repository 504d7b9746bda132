"""What our views of a page's form add to Wagtail's: the panel of checks of a fiche, and autosaves that go on beside a wrong value."""

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer

from fiches.admin.checklist import ChecksPanel
from fiches.admin.comparison import what_changed
from fiches.models import FichePage
from fiches.models.draft_forms import DraftForm

# What a refused action of the form did not do.
NOT_DONE = {
    "submit": gettext_lazy("The page is not submitted: complete or correct what is marked."),
    "restart_workflow": gettext_lazy("The page is not submitted: complete or correct what is marked."),
    "publish": gettext_lazy("The page is not published: complete or correct what is marked."),
    "perform_workflow_action": gettext_lazy("Nothing is decided: complete or correct what is marked."),
}


class AutosaveGoesOn:
    """Mixin of the views that write a page: an autosave leaves out the values that can't be stored, and saves the others. Its answer
    has the ``remarks`` that the script shows beside the fields."""

    def form_invalid(self, form: Any) -> HttpResponse:
        is_autosave = self.expects_json_response and self.action_name == "save"
        is_locked = getattr(self, "locked_for_user", False)
        if is_locked or not isinstance(form, DraftForm):
            return super().form_invalid(form)
        if not is_autosave:
            messages_by_action = {"save": _("What is marked is not saved yet. The rest is saved by itself.")}
            messages_by_action |= {
                action: f"{text} {_('The draft is saved by itself.')}" for action, text in NOT_DONE.items()
            }
            if self.autosave_enabled and self.action_name in messages_by_action and not form.lacks_a_title():
                return self.show_errors(form, messages_by_action[self.action_name])
            return super().form_invalid(form)
        if form.lacks_a_title():
            return self.await_title()
        return self.form_valid(form) if form.leave_out_errors() else super().form_invalid(form)

    def show_errors(self, form: Any, text: str) -> HttpResponse:
        """Shows the form with its errors, as Wagtail does, but for the message: Wagtail's says that the page could not be saved."""
        messages.validation_error(self.request, text, form)
        self.errors_debug = repr(form.errors)
        self.has_unsaved_changes = True
        return self.render_to_response(self.get_context_data())

    def await_title(self) -> HttpResponse:
        """The answer to an autosave of a new page without a title: Wagtail's error, with why and a remark beside the title."""
        why = _("Nothing is saved yet: write the title, and the page is then saved by itself.")
        response = self.json_error_response("validation_error", why)
        return _with_remarks(response, {"title": why})

    def save_action(self) -> HttpResponse:
        response = super().save_action()
        if isinstance(response, JsonResponse) and isinstance(self.form, DraftForm):
            return _with_remarks(response, self.form.remarks())
        return response


def _with_remarks(response: JsonResponse, remarks: dict[str, str]) -> JsonResponse:
    response.content = json.dumps(json.loads(response.content) | {"remarks": remarks})
    return response


class ChangesShown:
    """Mixin of an edit view: shows what changed to the users who may decide on the page."""

    def get_template_names(self) -> list[str]:
        ours = {"wagtailadmin/pages/edit.html": "fiches/admin/edit_page.html"}
        return [ours.get(name, name) for name in super().get_template_names()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context if self.expects_json_response else {**context, **what_changed(self.page, self.request)}


class CheckedEdit:
    """Mixin of the edit view: adds :class:`ChecksPanel` for a fiche (étapes use this view too), except to the parts that an autosave
    renders: the form of a new fiche has no place for it."""

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        partial = self.expects_json_response or self.hydrate_create_view
        if partial or not isinstance(self.page, FichePage):
            return panels
        return MediaContainer([*panels, ChecksPanel(self.page, self.request)])
