"""Admin form of an étape."""

from typing import Any

from etapes.enums import StatutEtape
from fiches.models.page_forms import AlternativeTextMixin, FreeSlugForm
from fiches.territoire.commune_field import LocalisationFormMixin


class EtapeForm(LocalisationFormMixin, AlternativeTextMixin, FreeSlugForm):
    described_pictures = ("photo",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_date = self.instance.date if self.instance.pk else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._keep_first_date(cleaned)
        return cleaned

    def _keep_first_date(self, cleaned: dict[str, Any]) -> None:
        """Fills ``ancienne_date`` with the previous date when an étape is postponed to a new date and the field is empty."""
        moved = self.first_date and cleaned.get("date") and cleaned["date"] != self.first_date
        if cleaned.get("statut") == StatutEtape.REPORTEE and moved and not cleaned.get("ancienne_date"):
            cleaned["ancienne_date"] = self.first_date
