"""Panels of the palmarès's forms in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, MultipleChooserPanel
from wagtail.models import Page

from fiches.admin.choosers import ApprovedFicheChooser

PAGE = [*Page.content_panels, FieldPanel("introduction")]
CRITERE = [FieldRowPanel([FieldPanel("nom"), FieldPanel("poids")]), FieldPanel("definition")]
PALMARES = [
    FieldPanel("edition"),
    FieldPanel("introduction"),
    MultiFieldPanel([FieldPanel("note_maximale"), FieldPanel("echelle")], _("Scale")),
    InlinePanel("criteres", heading=_("Scoring criteria"), label=_("criterion"), min_num=1),
    FieldPanel("exemple"),
]
NOMINATION = [FieldPanel("fiche", widget=ApprovedFicheChooser)]
CATEGORIE = [
    FieldPanel("nom"),
    FieldPanel("description"),
    FieldPanel("sort_order"),
    MultipleChooserPanel(
        "nominations",
        chooser_field_name="fiche",
        heading=_("Nominated fiches"),
        label=_("fiche"),
        help_text=_("Several can be chosen at once. Only fiches that are approved and online are offered."),
    ),
]
