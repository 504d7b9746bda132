"""The admin's forms of a fiche."""

from typing import Any

from django import forms
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _

from fiches.models.champs import champs_of_kind
from fiches.models.declaration import ValueKind
from fiches.models.grille import Critere, Dimension
from fiches.models.page_forms import AlternativeTextMixin, FreeSlugForm
from fiches.moderation.completeness import missing
from fiches.moderation.decision import obstacles
from fiches.territoire.commune_field import LocalisationFormMixin

# Digits of a primary key: with more, it might not fit in the database's 64-bit integers.
LONGEST_KEY = 18


def grid_choices() -> list[Any]:
    """The criteria, grouped by dimension, as form choices."""
    dimensions = Dimension.objects.prefetch_related("criteres")
    return [(d.nom, [(c.pk, c.name) for c in d.criteres.all()]) for d in dimensions]


class CriteresField(forms.ModelMultipleChoiceField):
    """The criteria as checkboxes grouped by dimension."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Critere.objects.all(), **kwargs)

    @property
    def choices(self) -> CallableChoiceIterator:
        """The grid, read from the database at each use, since the form class lives as long as the process."""
        return CallableChoiceIterator(grid_choices)

    @choices.setter
    def choices(self, value: Any) -> None:
        self.widget.choices = self.choices

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if len(str(key)) > LONGEST_KEY:
                message = self.error_messages["invalid_pk_value"]
                raise forms.ValidationError(message, code="invalid_pk_value", params={"pk": key})
        return list(super().clean(value))


class FicheForm(LocalisationFormMixin, AlternativeTextMixin, FreeSlugForm):
    """The form of a fiche in the admin."""

    described_pictures = tuple(champ.name for champ in champs_of_kind(ValueKind.PICTURE))
    criteres = CriteresField(label=_("Criteria of the grid"), required=False)

    @property
    def must_be_complete(self) -> bool:
        """Whether the fiche must be complete: it isn't saved as a draft, or withdrawn from the review."""
        return not (self.is_deferred_validation or self.data.get("action-cancel-workflow"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.must_be_complete:
            for name, message in missing(cleaned).items():
                if name not in self.errors:
                    self.add_error(name, message)
            for reason in obstacles(self.instance):
                self.add_error(None, reason)
        return cleaned
