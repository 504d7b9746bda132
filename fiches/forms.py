"""The admin's forms of the innovation sheet."""

from django import forms
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from fiches.alternative_text import AlternativeTextMixin
from fiches.completude import missing, values_of
from fiches.models.grille import Critere, Dimension
from fiches.moderation import REJECT
from fiches.widgets import LocalisationFormMixin

LONGEST_KEY = 18
"""Digits that every database takes as an integer of 64 bits."""


def grid_choices():
    """The criteria, grouped by dimension, as form choices."""
    dimensions = Dimension.objects.prefetch_related("criteres")
    return [(d.nom, [(c.pk, c.name) for c in d.criteres.all()]) for d in dimensions]


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

    described_pictures = ("photo", "logo")
    criteres = CriteresField(label=_("Criteria of the grid"), required=False)

    @property
    def must_be_complete(self):
        """Unless it is kept as a draft, sent back, or taken out of the review."""
        sent_back = self.data.get("action-workflow-action") and self.data.get("workflow-action-name") == REJECT
        return not (self.is_deferred_validation or sent_back or self.data.get("action-cancel-workflow"))

    def clean(self):
        cleaned = super().clean()
        if self.must_be_complete:
            for name, message in missing(self.told(cleaned)).items():
                if name not in self.errors:
                    self.add_error(name, message)
        return cleaned

    def told(self, cleaned):
        """The fiche's values once this form is saved."""
        return cleaned


class FicheByTokenForm(FicheForm):
    """A fiche, as a program sends it through Wagtail's API v3: criteria by name, and only the fields that it sent."""

    criteres = CriteresField(label=_("Criteria of the grid"), required=False, to_field_name="name")

    def told(self, cleaned):
        sent = self._meta.fields
        return values_of(self.instance) | {name: value for name, value in cleaned.items() if name in sent}

    def add_error(self, field, error):
        """What a field that wasn't sent lacks is told of the whole."""
        super().add_error(field if field is None or field in self.fields else None, error)
