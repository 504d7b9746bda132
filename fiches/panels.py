"""How the admin's form of a fiche is grouped, so that it fits the head."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)

from fiches.aide import helped, helped_title
from fiches.geowidget import LOCALISATION

PROMOTE = [
    MultiFieldPanel([helped("slug"), FieldPanel("seo_title"), FieldPanel("search_description")], _("Address")),
]
INDEX_CONTENT = [FieldPanel("title"), FieldPanel("introduction")]
FINANCEUR = [helped("partenaire", told="financeur"), FieldPanel("mention")]


def picture(name, heading):
    """A picture with its alternative text beside it."""
    return MultiFieldPanel(
        [
            helped(name),
            helped(f"{name}_alt", told="alt"),
            helped(f"{name}_decorative", told="decorative"),
        ],
        heading=heading,
    )


def consented(name):
    """A private detail beside the tick that makes it public."""
    return FieldRowPanel([helped(f"contact_{name}"), helped(f"contact_{name}_public")])


INNOVATION = [
    helped_title(_("Name of the innovation")),
    helped("organisation"),
    helped("chapo"),
    helped("corps"),
    picture("photo", _("Photo")),
]
CHARACTERISATION = [helped("criteres"), helped("mots_cles"), helped("edition"), helped("sphere")]
ORGANISATION = [
    MultiFieldPanel(
        [
            helped("activite"),
            FieldRowPanel([helped("statut"), helped("effectif")]),
            FieldRowPanel([helped("naf"), helped("naf_2025")]),
            helped("siret"),
            helped("site"),
        ],
        _("The organisation"),
    ),
    picture("logo", _("Logo")),
    MultiFieldPanel([consented(name) for name in ("nom", "fonction", "telephone", "courriel")], _("Contact")),
    MultiFieldPanel(LOCALISATION, _("Place")),
]
PARTENAIRE = [
    helped("partenaire"),
    MultiFieldPanel(
        [
            FieldRowPanel([helped("partenaire_contact_nom"), helped("partenaire_contact_fonction")]),
            FieldRowPanel([helped("partenaire_contact_telephone"), helped("partenaire_contact_courriel")]),
            helped("partenaire_contact_public"),
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
        ObjectList([*PROMOTE, FieldPanel("exemple"), PublishingPanel(), CommentPanel()], heading=_("Publication")),
    ]
)
