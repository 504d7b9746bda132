"""Admin form of an étape."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError

from etapes.blocks import field_error
from etapes.enums import StatutEtape
from etapes.inscriptions.expiration import expiry_refusal
from etapes.schedule import check_rendezvous, clock_change
from fiches.models.free_slugs import FreeSlugForm
from fiches.models.picture_forms import AlternativeTextMixin
from fiches.models.plausible_dates import year_errors
from fiches.territoire.commune_field import LocalisationFormMixin


class EtapeForm(LocalisationFormMixin, AlternativeTextMixin, FreeSlugForm):
    described_pictures = ("photo",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_date = self.instance.date if self.instance.pk else None

    def faults_of_instance(self) -> Iterator[tuple[str, list[str]]]:
        yield from super().faults_of_instance()
        if self.instance.pk:
            try:
                check_rendezvous(self.instance)
            except ValidationError as error:
                yield from error.message_dict.items()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._keep_first_date(cleaned)
        if not self.is_deferred_validation:
            self._check_clocks(cleaned)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if "expire_at" in self.cleaned_data and (refusal := expiry_refusal(self.instance)):
            self.add_error("expire_at", ValidationError(refusal, code="expiry"))

    def _keep_first_date(self, cleaned: dict[str, Any]) -> None:
        """Fills ``ancienne_date`` with the previous date when an étape is postponed to a new date and the field is empty."""
        moved = self.first_date and cleaned.get("date") and cleaned["date"] != self.first_date
        if cleaned.get("statut") == StatutEtape.REPORTEE and moved and not cleaned.get("ancienne_date"):
            cleaned["ancienne_date"] = self.first_date

    def _check_clocks(self, cleaned: dict[str, Any]) -> None:
        date, programme = cleaned.get("date"), cleaned.get("programme") or ()
        if year_errors(date=date):  # told beside the date
            return
        errors = {}
        for index, child in enumerate(programme):
            for name in ("debut", "fin"):
                hour = child.value[name]
                if date and hour and (message := clock_change(date, hour)):
                    errors[index] = field_error(name, message)
        if errors:
            self.add_error("programme", StreamBlockValidationError(block_errors=errors))
