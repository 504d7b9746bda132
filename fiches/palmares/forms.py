"""Forms of the palmarès in the admin. Once the scoring is open, they refuse changes that would alter scores."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from fiches.palmares.models import Nomination, Rang
from fiches.palmares.transitions import too_late

# Fields that can't change once the scoring is open.
LOCKED_FIELDS = ("edition", "note_maximale")


class PalmaresForm(WagtailAdminModelForm):
    def clean(self) -> Any:
        cleaned = super().clean()
        if self.instance.pk and not self.instance.est_modifiable:
            for name in LOCKED_FIELDS:
                if name in self.changed_data:
                    self.add_error(name, too_late())
            if self.formsets["criteres"].has_changed():
                self.add_error(None, too_late())
        return cleaned


class CategorieForm(WagtailAdminModelForm):
    def clean(self) -> Any:
        cleaned = super().clean()
        is_new = self.instance.pk is None
        if not self.instance.palmares.est_modifiable and (is_new or self.formsets["nominations"].has_changed()):
            self.add_error(None, too_late())
        return cleaned


class InvitationForm(forms.Form):
    """Invites a juror."""

    nom = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    fonction = forms.CharField(label=gettext_lazy("Role"), max_length=160, required=False)
    courriel = forms.EmailField(label=gettext_lazy("E-mail"), max_length=150)


class EmbargoForm(forms.Form):
    """Sets the date on which the results become public."""

    embargo = forms.DateTimeField(
        label=gettext_lazy("Results on"),
        help_text=gettext_lazy("Date and hour here, in France."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"],
    )

    def clean_embargo(self) -> Any:
        if self.cleaned_data["embargo"] <= timezone.now():
            raise forms.ValidationError(_("This date is past: choose a later one, or publish now."))
        return self.cleaned_data["embargo"]


class DecisionForm(forms.Form):
    """The decision on one category: its reasons, and an optional prize with its citation for each nomination."""

    motifs = forms.CharField(
        label=gettext_lazy("Reasons of the decision"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Kept with the decision, not published. Say why it follows the ranking, or not."),
    )

    def __init__(self, *args: Any, nominations: list[Nomination], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nominations = nominations
        for nomination in nominations:
            self.fields[f"rang_{nomination.pk}"] = forms.TypedChoiceField(
                label=gettext_lazy("Prize"),
                choices=[("", gettext_lazy("no prize")), *Rang.choices],
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.fields[f"citation_{nomination.pk}"] = forms.CharField(
                label=gettext_lazy("Citation"),
                max_length=600,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def fields_of(self, nomination: Nomination) -> list[forms.BoundField]:
        """Returns the bound fields of a nomination: its prize and its citation."""
        return [self[f"rang_{nomination.pk}"], self[f"citation_{nomination.pk}"]]

    def clean(self) -> Any:
        cleaned: Any = super().clean()
        for nomination in self.nominations:
            prize, citation = (cleaned.get(f"{name}_{nomination.pk}") for name in ("rang", "citation"))
            if prize and not citation and f"citation_{nomination.pk}" not in self.errors:
                self.add_error(f"citation_{nomination.pk}", _("A prize is given with a citation."))
            if citation and not prize:
                self.add_error(f"rang_{nomination.pk}", _("A citation is given with a prize."))
        return cleaned

    def prizes(self) -> list[tuple[Nomination, int, str]]:
        """Returns ``[(nomination, rank, citation)]`` of the nominations that get a prize."""
        ranks = [(each, self.cleaned_data[f"rang_{each.pk}"]) for each in self.nominations]
        return [(each, rank, self.cleaned_data[f"citation_{each.pk}"]) for each, rank in ranks if rank]
