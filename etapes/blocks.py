"""The programme of an étape: what happens, when, with whom."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from fiches.blocks import RICH_TEXT_FEATURES


class Moment(blocks.StructBlock):
    """One item of a programme; hours that nobody knows stay empty."""

    debut = blocks.TimeBlock(label=_("from"), required=False)
    fin = blocks.TimeBlock(label=_("to"), required=False)
    titre = blocks.CharBlock(label=_("title"), max_length=200)
    intervenants = blocks.CharBlock(
        label=_("speakers"), required=False, max_length=300, help_text=_("Names and positions.")
    )
    texte = blocks.RichTextBlock(label=_("text"), required=False, features=RICH_TEXT_FEATURES)

    class Meta:
        template = "etapes/blocks/moment.html"


def moment(label, icon):
    """A programme item of one kind: the same fields, told apart by their name."""
    return Moment(label=label, icon=icon)


def programme_blocks():
    return [
        ("intervention", moment(_("talk"), "user")),
        ("debat", moment(_("debate"), "comment")),
        ("table_ronde", moment(_("round table"), "group")),
        ("visite", moment(_("visit"), "site")),
        ("presentation", moment(_("presentation of a fiche"), "doc-full")),
        ("pause", moment(_("break"), "time")),
    ]
