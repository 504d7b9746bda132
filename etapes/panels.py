"""How the admin's form of an étape is grouped."""

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

from etapes.choix_de_fiche import ApprovedFicheChooser
from fiches.geowidget import LOCALISATION
from fiches.panels import PROMOTE, picture

INDEX_CONTENT = [FieldPanel("title"), FieldPanel("introduction")]
ORGANISATION = [
    FieldPanel("partenaire"),
    FieldRowPanel([FieldPanel("contact_nom"), FieldPanel("contact_telephone"), FieldPanel("contact_courriel")]),
    FieldPanel("contact_public"),
]
PRESENTATION = [FieldPanel("fiche", widget=ApprovedFicheChooser), FieldPanel("heure")]
DOCUMENT = [FieldPanel("document"), FieldPanel("titre")]

RENDEZ_VOUS = [
    TitleFieldPanel("title"),
    FieldRowPanel([FieldPanel("numero"), FieldPanel("edition")]),
    FieldPanel("chapo"),
    MultiFieldPanel(
        [
            FieldPanel("date"),
            FieldRowPanel([FieldPanel("debut"), FieldPanel("fin"), FieldPanel("moment")]),
            FieldRowPanel([FieldPanel("statut"), FieldPanel("ancienne_date")]),
        ],
        _("When"),
    ),
    InlinePanel("organisations", heading=_("Organisers"), label=_("organiser")),
    picture("photo", _("Picture")),
]
LIEU = [FieldPanel("lieu"), *LOCALISATION, FieldPanel("acces"), FieldPanel("accessibilite")]
PROGRAMME = [
    FieldPanel("programme"),
    InlinePanel("presentations", heading=_("Fiches presented"), label=_("fiche")),
    InlinePanel("documents", heading=_("Documents"), label=_("document")),
]
INSCRIPTIONS = [
    FieldRowPanel([FieldPanel("inscriptions"), FieldPanel("capacite")]),
    FieldRowPanel([FieldPanel("inscriptions_jusqu_au"), FieldPanel("conservation")]),
]
ETAPE = TabbedInterface(
    [
        ObjectList(RENDEZ_VOUS, heading=_("Rendezvous")),
        ObjectList(LIEU, heading=_("Place")),
        ObjectList(PROGRAMME, heading=_("Programme")),
        ObjectList(INSCRIPTIONS, heading=_("Registration")),
        ObjectList([FieldPanel("compte_rendu"), FieldPanel("participants")], heading=_("Afterwards")),
        ObjectList([*PROMOTE, FieldPanel("exemple"), PublishingPanel()], heading=_("Publication")),
    ]
)
