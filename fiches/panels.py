"""How the admin's form of a fiche is grouped, so that it fits the head."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)

from fiches.geowidget import LOCALISATION

PROMOTE = [
    MultiFieldPanel([FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")], _("Address")),
]
INDEX_CONTENT = [FieldPanel("title"), FieldPanel("introduction")]
FINANCEUR = [FieldPanel("partenaire"), FieldPanel("mention")]


def picture(name, heading):
    """A picture with its alternative text beside it."""
    return MultiFieldPanel(
        [FieldPanel(name), FieldPanel(f"{name}_alt"), FieldPanel(f"{name}_decorative")], heading=heading
    )


def consented(name):
    """A private detail beside the tick that makes it public."""
    return FieldRowPanel([FieldPanel(f"contact_{name}"), FieldPanel(f"contact_{name}_public")])


INNOVATION = [
    TitleFieldPanel("title", heading=_("Name of the innovation")),
    FieldPanel("organisation"),
    FieldPanel("chapo"),
    FieldPanel("corps"),
    picture("photo", _("Photo")),
]
CHARACTERISATION = [FieldPanel("criteres"), FieldPanel("mots_cles"), FieldPanel("edition"), FieldPanel("sphere")]
ORGANISATION = [
    MultiFieldPanel(
        [
            FieldPanel("activite"),
            FieldRowPanel([FieldPanel("statut"), FieldPanel("effectif")]),
            FieldRowPanel([FieldPanel("naf"), FieldPanel("naf_2025")]),
            FieldPanel("siret"),
            FieldPanel("site"),
        ],
        _("The organisation"),
    ),
    picture("logo", _("Logo")),
    MultiFieldPanel([consented(name) for name in ("nom", "fonction", "telephone", "courriel")], _("Contact")),
    MultiFieldPanel(LOCALISATION, _("Place")),
]
PARTENAIRE = [
    FieldPanel("partenaire"),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("partenaire_contact_nom"), FieldPanel("partenaire_contact_fonction")]),
            FieldRowPanel([FieldPanel("partenaire_contact_telephone"), FieldPanel("partenaire_contact_courriel")]),
            FieldPanel("partenaire_contact_public"),
        ],
        _("Contact at the partner"),
    ),
    InlinePanel("financements", heading=_("Funders"), label=_("funder")),
]
FICHE = TabbedInterface(
    [
        ObjectList(INNOVATION, heading=_("Innovation")),
        ObjectList(CHARACTERISATION, heading=_("Grid")),
        ObjectList(ORGANISATION, heading=_("Organisation")),
        ObjectList(PARTENAIRE, heading=_("Partners")),
        ObjectList([*PROMOTE, FieldPanel("exemple"), PublishingPanel()], heading=_("Publication")),
    ]
)
