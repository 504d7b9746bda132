"""The panels of a fiche's form in the admin, built from the table of fields, and those that several page types share."""

from typing import Any

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

from fiches.models.champs import ALT, DECORATIVE, PICTURE, champs_with
from fiches.models.declaration import Champ, GroupeDeChamps
from fiches.territoire.map_widget import AdressePanel, CartePanel

SLUG = _("The end of the page's address. Leave it as it is once the page is known.")
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


LOCALISATION = [
    AdressePanel("adresse"),
    FieldRowPanel(
        [
            FieldPanel("commune", help_text=COMMUNE),
            FieldPanel("code_postal", help_text=CODE_POSTAL),
        ]
    ),
    CartePanel("point", address_field="adresse"),
    FieldPanel("sans_localisation"),
]
INDEX_CONTENT = [FieldPanel("title"), FieldPanel("introduction")]
FINANCEUR = [
    FieldPanel("partenaire", help_text=_("It must be among the partners; add it there first.")),
    FieldPanel("mention"),
]


def panels_of(groupe: GroupeDeChamps) -> list[Any]:
    """The panels of a group's fields; fields declared ``beside`` share a row with the previous one."""
    rows: list[Any] = []
    for champ in champs_with("panel", groupe=groupe):
        if not champ.panel.beside:
            rows.append([])
        rows[-1].append(_panel(champ))
    return [row[0] if len(row) == 1 else FieldRowPanel(row) for row in rows]


def _panel(champ: Champ) -> Any:
    if champ.name == "title":
        return TitleFieldPanel("title", heading=_("Name of the innovation"), help_text=champ.help)
    return FieldPanel(champ.name, **({"help_text": champ.help} if champ.help else {}))


def grouped(groupe: GroupeDeChamps, heading: Any) -> Any:
    """The panels of a group's fields under a heading."""
    return MultiFieldPanel(panels_of(groupe), heading)


INNOVATION = [*panels_of(GroupeDeChamps.INNOVATION), grouped(GroupeDeChamps.PHOTO, _("Photo"))]
CHARACTERISATION = panels_of(GroupeDeChamps.GRILLE)
ORGANISATION = [
    grouped(GroupeDeChamps.ORGANISATION, _("The organisation")),
    grouped(GroupeDeChamps.LOGO, _("Logo")),
    grouped(GroupeDeChamps.CONTACT, _("Contact")),
    MultiFieldPanel(LOCALISATION, _("Place")),
]
PARTENAIRE = [
    *panels_of(GroupeDeChamps.PARTENAIRE),
    grouped(GroupeDeChamps.CONTACT_DU_PARTENAIRE, _("Contact at the partner")),
    InlinePanel("financements", heading=_("Funders"), label=_("funder")),
]
FICHE = TabbedInterface(
    [
        ObjectList(INNOVATION, heading=_("Innovation")),
        ObjectList(CHARACTERISATION, heading=_("Grid")),
        ObjectList(ORGANISATION, heading=_("Organisation")),
        ObjectList(PARTENAIRE, heading=_("Partners")),
        ObjectList(
            [*PROMOTE, *panels_of(GroupeDeChamps.PUBLICATION), PublishingPanel(), CommentPanel()],
            heading=_("Publication"),
        ),
    ]
)
