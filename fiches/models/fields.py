"""Model fields shared by the page types."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block, StreamBlock, StreamValue
from wagtail.blocks.base import BlockField
from wagtail.fields import StreamField

# ``{name: block}`` of the blocks that other apps added, and the bodies that offer them.
REGISTERED_BLOCKS: dict[str, Block] = {}
_bodies: list[StreamBlock] = []


def register_block(name: str, block: Block) -> None:
    """Adds a block to the text of fiches and carnets, to the reports of étapes, and to any other ``BodyField`` of the site.
    Called from ``AppConfig.ready()``.

    Pages show it with its template. The API gives what its ``get_api_representation`` returns, and the HTML of its template.

    :param name: the block's type, in the database and in the API.
    """
    block.set_name(name)
    REGISTERED_BLOCKS[name] = block
    for body in _bodies:
        body.child_blocks[name] = block


class BodyFormField(BlockField):
    """The form field of :class:`BodyField`. Differences in the ids and keys that the editor adds are no change."""

    def has_changed(self, initial_value: StreamValue, data_value: StreamValue) -> bool:
        from fiches.models.revisions import comparable

        one, other = (self.block.get_prep_value(value) for value in (initial_value, data_value))
        return comparable(one) != comparable(other)


class BodyField(StreamField):
    """A StreamField whose block definitions are left out of migrations. If it is made from a list of blocks, other apps may add
    theirs (:func:`register_block`)."""

    @cached_property
    def stream_block(self) -> StreamBlock:
        body = super().stream_block
        if isinstance(self.block_types_arg, list):
            _bodies.append(body)
            body.child_blocks.update(REGISTERED_BLOCKS)
        return body

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs

    def formfield(self, **kwargs: Any) -> BodyFormField:
        return super().formfield(**{"form_class": BodyFormField, **kwargs})


class ChoiceListField(models.JSONField):
    """Several values of a list of choices, stored as a JSON list and edited as checkboxes.

    :param of: the choices, as ``[(value, label)]``.
    """

    def __init__(self, *args: Any, of: Any, **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["of"] = []
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return forms.MultipleChoiceField(
            choices=self.of,
            widget=forms.CheckboxSelectMultiple,
            label=kwargs.get("label", self.verbose_name),
            required=not self.blank,
            help_text=self.help_text,
        )

    def validate(self, value: Any, model_instance: Any) -> Any:
        super().validate(value, model_instance)
        unknown = set(value or []) - {key for key, _label in self.of}
        if unknown:
            raise ValidationError(
                _("Unknown choice: %(values)s."), params={"values": ", ".join(sorted(map(str, unknown)))}
            )
