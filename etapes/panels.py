"""Panels of the étapes' admin forms."""

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
    TitleFieldPanel,
)

from fiches.admin.choosers import ApprovedFicheChooser
from fiches.models.page_forms import ChosenMediaInlinePanel
from fiches.models.panels import LOCALISATION, PROMOTE, picture_panel

# An étape becomes past, it does not expire.
PUBLISHING = PublishingPanel()
PUBLISHING.children = PUBLISHING.children[:1]
INDEX_CONTENT = [FieldPanel("title"), FieldPanel("introduction")]
ORGANISATION = [
    FieldPanel("partenaire", help_text=_("It must be among the partners; add it there first.")),
    FieldRowPanel(
        [
            FieldPanel("contact_nom", help_text=_("Whom to call about this étape.")),
            FieldPanel("contact_telephone", help_text=_("Kept private until the tick below.")),
            FieldPanel("contact_courriel", help_text=_("Kept private until the tick below.")),
        ]
    ),
    FieldPanel("contact_public"),
]
PRESENTATION = [
    FieldPanel("fiche", widget=ApprovedFicheChooser, help_text=_("Only approved fiches are offered.")),
    FieldPanel("heure", help_text=_("When it is presented, within the étape's hours.")),
]
DOCUMENT = [
    FieldPanel("document", help_text=_("PDF rather than a format of word processors.")),
    FieldPanel("titre", help_text=_("As readers see it; otherwise the document's own title.")),
]

RENDEZ_VOUS = [
    TitleFieldPanel("title", help_text=_("What the étape is called on the road, without its number nor its place.")),
    FieldRowPanel(
        [
            FieldPanel("numero", help_text=_("Its place on the road, which lists and the map follow.")),
            FieldPanel("edition", help_text=_("The year of the rally.")),
        ]
    ),
    FieldPanel("chapo", help_text=_("Two sentences for lists, mails and networks: what one comes for.")),
    MultiFieldPanel(
        [
            FieldPanel(
                "date", help_text=_("The day. Leave it blank until it is settled: the site says that it is to come.")
            ),
            FieldRowPanel(
                [
                    FieldPanel(
                        "debut", help_text=_("Leave it blank if you don't know it, and give a moment of the day.")
                    ),
                    FieldPanel("fin", help_text=_("If it is known.")),
                    FieldPanel("moment"),
                ]
            ),
            FieldRowPanel(
                [
                    FieldPanel(
                        "statut",
                        help_text=_(
                            "A cancelled or postponed étape keeps its page, and calendars are told. While people are registered, "
                            "an étape is neither deleted nor taken off the site: cancel it, which tells them by mail."
                        ),
                    ),
                    FieldPanel("ancienne_date"),
                ]
            ),
        ],
        _("When"),
    ),
    InlinePanel("organisations", heading=_("Organisers"), label=_("organiser")),
    picture_panel("photo", _("Picture")),
]
LIEU = [
    FieldPanel("lieu"),
    *LOCALISATION,
    FieldPanel("acces"),
    FieldPanel(
        "accessibilite", help_text=_("Step-free way in, lift, loop, parking: what one needs to know before coming.")
    ),
]
PROGRAMME = [
    FieldPanel("programme", help_text=_("Each moment in its block: its hours, what happens, who speaks.")),
    InlinePanel("presentations", heading=_("Fiches presented"), label=_("fiche")),
    ChosenMediaInlinePanel("documents", heading=_("Documents"), label=_("document")),
]
INSCRIPTIONS = [
    FieldRowPanel(
        [
            FieldPanel(
                "inscriptions", help_text=_("None: one comes without telling. Open: people register on the page.")
            ),
            FieldPanel("capacite"),
        ]
    ),
    FieldRowPanel([FieldPanel("inscriptions_jusqu_au"), FieldPanel("conservation")]),
]
ETAPE = TabbedInterface(
    [
        ObjectList(RENDEZ_VOUS, heading=_("Rendezvous")),
        ObjectList(LIEU, heading=_("Place")),
        ObjectList(PROGRAMME, heading=_("Programme")),
        ObjectList(INSCRIPTIONS, heading=_("Registration")),
        ObjectList(
            [
                FieldPanel(
                    "compte_rendu",
                    help_text=_("After the day: what was said, and photos; it takes the first place on the page."),
                ),
                FieldPanel("compte_rendu_ecarte"),
                FieldPanel(
                    "participants", help_text=_("How many came. Left blank, those counted at the door make it.")
                ),
            ],
            heading=_("Afterwards"),
        ),
        ObjectList([*PROMOTE, FieldPanel("exemple"), PUBLISHING, CommentPanel()], heading=_("Publication")),
    ]
)
