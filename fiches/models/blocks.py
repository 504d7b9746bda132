"""The StreamField blocks of fiches, étapes and editorial pages."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from fiches.models.page_forms import REFUSED, is_reserved
from fiches.models.rich_text import FEATURES as PASSAGES

RICH_TEXT_FEATURES = ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link", *PASSAGES]


class PictureBlock(ImageBlock):
    """An image block that refuses pictures reserved for a dossier (see `fiches.models.page_forms.is_reserved`). Its alternative
    text is not searched, since extracts would quote it as a text of the page."""

    def get_searchable_content(self, value: Any) -> list[str]:
        return []

    def clean(self, value: "IllustrationBlock | None") -> "IllustrationBlock | None":
        if value and is_reserved(value):
            raise StructBlockValidationError(block_errors={"image": ValidationError(REFUSED)})
        return super().clean(value)


class IllustrationBlock(blocks.StructBlock):
    """A picture with its caption."""

    image = PictureBlock(label=_("picture"))
    legende = blocks.CharBlock(
        label=_("caption"), help_text=_("Who, where, and whose photo it is."), required=False, max_length=250
    )

    class Meta:
        icon = "image"
        label = _("picture")
        help_text = _("A picture with its caption; say what it shows.")
        template = "fiches/blocks/image.html"


class Galerie(blocks.StructBlock):
    """Several pictures shown together."""

    images = blocks.ListBlock(IllustrationBlock(), label=_("pictures"), min_num=2, max_num=12)

    class Meta:
        icon = "image"
        label = _("gallery")
        help_text = _("From two to twelve pictures, shown together.")
        template = "fiches/blocks/galerie.html"


class Citation(blocks.StructBlock):
    """A quotation with its author."""

    texte = blocks.TextBlock(label=_("quotation"), max_length=600)
    auteur = blocks.CharBlock(
        label=_("who said it"), help_text=_("Their first name and name."), required=False, max_length=150
    )
    fonction = blocks.CharBlock(
        label=_("job title"), help_text=_("And their organisation, if it is another."), required=False, max_length=150
    )

    class Meta:
        icon = "openquote"
        label = _("quotation")
        help_text = _("A sentence that somebody said, with their agreement.")
        template = "fiches/blocks/citation.html"


class Figure(blocks.CharBlock):
    """A number with its unit; a hyphen before the number becomes a minus sign."""

    def to_python(self, value: str | None) -> str | None:
        return re.sub(r"^-(?=\s?\d)", "−", value) if value else value


class ChiffreCle(blocks.StructBlock):
    valeur = Figure(label=_("figure"), max_length=20, help_text=_("With its unit: “15 people”, “30 %”."))
    libelle = blocks.CharBlock(label=_("what it counts"), help_text=_("In a few words: “jobs kept”."), max_length=120)


class ChiffresCles(blocks.StructBlock):
    """One to six key figures."""

    chiffres = blocks.ListBlock(ChiffreCle(), label=_("figures"), min_num=1, max_num=6)

    class Meta:
        icon = "order"
        label = _("key figures")
        help_text = _("Up to six figures that sum the innovation up.")
        template = "fiches/blocks/chiffres_cles.html"


class EtapeDeMiseEnOeuvre(blocks.StructBlock):
    quand = blocks.CharBlock(
        label=_("when"), help_text=_("A date or a duration: “2013”, “three months”."), required=False, max_length=60
    )
    titre = blocks.CharBlock(label=_("title"), max_length=120)
    texte = blocks.TextBlock(label=_("text"), required=False, max_length=800)


class MiseEnOeuvre(blocks.StructBlock):
    """The steps of an implementation, with their dates."""

    etapes = blocks.ListBlock(EtapeDeMiseEnOeuvre(), label=_("steps"), min_num=1, max_num=12)

    class Meta:
        icon = "list-ol"
        label = _("steps of implementation")
        help_text = _("How it was put in place, in order.")
        template = "fiches/blocks/mise_en_oeuvre.html"


class Video(blocks.StructBlock):
    """A link to a video on another site; nothing is loaded from that site until the reader follows the link."""

    adresse = blocks.URLBlock(
        label=_("address of the video"),
        help_text=_("The page on which it is seen."),
        validators=[URLValidator(["http", "https"], message=_("Give an address that begins with https://."))],
    )
    titre = blocks.CharBlock(label=_("title"), max_length=150)
    duree = blocks.CharBlock(label=_("duration"), help_text=_("Such as “4 min 30”."), required=False, max_length=20)
    vignette = PictureBlock(label=_("still picture"), required=False)
    transcription = blocks.RichTextBlock(
        label=_("transcript"),
        help_text=_("All that is said, for those who can't hear it."),
        required=False,
        features=RICH_TEXT_FEATURES,
    )

    class Meta:
        icon = "media"
        label = _("video")
        help_text = _("A link: nothing is loaded from its host before the reader follows it.")
        template = "fiches/blocks/video.html"


class Document(blocks.StructBlock):
    """A link to a document, with its type and size."""

    document = DocumentChooserBlock(label=_("document"), help_text=_("Its type and its weight are told by themselves."))
    titre = blocks.CharBlock(label=_("title"), required=False, max_length=150)

    class Meta:
        icon = "doc-full"
        label = _("document")
        help_text = _("A file to download.")
        template = "fiches/blocks/document.html"


class Texte(blocks.RichTextBlock):
    """Rich text with the features of our editor."""

    class Meta:
        icon = "pilcrow"
        label = _("text")
        template = "fiches/blocks/texte.html"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)


def body_blocks() -> list[tuple[str, blocks.Block]]:
    """The blocks of a body, in the order in which the editor offers them."""
    return [
        ("texte", Texte()),
        ("citation", Citation()),
        ("image", IllustrationBlock()),
        ("galerie", Galerie()),
        ("chiffres_cles", ChiffresCles()),
        ("mise_en_oeuvre", MiseEnOeuvre()),
        ("video", Video()),
        ("document", Document()),
    ]
