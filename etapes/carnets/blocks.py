"""StreamField blocks of a road book: selected fiches, étapes and prizes, and free text."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Media
from django.templatetags.static import static
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks import StructValue
from wagtail.blocks.list_block import ListBlockAdapter, ListBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from etapes.carnets.public_prizes import public_prizes_of_edition
from etapes.models import EtapePage
from fiches.admin.choosers import approved_fiche_chooser
from fiches.models import FichePage
from fiches.models.blocks import ChiffresCles, Citation, Document, Galerie, IllustrationBlock, Texte

ALREADY_THERE = _("This fiche is in the list already: delete it here.")
ALREADY_THERE_TOO = _("Some of these fiches are in the list already: they are not added again.")
# Opens on the list of the approved fiches, as in an étape.
ApprovedFicheBlock = approved_fiche_chooser.get_block_class("ApprovedFicheBlock", module_path=__name__)


class FicheListBlock(blocks.ListBlock):
    """A list of fiches, chosen several at once, each of them only once. A draft may name one twice."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        seen: set[int] = set()
        errors = {}
        for place, fiche in enumerate(cleaned):
            if fiche and fiche.pk in seen:
                errors[place] = ValidationError(ALREADY_THERE)
            elif fiche:
                seen.add(fiche.pk)
        if errors and not self.is_deferred_validation:
            raise ListBlockValidationError(block_errors=errors)
        return cleaned


class FicheListAdapter(ListBlockAdapter):
    js_constructor = "rallynov.FicheList"

    def js_args(self, block: FicheListBlock) -> list[Any]:
        *args, meta = super().js_args(block)
        return [*args, {**meta, "alreadyThere": ALREADY_THERE_TOO}]

    @cached_property
    def media(self) -> Media:
        return super().media + Media(js=[static("carnets/admin/liste-de-fiches.js")])


register(FicheListAdapter(), FicheListBlock)


def still_visible(pages: Any, model: Any) -> list[EtapePage | FichePage]:
    """Returns the visible ones of the chosen ``pages`` of ``model``, in their order, loaded for cards."""
    chosen = [page.pk for page in pages if page]
    visible = model.objects.visible().for_cards().in_bulk(chosen)
    return [visible[pk] for pk in chosen if pk in visible]


class CarnetDeFiches(blocks.StructBlock):
    """Selected fiches, shown as they are when the road book is read."""

    titre = blocks.CharBlock(label=_("title"), required=False, max_length=120)
    fiches = FicheListBlock(ApprovedFicheBlock(label=_("fiche")), min_num=1)

    class Meta:
        icon = "doc-full"
        label = _("fiches")
        template = "carnets/blocks/fiches.html"

    def get_context(self, value: StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        return {**context, "fiches": still_visible(value["fiches"], FichePage)}


class CarnetDEtapes(blocks.StructBlock):
    """Selected étapes, shown as they are when the road book is read."""

    titre = blocks.CharBlock(label=_("title"), required=False, max_length=120)
    etapes = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="rallynov_etapes.EtapePage", label=_("étape")), min_num=1
    )

    class Meta:
        icon = "site"
        label = _("étapes")
        template = "carnets/blocks/etapes.html"

    def get_context(self, value: StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        return {**context, "etapes": still_visible(value["etapes"], EtapePage)}


class CarnetDePrix(blocks.StructBlock):
    """The prizes of one edition. Shows nothing before they are public."""

    titre = blocks.CharBlock(label=_("title"), required=False, max_length=120)
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
