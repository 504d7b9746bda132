"""Admin form of a road book."""

from typing import Any

from django.db.models import Max
from django.utils import timezone

from fiches.models.free_slugs import FreeSlugForm


class CarnetForm(FreeSlugForm):
    """Proposes the next number and the current month for a new road book, so that it can be saved as soon as it has a title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and self.parent_page is not None:
            siblings = type(self.instance).objects.child_of(self.parent_page)
            last = siblings.aggregate(last=Max("numero"))["last"] or 0
            self.initial |= {"numero": last + 1, "date": timezone.localdate()}
