"""The programme of an étape: what happens, when, with whom."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from fiches.models.blocks import RICH_TEXT_FEATURES


class Moment(blocks.StructBlock):
    """One item of a programme; hours that nobody knows stay empty."""

    debut = blocks.TimeBlock(label=gettext_lazy("from"), required=False)
    fin = blocks.TimeBlock(label=gettext_lazy("to"), required=False)
    titre = blocks.CharBlock(label=gettext_lazy("title"), max_length=200)
    intervenants = blocks.CharBlock(
        label=gettext_lazy("speakers"), required=False, max_length=300, help_text=gettext_lazy("Names and positions.")
    )
    texte = blocks.RichTextBlock(label=gettext_lazy("text"), required=False, features=RICH_TEXT_FEATURES)
    en_parallele = blocks.BooleanBlock(
        label=gettext_lazy("at the same time as another item"),
        required=False,
        help_text=gettext_lazy("Two workshops to choose from, for instance."),
    )

    class Meta:
        template = "etapes/blocks/moment.html"

    def clean(self, value):
        value = super().clean(value)
        if value["fin"] and not value["debut"]:
            raise refused("debut", _("Give the start, or leave the end empty too."))
        if value["debut"] and value["fin"] and value["fin"] <= value["debut"]:
            raise refused("fin", _("The end comes before the start."))
        return value


def refused(field, message):
    return StructBlockValidationError(block_errors={field: ValidationError(message)})


class Programme(blocks.StreamBlock):
    """The items of a day; two may only be at once where that is said to be meant."""

    def clean(self, value):
        cleaned = super().clean(value)
        errors = {}
        for index, (item, before) in overlaps(cleaned).items():
            message = _("This begins at %(start)s, before the end of “%(title)s” (%(end)s).")
            hours = {"start": item["debut"].strftime("%H:%M"), "end": before["fin"].strftime("%H:%M")}
            errors[index] = refused("debut", message % {**hours, "title": before["titre"]})
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned


def overlaps(programme):
    """``{position: (item, the one that it begins within)}``, those meant to be at once left out."""
    timed = [
        (index, child.value)
        for index, child in enumerate(programme)
        if child.value["debut"] and not child.value["en_parallele"]
    ]
    timed.sort(key=lambda entry: (entry[1]["debut"], entry[0]))
    found, last = {}, None
    for index, item in timed:
        if last and item["debut"] < last["fin"]:
            found[index] = (item, last)
        if item["fin"] and (last is None or item["fin"] > last["fin"]):
            last = item
    return found


def moment(label, icon):
    """A programme item of one kind: the same fields, told apart by their name."""
    return Moment(label=label, icon=icon)


def programme_blocks():
    return Programme(
        [
            ("intervention", moment(gettext_lazy("talk"), "user")),
            ("debat", moment(gettext_lazy("debate"), "comment")),
            ("table_ronde", moment(gettext_lazy("round table"), "group")),
            ("visite", moment(gettext_lazy("visit"), "site")),
            ("presentation", moment(gettext_lazy("presentation of a fiche"), "doc-full")),
            ("pause", moment(gettext_lazy("break"), "time")),
        ]
    )
