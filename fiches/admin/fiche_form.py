"""The admin's forms of the innovation sheet."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from fiches.models.champs import of_kind
from fiches.models.declaration import Kind
from fiches.models.grille import Critere, Dimension
from fiches.models.picture_forms import AlternativeTextMixin
from fiches.moderation.completeness import missing, values_of
from fiches.moderation.decision import REJECT, obstacles
from fiches.territoire.commune_field import LocalisationFormMixin

URI_SCHEME = re.compile(r"[\s\x00-\x1f]*[a-z][a-z0-9+.\s-]*:", re.IGNORECASE)
CHECKED = (Kind.SIRET, Kind.NAF, Kind.POSTCODE, Kind.POINT, Kind.LINK, Kind.PHONE, Kind.EMAIL)
"""The kinds of text whose form is checked."""
LONGEST_KEY = 18
"""Digits that every database takes as an integer of 64 bits."""


def grid_choices():
    """The criteria, grouped by dimension, as form choices."""
    dimensions = Dimension.objects.prefetch_related("criteres")
    return [(d.nom, [(c.pk, c.name) for c in d.criteres.all()]) for d in dimensions]


def _runs(address):
    """Whether a browser may do anything else than open a page at what was typed: a preview makes a link of it."""
    return bool(URI_SCHEME.match(address)) and not address.lower().startswith(("http:", "https:"))


class CriteresField(forms.ModelMultipleChoiceField):
    """Checkboxes grouped by dimension: a dimension that staff add is there at once."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(queryset=Critere.objects.all(), **kwargs)

    @property
    def choices(self):
        """The grid, read anew each time that it is shown: a form class outlives it."""
        return CallableChoiceIterator(grid_choices)

    @choices.setter
    def choices(self, value):
        self.widget.choices = self.choices

    def clean(self, value):
        return list(super().clean(value))

    def _check_values(self, value):
        """A key that no database holds is nobody's, and not an error of the database."""
        for key in value if self.to_field_name is None else ():
            if len(str(key)) > LONGEST_KEY:
                raise forms.ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": key}
                )
        return super()._check_values(value)


class FicheForm(LocalisationFormMixin, AlternativeTextMixin, WagtailAdminPageForm):
    """A fiche, as the editor types it."""

    described_pictures = tuple(champ.name for champ in of_kind(Kind.PICTURE))
    kept_as_typed = tuple(champ.name for champ in of_kind(*CHECKED))
    """Text that a draft keeps though it is wrong: it is looked at again before the fiche goes further."""
    criteres = CriteresField(label=_("Criteria of the grid"), required=False)

    def full_clean(self):
        """A fiche that is sent back is a draft again: its reviewer needn't mend what they send it back for."""
        if self.data.get("action-workflow-action") and self.data.get("workflow-action-name") == REJECT:
            self.defer_required_fields()
        super().full_clean()

    def add_error(self, field, error):
        """Of a draft, what is wrong in `kept_as_typed` is no error, unless it is too long to be kept."""
        if self.is_deferred_validation:
            error = self._to_be_told_now(field, error)
        if error:
            super().add_error(field, error)

    def _to_be_told_now(self, field, error):
        if field is None and hasattr(error, "error_dict"):
            kept = {name: found for name, found in error.error_dict.items() if name not in self.kept_as_typed}
            return ValidationError(kept) if kept else None
        typed = str(self[field].data or "").strip() if field in self.kept_as_typed else ""
        if not typed or len(typed) > self.fields[field].max_length or (field == "site" and _runs(typed)):
            return error
        self.cleaned_data[field] = typed
        return None

    @property
    def must_be_complete(self):
        """Unless it is kept as a draft, sent back, or taken out of the review."""
        return not (self.is_deferred_validation or self.data.get("action-cancel-workflow"))

    def clean(self):
        cleaned = super().clean()
        if self.must_be_complete:
            for name, message in missing(self.told(cleaned)).items():
                if name not in self.errors:
                    self.add_error(name, message)
            for reason in obstacles(self.instance):
                self.add_error(None, reason)
        return cleaned

    def told(self, cleaned):
        """The fiche's values once this form is saved."""
        return cleaned


class FicheByTokenForm(FicheForm):
    """A fiche, as a program sends it through Wagtail's API v3: criteria by name, and only the fields that it sent."""

    kept_as_typed = ()
    criteres = CriteresField(label=_("Criteria of the grid"), required=False, to_field_name="name")

    def told(self, cleaned):
        sent = self._meta.fields
        return values_of(self.instance) | {name: value for name, value in cleaned.items() if name in sent}

    def add_error(self, field, error):
        """What a field that wasn't sent lacks is told of the whole."""
        super().add_error(field if field is None or field in self.fields else None, error)
