"""What pages of the site show beside their fields (partners, references, criteria): found by the search with their page."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db.models import Model
from wagtail.models import Page

from fiches.models import Critere, Dimension, Partenaire, Role
from fiches.models.publications import kind_of
from fiches.publications import index_entries
from fiches.publications.receivers import record_with
from home.models import (
    BibliographiePage,
    GrillePage,
    HomePage,
    PartenairesPage,
    Reference,
)


def _site_name(page: Page) -> list[str]:
    """The site's name, also in one word: « Rally’nov » is typed « rallynov »."""
    return [settings.WAGTAIL_SITE_NAME, re.sub(r"\W", "", settings.WAGTAIL_SITE_NAME)]


def _partners(page: Page) -> list[str]:
    """The names, roles and public contacts of the partners."""
    shown = []
    for partner in Partenaire.objects.all():
        shown += [partner.nom, partner.sigle, partner.site, *(str(Role(role).label) for role in partner.roles)]
        if partner.contact_public:
            shown += [partner.contact_nom, partner.contact_fonction]
            shown += [partner.contact_telephone, partner.contact_courriel]
    return [text for text in shown if text]


def _presentations(page: Page) -> list[str]:
    return list(Partenaire.objects.exclude(presentation="").values_list("presentation", flat=True))


def _references(page: Page) -> list[str]:
    fields = ("auteurs", "titre", "revue", "editeur", "annee", "note", "doi")
    rows = Reference.objects.values_list(*fields)
    return [str(text) for *texts, doi in rows for text in (*texts, doi and f"doi:{doi}") if text]


def _criteria(page: Page) -> list[str]:
    rows = [*Dimension.objects.values_list("nom", "definition"), *Critere.objects.values_list("name", "definition")]
    return [text for row in rows for text in row if text]


# The names rank above the texts, which extracts quote.
NAMES: dict[type[Page], Callable[[Any], list[str]]] = {HomePage: _site_name, PartenairesPage: _partners}
TEXTS: dict[type[Page], Callable[[Any], list[str]]] = {
    PartenairesPage: _presentations,
    BibliographiePage: _references,
    GrillePage: _criteria,
}
# ``{model of a record: type of the page that lists its records}``
LISTS: dict[type[Model], type[Page]] = {
    Partenaire: PartenairesPage,
    Reference: BibliographiePage,
    Dimension: GrillePage,
    Critere: GrillePage,
}


def connect() -> None:
    """Registers what is indexed with each page, and indexes a page again when a record that it lists is saved or deleted. Called
    once, when Django starts."""
    for page_type, names in NAMES.items():
        index_entries.register_names(page_type, names)
    for page_type, texts in TEXTS.items():
        index_entries.register_texts(page_type, texts)
    record_with(*LISTS, find=_pages_that_list)


def _pages_that_list(record: Model) -> dict[str, Iterable[int]]:
    page_type: Any = LISTS[type(record)]
    return {kind_of(page_type): page_type.objects.values_list("pk", flat=True)}
