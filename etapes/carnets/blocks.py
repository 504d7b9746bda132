"""StreamField blocks of a road book: selected fiches, étapes and prizes, and free text."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StructValue
from wagtail.snippets.blocks import SnippetChooserBlock

from etapes.models import EtapePage
from fiches.admin.choosers import approved_fiche_chooser
from fiches.models import FichePage
from fiches.models.blocks import ChiffresCles, Citation, Document, Galerie, IllustrationBlock, Texte

if TYPE_CHECKING:
    from fiches.palmares.models import Prix

# Opens on the list of the approved fiches, as in an étape.
ApprovedFicheBlock = approved_fiche_chooser.get_block_class("ApprovedFicheBlock", module_path=__name__)


def public_prizes_of_edition(edition: int | None) -> "list[Prix]":
    """Returns the public ``Prix`` of the edition with this pk, in order, each with its fiche. One query."""
    if not apps.is_installed("fiches.palmares"):
        return []
    from fiches.palmares.listing import with_related
    from fiches.palmares.models import Prix

    return list(with_related(Prix.objects.public().filter(decision__categorie__palmares__edition=edition)))


def still_visible(pks: list[int], model: Any) -> list[EtapePage | FichePage]:
    """Returns the visible ones of ``pks``, pages of ``model``, in their order, loaded for cards."""
    visible = model.objects.visible().for_cards().in_bulk(pks)
    return [visible[pk] for pk in pks if pk in visible]


class CarnetDeFiches(blocks.StructBlock):
    """Selected fiches, shown as they are when the road book is read."""

    titre = blocks.CharBlock(label=_("title"), max_length=120)
    fiches = blocks.ListBlock(ApprovedFicheBlock(label=_("fiche")), min_num=1)

    class Meta:
        icon = "doc-full"
        label = _("fiches")
        template = "carnets/blocks/fiches.html"

    def get_context(self, value: StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        return {**context, "fiches": still_visible([page.pk for page in value["fiches"] if page], FichePage)}


class CarnetDEtapes(blocks.StructBlock):
    """Selected étapes, shown as they are when the road book is read."""

    titre = blocks.CharBlock(label=_("title"), max_length=120)
    etapes = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="rallynov_etapes.EtapePage", label=_("étape")), min_num=1
    )

    class Meta:
        icon = "site"
        label = _("étapes")
        template = "carnets/blocks/etapes.html"

    def get_context(self, value: StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        return {**context, "etapes": still_visible([page.pk for page in value["etapes"] if page], EtapePage)}


class CarnetDePrix(blocks.StructBlock):
    """The prizes of one edition. Shows nothing before they are public."""

    titre = blocks.CharBlock(label=_("title"), max_length=120)
    edition = SnippetChooserBlock("rallynov_fiches.Edition", label=_("edition"))

    class Meta:
        icon = "pick"
        label = _("prizes")
        template = "carnets/blocks/prix.html"

    def get_context(self, value: StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        edition = value["edition"]
        return {**context, "prix": public_prizes_of_edition(edition.pk) if edition else []}


def carnet_blocks() -> Any:
    return [
        ("titre", blocks.CharBlock(label=_("heading"), max_length=120, template="carnets/blocks/titre.html")),
        ("texte", Texte()),
        ("citation", Citation()),
        ("image", IllustrationBlock()),
        ("galerie", Galerie()),
        ("chiffres_cles", ChiffresCles()),
        ("fiches", CarnetDeFiches()),
        ("etapes", CarnetDEtapes()),
        ("prix", CarnetDePrix()),
        ("document", Document()),
    ]
