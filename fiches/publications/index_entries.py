"""Builds the index entries of public pages: the columns, facet values and words of their rows in the register.

All that a page shows is found. They hold no contact detail without its consent.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import chain
from typing import Any

from django.db.models import Model, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.html import strip_tags
from django.utils.translation import override
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.rich_text import RichText
from wagtail.search.index import SearchField

from fiches.formats import day
from fiches.models import FicheCritere, FicheFinanceur, FicheMotCle, FichePage
from fiches.models.champs import details_of
from fiches.models.declaration import GroupeDeChamps
from fiches.models.derived_fiches import derived_models, own_search_fields
from fiches.models.enums import Precision, Sphere, StatutJuridique, tranche
from fiches.models.own_pages import introduction_of, own_value
from fiches.models.publications import UNDATED
from fiches.models.querysets import VisibleQuerySet
from fiches.publications import linked_documents
from fiches.publications.text_analysis import NAMES_FOLLOW, clean, indexed, joined_texts, stem, words
from fiches.publications.words import tokens
from fiches.territoire.territory import territory

LONGEST_TEXT = 50_000
LONGEST_FOLDED = 600
CRITERE, MOT_CLE, FINANCEUR = "critere", "mot-cle", "financeur"
# A dict, since `get_statut_display` goes through all choices for each fiche.
STATUTS = {statut.value: statut.label for statut in StatutJuridique}
SPHERES = {sphere.value: sphere.label for sphere in Sphere}
_FICHE_COLUMNS = """
pk slug url_path locale__language_code translation_key title organisation activite chapo corps departement statut sphere effectif
latitude longitude precision first_published_at expire_at
commune_id commune__nom partenaire_id partenaire__nom partenaire__sigle partenaire__site edition__annee edition__nom
adresse code_postal site siret partenaire_contact_public
"""
CONTACT = [champ.name for champ in details_of(GroupeDeChamps.CONTACT).values()]
CONTACT_DU_PARTENAIRE = [champ.name for champ in details_of(GroupeDeChamps.CONTACT_DU_PARTENAIRE).values()]
FICHE_COLUMNS = [
    *_FICHE_COLUMNS.split(),
    *CONTACT,
    *(f"{name}_public" for name in CONTACT),
    *CONTACT_DU_PARTENAIRE,
]


@dataclass
class IndexEntry:
    """An index entry. Attributes: columns (of Publication), tokens (of the full-text index), values (``{(facet, value)}`` of the
    facets with several values)."""

    columns: dict[str, Any]
    tokens: list[str]
    values: set[tuple[str, str]] = field(default_factory=set)

    @property
    def object_id(self) -> int:
        return self.columns["object_id"]


def _searched(
    title: str, names: list[str], chapo: str, rest: str, *, text: str, organisation: str = "", **columns: Any
) -> IndexEntry:
    """Makes an index entry.

    :param names: texts that rank just below the title: names of people and places, keywords.
    :param chapo: ranks below the names.
    :param rest: the rest of the text.
    :param text: what extracts quote, before the names.
    :param columns: other columns of Publication.
    """
    folded = {"folded_title": " ".join(words(title)), "folded_organisation": " ".join(words(organisation))}
    tiers = [indexed(title), indexed(" / ".join(names)), indexed(chapo), indexed(rest)]
    values = {
        **{name: value[:LONGEST_FOLDED] for name, value in folded.items()},
        "title": title,
        "organisation": organisation,
        "text": f"{text}{NAMES_FOLLOW}{joined_texts(names)}",
        "words": " ".join(sorted(set().union(*tiers))),
        **columns,
    }
    written = " ".join(folded.values()).split()
    return IndexEntry(values, tokens(written, [map(stem, tier) for tier in tiers]))


# --- Fiches ------------------------------------------------------------------------------------------------------------------


# Functions that read what rooms above show on the page of a fiche; see :func:`register_fiche_texts`.
_texts_of_fiches: list[Callable[[list[int]], dict[int, list[str]]]] = []


def register_fiche_texts(read: Callable[[list[int]], dict[int, list[str]]]) -> None:
    """``read(pks)`` returns ``{pk of a fiche: texts}`` that a room adds to the pages of these public fiches: searched with the fiche,
    never quoted. Called from ``AppConfig.ready()``."""
    _texts_of_fiches.append(read)


def entries_of_fiches(pks: Iterable[int]) -> list[IndexEntry]:
    """The index entries of the public fiches among ``pks``. Two queries, three more if they link to documents, and those of
    :func:`register_fiche_texts`. Reads columns only: making model instances would take longer than all the rest."""
    pks = list(pks)
    columns = {column.name for column in get_image_model()._meta.concrete_fields}
    credit = ["photo__credit"] if "credit" in columns else []  # Wagtail's own pictures have none
    fiches = list(FichePage.objects.filter(pk__in=pks).visible().values_list(*FICHE_COLUMNS, *credit, named=True))
    if not fiches:
        return []  # drafts, which are saved more often than all others
    named, own = _names(pks), _own_texts(pks)
    offered = {fiche.pk: linked for fiche in fiches if (linked := linked_documents.documents_in(fiche, FichePage))}
    texts = linked_documents.texts_by_page(offered)
    shown_beside = [read([fiche.pk for fiche in fiches]) for read in _texts_of_fiches]
    return [
        _fiche(
            fiche,
            named[CRITERE, fiche.pk],
            named[MOT_CLE, fiche.pk],
            [name for _pk, name in named[FINANCEUR, fiche.pk]],
            offered.get(fiche.pk, ()),
            "\n".join(filter(None, [own.get(fiche.pk, ""), texts.get(fiche.pk, "")])),
            [text for each in shown_beside for text in each.get(fiche.pk, ())],
        )
        for fiche in fiches
    ]


def _own_texts(pks: list[int]) -> dict[int, str]:
    """``{pk: text}`` of the fields that a host's model adds to the search. One query for each such model."""
    return {
        fiche.pk: joined_texts(_flat(each.get_value(fiche)) for each in fields)
        for model in derived_models()
        if (fields := own_search_fields(model))
        for fiche in model._default_manager.filter(pk__in=pks)
    }


def _names(pks: list[int]) -> dict[tuple[str, int], list[tuple[int, str]]]:
    """``{(facet, pk of a fiche): [(key, name)]}`` of criteria, keywords and funders, in the order in which they were added."""
    links: list[tuple[str, type[Model]]] = [(CRITERE, FicheCritere), (MOT_CLE, FicheMotCle)]
    one, other = (
        model._default_manager.filter(content_object__in=pks)
        .order_by()
        .values_list(Value(facet), "content_object", "pk", "tag", "tag__name")
        for facet, model in links
    )
    funders = FicheFinanceur.objects.filter(fiche__in=pks).order_by()
    credited = Concat("partenaire__nom", Value(" / "), "partenaire__sigle", Value(" / "), "mention")
    shown = funders.values_list(Value(FINANCEUR), "fiche", "pk", "partenaire", credited)
    names = defaultdict(list)
    for facet, fiche, _link, tag, name in sorted(one.union(other, shown, all=True)):
        names[facet, fiche].append((tag, name))
    return names


def _fiche(
    fiche: Any,
    criteria: list,
    keywords: list,
    funders: list[str],
    offered: Iterable[int],
    more_text: str,
    beside: list[str],
) -> IndexEntry:
    body = joined_texts(fiche.corps.stream_block.get_searchable_content(fiche.corps))[:LONGEST_TEXT]
    text = f"{body}\n{clean(more_text)}".strip()
    names = [fiche.organisation, fiche.activite, territory().names.get(fiche.departement, "")]
    names += [str(STATUTS.get(fiche.statut, fiche.statut)), fiche.commune__nom or ""]
    names += [name for _pk, name in criteria + keywords]
    names += [fiche.partenaire__sigle] if fiche.partenaire_id else []
    names += [fiche.code_postal, *_people(fiche)]
    entry = _searched(
        fiche.title,
        names,
        fiche.chapo,
        " / ".join([text, *_facts(fiche), *funders, fiche.partenaire__nom or "", *beside]),
        organisation=fiche.organisation,
        object_id=fiche.pk,
        language=fiche.locale__language_code,
        uid=fiche.translation_key,
        slug=fiche.slug,
        url_path=fiche.url_path,
        expires_at=fiche.expire_at,
        date=fiche.first_published_at or UNDATED,
        text=f"{fiche.chapo}\n{text}".strip(),
        commune=fiche.commune_id or "",
        departement=fiche.departement,
        latitude=fiche.latitude,
        longitude=fiche.longitude,
        by_centre=fiche.precision == Precision.COMMUNE,
        sphere=fiche.sphere,
        statut=fiche.statut,
        tranche=tranche(fiche.effectif),
        edition=str(fiche.edition__annee or ""),
        partenaire=str(fiche.partenaire_id or ""),
        criteres=" ".join(str(pk) for pk, _name in criteria),
        mots_cles=" ".join(str(pk) for pk, _name in keywords),
    )
    entry.values = {(CRITERE, str(pk)) for pk, _name in criteria} | {(MOT_CLE, str(pk)) for pk, _name in keywords}
    entry.values |= {(linked_documents.OFFERED, str(pk)) for pk in offered}
    return entry


def _people(fiche: Any) -> list[str]:
    """The contact details that a fiche shows: those that their owner agreed to show, and those of the partner's contact."""
    shown = [getattr(fiche, name) for name in CONTACT if getattr(fiche, f"{name}_public")]
    return shown + [getattr(fiche, name) for name in CONTACT_DU_PARTENAIRE if fiche.partenaire_contact_public]


def _facts(fiche: Any) -> list[str]:
    """The lines that a fiche shows beside its text."""
    sphere = [fiche.sphere, str(SPHERES.get(fiche.sphere, ""))]
    size = "" if fiche.effectif is None else str(fiche.effectif)
    numbers = [size, str(fiche.edition__annee or ""), fiche.edition__nom or "", fiche.siret, fiche.siret[:9]]
    return (
        sphere
        + numbers
        + [_put_online_on(fiche)]
        + [fiche.adresse, fiche.site, fiche.partenaire__site or "", getattr(fiche, "photo__credit", None) or ""]
    )


def _put_online_on(fiche: Any) -> str:
    """The day when a fiche was put online, as its page writes it; ``""`` if it never was."""
    if fiche.first_published_at is None:
        return ""
    with override(fiche.locale__language_code):
        return day(fiche.first_published_at)


# --- Other pages -------------------------------------------------------------------------------------------------------------

# ``{page type: function that returns names to index above the text}``; see :func:`register_names`.
_names_of: dict[type, Callable[[Any], list[str]]] = {}
# The same for texts that such a page shows beside its fields: indexed and quoted as its text.
_texts_of: dict[type, Callable[[Any], list[str]]] = {}
# The same for what no extract quotes, such as credits.
_unquoted_of: dict[type, Callable[[Any], list[str]]] = {}
HEADING = re.compile(r"<h[2-6]\b[^>]*>(.*?)</h[2-6]>", re.DOTALL)
_APART = {"title", "chapo", "introduction", "lieu"}


def register_names(model: type[Page], names: Callable[[Any], list[str]]) -> None:
    """``names(page)`` returns the names that a page of this type shows, to be ranked above its text, in addition to its commune.
    Called from ``AppConfig.ready()``."""
    _names_of[model] = names


def register_texts(model: type[Page], texts: Callable[[Any], list[str]], *, is_quoted: bool = True) -> None:
    """``texts(page)`` returns the texts that a page of this type shows in addition to its fields, to be searched like them, and quoted
    if ``is_quoted``. Called from ``AppConfig.ready()``."""
    (_texts_of if is_quoted else _unquoted_of)[model] = texts


def entries_of_pages(pages: QuerySet) -> list[IndexEntry]:
    """The index entries of the public pages among ``pages``."""
    public = list(VisibleQuerySet(pages.model, pages.query).visible().specific())
    offered = {page.pk: linked for page in public if (linked := linked_documents.documents_in(page))}
    texts = linked_documents.texts_by_page(offered)
    return [_page(page, offered.get(page.pk, set()), texts.get(page.pk, "")) for page in public]


def _page(page: Any, offered: set[int], more_text: str) -> IndexEntry:
    chapo = introduction_of(page)
    names = [commune.nom] if (commune := own_value(page, "commune")) else []
    names += [*_names_of.get(type(page), lambda page: [])(page), *_headings(page)]
    fields = [each for each in page.get_search_fields() if isinstance(each, SearchField)]
    texts = [_flat(each.get_value(page)) for each in fields if each.field_name not in _APART]
    body = joined_texts(texts + _texts_of.get(type(page), lambda page: [])(page))[:LONGEST_TEXT]
    text = f"{body}\n{clean(more_text)}".strip()
    unquoted = _unquoted_of.get(type(page), lambda page: [])(page)
    entry = _searched(
        page.title,
        names,
        chapo,
        joined_texts([text, *unquoted]),
        object_id=page.pk,
        language=page.locale.language_code,
        uid=own_value(page, "uid") or page.translation_key,
        slug=page.slug,
        url_path=page.url_path,
        expires_at=page.expire_at,
        date=own_value(page, "commence_le") or page.first_published_at or UNDATED,
        text=f"{chapo}\n{text}".strip(),
    )
    entry.values = {(linked_documents.OFFERED, str(pk)) for pk in offered}
    return entry


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
