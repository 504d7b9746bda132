"""The admin's form of an étape."""

from wagtail.admin.forms import WagtailAdminPageForm

from fiches.alternative_text import AlternativeTextMixin
from fiches.widgets import LocalisationFormMixin


class EtapeForm(LocalisationFormMixin, AlternativeTextMixin, WagtailAdminPageForm):
    """An étape, as the editor types it."""

    described_pictures = ("photo",)
