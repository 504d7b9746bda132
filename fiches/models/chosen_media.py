"""Refuses, in the forms of pages, pictures and documents that the user may not choose."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import InlinePanel
from wagtail.admin.panels.base import get_form_for_model
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.permissions import policy_registry

REFUSED_MEDIA = {
    AbstractImage: gettext_lazy("You don’t have access to this picture. Choose another one."),
    AbstractDocument: gettext_lazy("You don’t have access to this document. Choose another one."),
}


class ChosenMediaForm(WagtailAdminModelForm):
    """Refuses pictures and documents that the user may not choose and that the page doesn't show already: who may change a page may
    open the files that it shows."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.for_user:
            return cleaned
        columns = [(name, column) for name in cleaned if (column := self._column(name)) is not None]
        known = {media for name, column in columns for media in _media_in(column, getattr(self.instance, name, None))}
        for name, column in columns:
            for model, pk in sorted({*_media_in(column, cleaned[name])} - known, key=str):
                choosable = policy_registry.get_by_type(model).instances_user_has_any_permission_for(
                    self.for_user, {"choose"}
                )
                if model._default_manager.filter(pk=pk).exists() and not choosable.filter(pk=pk).exists():
                    kind = next(kind for kind in REFUSED_MEDIA if issubclass(model, kind))
                    self.add_error(name, ValidationError(REFUSED_MEDIA[kind]))
                    break
        return cleaned

    def _column(self, name: str) -> models.Field | None:
        try:
            return self._meta.model._meta.get_field(name)
        except FieldDoesNotExist:
            return None


def _media_in(column: models.Field, value: Any) -> Iterator[tuple[type[models.Model], str]]:
    """Yields ``(model, key)`` of the pictures and documents that the value of a column names."""
    if column.many_to_one and isinstance(value, models.Model):
        found = [(type(value), str(value.pk))]
    elif hasattr(column, "extract_references") and value:
        found = [(model, str(pk)) for model, pk, *_path in column.extract_references(value)]
    else:
        found = []
    media = (get_image_model(), get_document_model())
    yield from (each for each in found if issubclass(each[0], media))


class ChosenMediaInlinePanel(InlinePanel):
    """An inline panel whose rows have a :class:`ChosenMediaForm`."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        rows = options["formsets"][self.relation_name]
        deferred = self.child_edit_handler.get_form_options().get("defer_required_on_fields", [])
        rows["inherit_kwargs"] = ["for_user"]
        rows["form"] = get_form_for_model(
            self.db_field.related_model, form_class=ChosenMediaForm, defer_required_on_fields=deferred
        )
        return options
