"""What our view of a fiche's form adds to Wagtail's: the panel of checks."""

from typing import Any

from django.utils.translation import gettext_noop
from wagtail.admin.ui.components import MediaContainer

from fiches.admin.checklist import ChecksPanel
from fiches.models import FichePage

# Wagtail's message above a form with errors, in our own words: only marked, so that our catalogue, which comes first, translates it. The
# form may have been saved by itself.
gettext_noop("The page could not be saved due to validation errors.")


class CheckedEdit:
    """Mixin of the edit view: adds :class:`ChecksPanel` for a fiche (étapes use this view too), except to the parts that an autosave
    renders: the form of a new fiche has no place for it."""

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        partial = self.expects_json_response or self.hydrate_create_view
        if partial or not isinstance(self.page, FichePage):
            return panels
        return MediaContainer([*panels, ChecksPanel(self.page, self.request)])
