"""The panels of a fiche's form in the admin, built from the table of fields."""

from typing import TYPE_CHECKING, Any

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

from fiches.models.champs import champs_with
from fiches.models.declaration import GroupeDeChamps
from fiches.models.help_texts import CODE_POSTAL, COMMUNE, PROMOTE
from fiches.territoire.map_widget import AdressePanel, CartePanel

if TYPE_CHECKING:
    from fiches.models.declaration import Champ


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


def _panel(champ: "Champ") -> Any:
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
