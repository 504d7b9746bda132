"""The form of a fiche, with what is looked at before it is submitted beside it."""

from wagtail.admin.ui.components import MediaContainer

from fiches.admin.checklist import ChecksPanel
from fiches.models import FichePage


class CheckedEdit:
    """Of an existing fiche, on a whole page: what Wagtail asks for in pieces keeps to its own panels. An étape, whose
    views are these too, has none."""

    def get_side_panels(self):
        panels = super().get_side_panels()
        if self.expects_json_response or not isinstance(self.page, FichePage):
            return panels
        return MediaContainer([*panels, ChecksPanel(self.page, self.request)])
