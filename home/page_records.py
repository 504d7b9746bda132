"""What pages of the site show beside their fields (partners, references, criteria, audits): found by the search with their page."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db.models import Model
from wagtail.models import Page

from fiches.models import Critere, Dimension, Partenaire, Role
from fiches.models.publications import kind_of
from fiches.publications.index_entries import Shown, each, register_shown
from fiches.publications.receivers import record_with
from home import processing_register
from home.audit import AuditDecision, audit
from home.models import (
    AccessibilitePage,
    BibliographiePage,
    ConfidentialitePage,
    GrillePage,
    HomePage,
    PartenairesPage,
    Reference,
)


def _site_name() -> list[str]:
    """The site's name, also in one word: « Rally’nov » is typed « rallynov »."""
    return [settings.WAGTAIL_SITE_NAME, re.sub(r"\W", "", settings.WAGTAIL_SITE_NAME)]


def _partners() -> list[str]:
    """The names, roles and public contacts of the partners."""
    shown = []
    for partner in Partenaire.objects.all():
        shown += [partner.nom, partner.sigle, partner.site, *(str(Role(role).label) for role in partner.roles)]
        if partner.contact_public:
            shown += [partner.contact_nom, partner.contact_fonction]
            shown += [partner.contact_telephone, partner.contact_courriel]
    return [text for text in shown if text]


def _presentations() -> list[str]:
    return list(Partenaire.objects.exclude(presentation="").values_list("presentation", flat=True))


def _references() -> list[str]:
    fields = ("auteurs", "titre", "revue", "editeur", "annee", "note", "doi")
    rows = Reference.objects.values_list(*fields)
    return [str(text) for *texts, doi in rows for text in (*texts, doi and f"doi:{doi}") if text]


def _criteria() -> list[str]:
    rows = [*Dimension.objects.values_list("nom", "definition"), *Critere.objects.values_list("name", "definition")]
    return [text for row in rows for text in row if text]


def _audit() -> list[str]:
    """The criteria of the audit and the number of each decision."""
    criteria = audit().criteres
    counts = [f"{decision} : {len(audit().with_decision(decision))}" for decision in AuditDecision]
    return [
        *counts,
        *dict.fromkeys(one.theme for one in criteria),
        *(f"{one.critere}. {one.intitule}" for one in criteria),
    ]


def _statement(page: AccessibilitePage) -> list[str]:
    shown = [page.organisme_d_audit, page.environnement, page.echantillon, page.contact_courriel, page.contact_adresse]
    return [text for text in shown if text] + _audit()


def _register() -> list[str]:
    return [text for row in processing_register.register() for text in row.model_dump(exclude={"cle"}).values()]


SHOWN: dict[type[Page], Callable[[Any], Shown]] = {
    HomePage: lambda page: Shown(names=_site_name()),
    PartenairesPage: lambda page: Shown(names=_partners(), texts=_presentations()),
    BibliographiePage: lambda page: Shown(texts=_references()),
    GrillePage: lambda page: Shown(texts=_criteria()),
    AccessibilitePage: lambda page: Shown(texts=_statement(page)),
    ConfidentialitePage: lambda page: Shown(texts=_register()),
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
    for page_type, shown in SHOWN.items():
        register_shown(page_type, each(shown))
    record_with(*LISTS, find=_pages_that_list)


def _pages_that_list(record: Model) -> dict[str, Iterable[int]]:
    page_type: Any = LISTS[type(record)]
    return {kind_of(page_type): page_type.objects.values_list("pk", flat=True)}
