"""Help texts and panels shared by several page types."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

SLUG = _("The end of the page's address. Leave it as it is once the page is known.")
PICTURE = _("In landscape, 1,200 pixels wide or more. It heads the page, the card and the embeds.")
ALT = _(
    "What the picture shows, in a sentence, for those who can't see it. Left empty: the description of the picture, "
    "if it has one."
)
DECORATIVE = _("Tick it if the picture teaches nothing: readers of screens then pass over it.")
COMMUNE = _("Begin to write it and choose: the département and the postcode follow.")
CODE_POSTAL = _("Follows from the commune where it has only one.")
PROMOTE = [
    MultiFieldPanel(
        [FieldPanel("slug", help_text=SLUG), FieldPanel("seo_title"), FieldPanel("search_description")], _("Address")
    ),
]


def picture_panel(name: str, heading: Any) -> MultiFieldPanel:
    """The panel of a picture field ``name`` with its alternative text. Not for fiches, whose panels come from the table."""
    return MultiFieldPanel(
        [
            FieldPanel(name, help_text=PICTURE),
            FieldPanel(f"{name}_alt", help_text=ALT),
            FieldPanel(f"{name}_decorative", help_text=DECORATIVE),
        ],
        heading=heading,
    )
