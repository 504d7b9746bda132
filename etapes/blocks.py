"""StreamField blocks of an étape's programme."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.blocks import StructValue
from wagtail.blocks.struct_block import StructBlockValidationError

from fiches.models.blocks import RICH_TEXT_FEATURES


class MomentDuProgramme(blocks.StructBlock):
    """One item of a programme. Unknown hours are left empty."""

    debut = blocks.TimeBlock(label=gettext_lazy("from"), required=False)
    fin = blocks.TimeBlock(label=gettext_lazy("to"), required=False)
    titre = blocks.CharBlock(label=gettext_lazy("title"), max_length=200)
    intervenants = blocks.CharBlock(
        label=gettext_lazy("speakers"), required=False, max_length=300, help_text=gettext_lazy("Names and positions.")
    )
    texte = blocks.RichTextBlock(label=gettext_lazy("text"), required=False, features=RICH_TEXT_FEATURES)

    class Meta:
        template = "etapes/blocks/moment.html"

    def clean(self, value: StructValue) -> StructValue:
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        if value["fin"] and not value["debut"]:
            raise field_error("debut", _("Give the start, or leave the end empty too."))
        if value["debut"] and value["fin"] and value["fin"] <= value["debut"]:
            raise field_error("fin", _("The end comes before the start."))
        return value


def field_error(field: str, message: str) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={field: ValidationError(message)})


def programme_blocks() -> blocks.StreamBlock:
    return blocks.StreamBlock(
        [
            ("intervention", MomentDuProgramme(label=gettext_lazy("talk"), icon="user")),
            ("debat", MomentDuProgramme(label=gettext_lazy("debate"), icon="comment")),
            ("table_ronde", MomentDuProgramme(label=gettext_lazy("round table"), icon="group")),
            ("visite", MomentDuProgramme(label=gettext_lazy("visit"), icon="site")),
            ("presentation", MomentDuProgramme(label=gettext_lazy("presentation of a fiche"), icon="doc-full")),
            ("pause", MomentDuProgramme(label=gettext_lazy("break"), icon="time")),
        ]
    )
