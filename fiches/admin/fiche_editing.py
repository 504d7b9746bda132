"""Adds the panel of checks to the edit view of a fiche."""

from typing import Any

from wagtail.admin.ui.components import MediaContainer

from fiches.admin.checklist import ChecksPanel
from fiches.models import FichePage


class CheckedEdit:
    """Mixin of the edit view: adds :class:`ChecksPanel` for a fiche (étapes use this view too), except to the parts that an autosave
    renders: the form of a new fiche has no place for it."""

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        partial = self.expects_json_response or self.hydrate_create_view
        if partial or not isinstance(self.page, FichePage):
            return panels
        return MediaContainer([*panels, ChecksPanel(self.page, self.request)])
