"""Builds the index entries of public pages: the columns, facet values and words of their rows in the register.

All that a page shows is found. They hold no contact detail without its consent.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.html import strip_tags
from django.utils.translation import override
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.rich_text import RichText
from wagtail.search.index import SearchField

from fiches.formats import day
from fiches.models import FichePage
from fiches.models.champs import details_of
from fiches.models.declaration import GroupeDeChamps
from fiches.models.enums import Precision, tranche
from fiches.models.fiche import derived_models, own_search_fields
from fiches.models.publications import UNDATED
from fiches.models.querysets import VisibleQuerySet, prefetch_joined
from fiches.models.revisions import introduction_of, own_value
from fiches.publications import linked_documents
from fiches.publications.text_analysis import NAMES_FOLLOW, clean, indexed, joined_texts, stem, words
from fiches.publications.words import tokens
from fiches.territoire.territory import territory

LONGEST_TEXT = 50_000
LONGEST_FOLDED = 600
CRITERE, MOT_CLE, FINANCEUR = "critere", "mot-cle", "financeur"
CONTACT = [champ.name for champ in details_of(GroupeDeChamps.CONTACT).values()]
CONTACT_DU_PARTENAIRE = [champ.name for champ in details_of(GroupeDeChamps.CONTACT_DU_PARTENAIRE).values()]
HEADING = re.compile(r"<h[2-6]\b[^>]*>(.*?)</h[2-6]>", re.DOTALL)
_APART = {"title", "chapo", "introduction", "lieu"}


class Shown(NamedTuple):
    """What a page shows beside its fields: ``names`` rank above its text, ``texts`` are searched and quoted as its text, ``unquoted``
    is found and never quoted, such as credits."""

    names: list[str] = []
    texts: list[str] = []
    unquoted: list[str] = []


_shown: dict[type, Callable[[list[Any]], dict[int, Shown]]] = {}


def register_shown(model: type[Page], shown: Callable[[list[Any]], dict[int, Shown]]) -> None:
    """Registers ``shown(pages)``, which returns ``{pk: what the page shows beside its fields}`` for pages of this type, in a fixed
    number of queries. Called from ``AppConfig.ready()``."""
    _shown[model] = shown


def each(shown: Callable[[Any], Shown]) -> Callable[[list[Any]], dict[int, Shown]]:
    """Makes the function that :func:`register_shown` takes of one for a single page, for types of few pages."""
    return lambda pages: {page.pk: shown(page) for page in pages}


@dataclass
class IndexEntry:
    """An index entry. Attributes: page (with the records that it shows), columns (of Publication), tokens (of the full-text index), values (``{(facet, value)}`` of the
    facets with several values)."""

    page: Any
    columns: dict[str, Any]
    tokens: list[str]
    values: set[tuple[str, str]] = field(default_factory=set)

    @property
    def object_id(self) -> int:
        return self.columns["object_id"]


def _searched(
    page: Any, names: list[str], rest: str, *, text: str, organisation: str = "", **columns: Any
) -> IndexEntry:
    """Makes the index entry of a page.

    :param names: texts that rank just below the title: names of people and places, keywords. The introduction ranks below them.
    :param rest: the rest of the text.
    :param text: what extracts quote after the introduction and before the names.
    :param columns: other columns of Publication.
    """
    chapo = introduction_of(page)
    folded = {"folded_title": " ".join(words(page.title)), "folded_organisation": " ".join(words(organisation))}
    tiers = [indexed(page.title), indexed(" / ".join(names)), indexed(chapo), indexed(rest)]
    quoted = f"{chapo}\n{text}".strip()
    values = {
        **{name: value[:LONGEST_FOLDED] for name, value in folded.items()},
        "object_id": page.pk,
        "language": page.locale.language_code,
        "slug": page.slug,
        "url_path": page.url_path,
        "expires_at": page.expire_at,
        "title": page.title,
        "organisation": organisation,
        "text": f"{quoted}{NAMES_FOLLOW}{joined_texts(names)}",
        "words": " ".join(sorted(set().union(*tiers))),
        **columns,
    }
    written = " ".join(folded.values()).split()
    return IndexEntry(page, values, tokens(written, [map(stem, tier) for tier in tiers]))


# --- Fiches ------------------------------------------------------------------------------------------------------------------


def entries_of_fiches(pks: Iterable[int]) -> list[IndexEntry]:
    """The index entries of the public fiches among ``pks``."""
    pks = list(pks)
    joined = ("commune", "partenaire", "edition", "photo", "locale")
    fiches = FichePage.objects.filter(pk__in=pks).visible().select_related(*joined)
    fiches = fiches.prefetch_related(
        prefetch_joined(FichePage, "fiche_criteres", "tag__dimension"),
        prefetch_joined(FichePage, "fiche_mots_cles", "tag"),
        prefetch_joined(FichePage, "financements", "partenaire"),
    )
    if not (found := list(fiches)):
        return []  # drafts, which are saved more often than all others
    own, (offered, texts), shown = _own_texts(pks), _documents_of(found), _shown_by(found)
    return [
        _fiche(each, offered[each.pk], f"{own.get(each.pk, '')}\n{texts.get(each.pk, '')}", shown[each.pk])
        for each in found
    ]


def _documents_of(pages: list[Any]) -> tuple[dict[int, set[int]], dict[int, str]]:
    """``{pk of a page: keys of the documents that it links to}`` and ``{pk of a page: their texts}``."""
    offered = {page.pk: linked_documents.documents_in(page) for page in pages}
    return offered, linked_documents.texts_by_page(offered)


def _own_texts(pks: list[int]) -> dict[int, str]:
    """``{pk: text}`` of the fields that a host's model adds to the search. One query for each such model."""
    return {
        fiche.pk: joined_texts(_flat(each.get_value(fiche)) for each in fields)
        for model in derived_models()
        if (fields := own_search_fields(model))
        for fiche in model._default_manager.filter(pk__in=pks)
    }


def _fiche(fiche: Any, offered: set[int], more_text: str, shown: Shown) -> IndexEntry:
    body = joined_texts(fiche.corps.stream_block.get_searchable_content(fiche.corps))[:LONGEST_TEXT]
    text = f"{body}\n{clean(more_text)}".strip()
    criteria, keywords = ([link.tag for link in links.all()] for links in (fiche.fiche_criteres, fiche.fiche_mots_cles))
    place, partner, edition = fiche.commune, fiche.partenaire, fiche.edition
    funders = [f"{each.partenaire.nom} / {each.partenaire.sigle} / {each.mention}" for each in fiche.financements.all()]
    names = [fiche.organisation, fiche.activite, territory().names.get(fiche.departement, "")]
    names += [fiche.get_statut_display(), place.nom if place else ""]
    names += [tag.name for tag in criteria + keywords]
    names += [partner.sigle if partner else "", fiche.code_postal, *_people(fiche)]
    entry = _searched(
        fiche,
        names,
        " / ".join([text, *_facts(fiche), *funders, partner.nom if partner else "", *shown.unquoted]),
        text=text,
        organisation=fiche.organisation,
        uid=fiche.translation_key,
        date=fiche.first_published_at or UNDATED,
        commune=fiche.commune_id or "",
        departement=fiche.departement,
        latitude=fiche.latitude,
        longitude=fiche.longitude,
        by_centre=fiche.precision == Precision.COMMUNE,
        sphere=fiche.sphere,
        statut=fiche.statut,
        tranche=tranche(fiche.effectif),
        edition=str(edition.annee) if edition else "",
        partenaire=str(fiche.partenaire_id or ""),
        criteres=" ".join(str(tag.pk) for tag in criteria),
        mots_cles=" ".join(str(tag.pk) for tag in keywords),
    )
    entry.values = {(CRITERE, str(tag.pk)) for tag in criteria} | {(MOT_CLE, str(tag.pk)) for tag in keywords}
    entry.values |= {(FINANCEUR, str(each.partenaire_id)) for each in fiche.financements.all()}
    entry.values |= {(linked_documents.OFFERED, str(pk)) for pk in offered}
    return entry


def _people(fiche: Any) -> list[str]:
    """The contact details that a fiche shows: those that their owner agreed to show, and those of the partner's contact."""
    shown = [getattr(fiche, name) for name in CONTACT if getattr(fiche, f"{name}_public")]
    return shown + [getattr(fiche, name) for name in CONTACT_DU_PARTENAIRE if fiche.partenaire_contact_public]


def _facts(fiche: Any) -> list[str]:
    """The lines that a fiche shows beside its text, such as the day when it was put online, as its page writes it."""
    facts = [fiche.sphere, fiche.get_sphere_display(), "" if fiche.effectif is None else str(fiche.effectif)]
    facts += [str(fiche.edition.annee), fiche.edition.nom] if fiche.edition else []
    if fiche.first_published_at:
        with override(fiche.locale.language_code):
            facts.append(day(fiche.first_published_at))
    facts += [fiche.siret, fiche.siret[:9], fiche.adresse, fiche.site]
    facts += [fiche.partenaire.site if fiche.partenaire else "", getattr(fiche.photo, "credit", "")]
    return list(map(str, facts))


# --- Other pages -------------------------------------------------------------------------------------------------------------


def entries_of_pages(pages: QuerySet) -> list[IndexEntry]:
    """The index entries of the public pages among ``pages``."""
    public = list(VisibleQuerySet(pages.model, pages.query).visible().specific())
    prefetch_related_objects(public, "locale")
    (offered, texts), shown = _documents_of(public), _shown_by(public)
    return [_page(page, offered[page.pk], texts.get(page.pk, ""), shown[page.pk]) for page in public]


def _page(page: Any, offered: set[int], more_text: str, shown: Shown) -> IndexEntry:
    names = [commune.nom] if (commune := own_value(page, "commune")) else []
    fields = [each for each in page.get_search_fields() if isinstance(each, SearchField)]
    texts = [_flat(each.get_value(page)) for each in fields if each.field_name not in _APART]
    text = f"{joined_texts(texts + shown.texts)[:LONGEST_TEXT]}\n{clean(more_text)}".strip()
    entry = _searched(
        page,
        [*names, *shown.names, *_headings(page)],
        joined_texts([text, *shown.unquoted]),
        text=text,
        uid=own_value(page, "uid") or page.translation_key,
        date=own_value(page, "commence_le") or page.first_published_at or UNDATED,
    )
    entry.values = {(linked_documents.OFFERED, str(pk)) for pk in offered}
    return entry


def _shown_by(pages: list[Any]) -> dict[int, Shown]:
    shown = {page.pk: Shown() for page in pages}
    for model, show in _shown.items():
        shown |= show([page for page in pages if isinstance(page, model)])
    return shown


def _headings(page: Any) -> list[str]:
    """The headings of the texts of a page, which weigh as names."""
    texts = chain.from_iterable(
        _rich_texts(getattr(page, field.name)) for field in page._meta.fields if isinstance(field, StreamField)
    )
    return [unescape(strip_tags(heading)) for text in texts for heading in HEADING.findall(text)]


def _rich_texts(value: Any) -> Iterator[str]:
    """The rich texts in the value of a stream field, as HTML."""
    if isinstance(value, RichText):
        yield value.source
    elif isinstance(value, StreamValue | ListValue | StructValue):
        children = value.values() if isinstance(value, StructValue) else value
        for child in children:
            yield from _rich_texts(getattr(child, "value", child))


def _flat(value: Any) -> str:
    if isinstance(value, list | tuple):
        return joined_texts(map(_flat, value))
    return clean(value)
