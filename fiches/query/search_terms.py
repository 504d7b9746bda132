"""What staff keep for the search: the searches that found nothing, counted without any personal data, and the thesaurus, whose shipped
groups of synonyms are loaded once into the database."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from fiches.models import RechercheVaine
from fiches.models.bulk import write_if_possible
from fiches.publications.text_analysis import words

THESAURUS = Path(__file__).resolve().parents[1] / "data/thesaurus.txt"
LONGEST = 80
MOST_A_DAY = 300
KEPT_DAYS = 180
# An e-mail address, a phone or a SIRET number, typed by mistake.
PERSONAL = re.compile(r"@|\d[\d .-]{5,}\d")


def too_old(now: datetime) -> QuerySet:
    """The counts older than :data:`KEPT_DAYS`."""
    return RechercheVaine.objects.filter(jour__lt=timezone.localdate(now) - timedelta(days=KEPT_DAYS))


def record_failed_search(text: str) -> None:
    """Counts ``text`` for today, unless it looks personal. At most ``MOST_A_DAY`` different searches are stored per day."""
    folded = " ".join(words(text))[:LONGEST]
    if not folded or PERSONAL.search(text):
        return
    write_if_possible(RechercheVaine, lambda: _count(folded))


def _count(folded: str) -> None:
    today = timezone.localdate()
    if RechercheVaine.objects.filter(jour=today, mots=folded).update(nombre=F("nombre") + 1):
        return
    if RechercheVaine.objects.filter(jour=today).count() < MOST_A_DAY:
        RechercheVaine.objects.bulk_create([RechercheVaine(jour=today, mots=folded)], ignore_conflicts=True)


def load_thesaurus(model: Any) -> int:
    """Loads the groups of synonyms, one a line, if the database has none; returns their number. ``model`` may be a historical model."""
    if model.objects.exists():
        return 0
    lines = THESAURUS.read_text(encoding="utf-8").splitlines()
    return len(model.objects.bulk_create(model(termes=line) for line in lines if line and not line.startswith("#")))
