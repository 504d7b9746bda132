"""The side panel beside a fiche's form: what keeps it from being submitted, and contact details that no agreement covers."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template import Context
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.side_panels import BaseSidePanel

from fiches.moderation.completeness import faults

if TYPE_CHECKING:
    from fiches.models import FichePage

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")
PHONE = re.compile(r"(?<!\d)(?:\+33|0)\s?[1-9](?:[\s.-]?\d{2}){4}(?!\d)")


def contact_remarks(fiche: "FichePage") -> Iterator[str]:
    """Contact details that are hidden without consent, and those typed in the text, which consent doesn't cover."""
    names = {
        "nom": _("the name"),
        "fonction": _("the job title"),
        "telephone": _("the phone"),
        "courriel": _("the e-mail"),
    }
    hidden = [
        label
        for name, label in names.items()
        if getattr(fiche, f"contact_{name}") and not getattr(fiche, f"contact_{name}_public")
    ]
    if hidden:
        yield _("Not shown, since the contact's agreement isn't ticked: %(names)s.") % {"names": ", ".join(hidden)}
    words = " ".join([fiche.chapo, *fiche.corps.stream_block.get_searchable_content(fiche.corps)])
    for detail in dict.fromkeys(EMAIL.findall(words) + PHONE.findall(words)):
        text = _("“%(found)s” stands in the text, where no agreement is asked for: put it among the contact's fields.")
        yield text % {"found": detail}


class ChecksPanel(BaseSidePanel):
    """The side panel of the checks, for the version last saved."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        icon_name = "clipboard-list"
        aria_label = gettext_lazy("Toggle the checks before submission")

    name = "controles"
    title = gettext_lazy("Before submission")
    template_name = "fiches/admin/controles.html"
    order = 340

    def __init__(self, object: "FichePage", request: HttpRequest) -> None:
        super().__init__(object, request)
        self.blocking = list(faults(object).values())
        self.remarks = list(contact_remarks(object))

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "bloquants": self.blocking, "conseils": self.remarks}
