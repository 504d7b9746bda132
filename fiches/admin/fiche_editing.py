"""What our views of a page's form add to Wagtail's: what changed, for whoever decides, and the panel of checks of a fiche."""

from typing import Any

from django.utils.translation import gettext_noop
from wagtail.admin.ui.components import MediaContainer

from fiches.admin.checklist import ChecksPanel
from fiches.admin.comparison import what_changed
from fiches.models import FichePage

# Wagtail's message above a form with errors, in our own words: only marked, so that our catalogue, which comes first, translates it. The
# form may have been saved by itself.
gettext_noop("The page could not be saved due to validation errors.")


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
