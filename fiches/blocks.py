"""The few blocks that a fiche, an étape or an editorial page is written with."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

RICH_TEXT_FEATURES = ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]


class Illustration(blocks.StructBlock):
    """A picture with its caption; alternative text or "decorative" is asked for by ``ImageBlock``."""

    image = ImageBlock(label=_("picture"))
    legende = blocks.CharBlock(label=_("caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("picture")
        template = "fiches/blocks/image.html"


class Galerie(blocks.StructBlock):
    """Several pictures shown together."""

    images = blocks.ListBlock(Illustration(), label=_("pictures"), min_num=2, max_num=12)

    class Meta:
        icon = "image"
        label = _("gallery")
        template = "fiches/blocks/galerie.html"


class Citation(blocks.StructBlock):
    """A sentence somebody said, and who."""

    texte = blocks.TextBlock(label=_("quotation"), max_length=600)
    auteur = blocks.CharBlock(label=_("who said it"), required=False, max_length=150)
    fonction = blocks.CharBlock(label=_("job title"), required=False, max_length=150)

    class Meta:
        icon = "openquote"
        label = _("quotation")
        template = "fiches/blocks/citation.html"


class ChiffreCle(blocks.StructBlock):
    valeur = blocks.CharBlock(label=_("figure"), max_length=20, help_text=_("With its unit: “15 people”, “30 %”."))
    libelle = blocks.CharBlock(label=_("what it counts"), max_length=120)


class ChiffresCles(blocks.StructBlock):
    """Two to six figures that sum the innovation up."""

    chiffres = blocks.ListBlock(ChiffreCle(), label=_("figures"), min_num=1, max_num=6)

    class Meta:
        icon = "order"
        label = _("key figures")
        template = "fiches/blocks/chiffres_cles.html"


class EtapeDeMiseEnOeuvre(blocks.StructBlock):
    quand = blocks.CharBlock(label=_("when"), required=False, max_length=60)
    titre = blocks.CharBlock(label=_("title"), max_length=120)
    texte = blocks.TextBlock(label=_("text"), required=False, max_length=800)


class MiseEnOeuvre(blocks.StructBlock):
    """How the innovation was put in place, step by step."""

    etapes = blocks.ListBlock(EtapeDeMiseEnOeuvre(), label=_("steps"), min_num=1, max_num=12)

    class Meta:
        icon = "list-ol"
        label = _("steps of implementation")
        template = "fiches/blocks/mise_en_oeuvre.html"


class HttpURLBlock(blocks.URLBlock):
    """A web address, http or https only."""

    def clean(self, value):
        value = super().clean(value)
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ValidationError(_("Give an address that begins with https://."))
        return value


class Video(blocks.StructBlock):
    """A link to a video: nothing is loaded from its host before the reader follows it."""

    adresse = HttpURLBlock(label=_("address of the video"))
    titre = blocks.CharBlock(label=_("title"), max_length=150)
    duree = blocks.CharBlock(label=_("duration"), required=False, max_length=20)
    vignette = ImageBlock(label=_("still picture"), required=False)
    transcription = blocks.RichTextBlock(label=_("transcript"), required=False, features=RICH_TEXT_FEATURES)

    class Meta:
        icon = "media"
        label = _("video")
        template = "fiches/blocks/video.html"


class Document(blocks.StructBlock):
    """A document to download, announced with its type and weight."""

    document = DocumentChooserBlock(label=_("document"))
    titre = blocks.CharBlock(label=_("title"), required=False, max_length=150)

    class Meta:
        icon = "doc-full"
        label = _("document")
        template = "fiches/blocks/document.html"


class Texte(blocks.RichTextBlock):
    """Running text."""

    class Meta:
        icon = "pilcrow"
        label = _("text")
        template = "fiches/blocks/texte.html"

    def __init__(self, **kwargs):
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)


def body_blocks():
    """The blocks of a body, in the order in which the editor offers them."""
    return [
        ("texte", Texte()),
        ("citation", Citation()),
        ("image", Illustration()),
        ("galerie", Galerie()),
        ("chiffres_cles", ChiffresCles()),
        ("mise_en_oeuvre", MiseEnOeuvre()),
        ("video", Video()),
        ("document", Document()),
    ]
