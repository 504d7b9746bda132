"""A page as its revisions have it, to be shown or compared. The records that all these versions name are loaded together, in one
query for each model."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import ForeignKey, Model, OneToOneField
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.models import COMMENTS_RELATION_NAME, Page, Revision

from fiches.admin.fiche_form import grid
from fiches.models import Critere, FichePage
from fiches.pages.picture_renditions import pictures_in, read_renditions

# The records of a fiche that a screen reads in the query of its row.
JOINED = ("commune", "edition", "logo", "partenaire", "photo")


def at_revisions(page: Page, revisions: Iterable[Revision]) -> list[Any]:
    """A fiche or an étape as each of ``revisions`` has it, without its comments. A record that was deleted since is left out.

    :param page: its records that are loaded are used again.
    """
    pages = [at_revision(page, revision) for revision in revisions]
    keys: dict[type[Model], set[Any]] = defaultdict(set)
    for record, field in _references(pages):
        keys[field.related_model].add(getattr(record, field.attname))
    known = [field.get_cached_value(page) for field in _foreign_keys(page) if field.is_cached(page)]
    records = {model: _records(model, wanted - {None}, known) for model, wanted in keys.items()}
    for record, field in list(_references(pages)):
        setattr(record, field.name, records[field.related_model].get(getattr(record, field.attname)))
    for version in pages:
        for name, rows in _children(version):
            setattr(version, name, [row for row in rows if None not in _values(row)])
    return pages


def load_pictures(latest: FichePage, *others: FichePage) -> None:
    """Loads the renditions of the pictures of these versions of a fiche in one query, and the pictures themselves where the text
    differs."""
    bodies = [latest.corps, *(other.corps for other in others if other.corps.raw_data != latest.corps.raw_data)]
    shown = [picture for page in (latest, *others) for picture in (page.photo, page.logo)]
    read_renditions(*shown, *(picture for body in bodies for picture in pictures_in(body)))


def at_revision(page: Page, revision: Revision) -> Page:
    """The page as a revision has it, without its comments. The records that it names may be gone. No query."""
    content = {**revision.content, COMMENTS_RELATION_NAME: []}
    return page.specific_class.from_serializable_data(content, check_fks=False)


def _references(pages: Iterable[Page]) -> Iterator[tuple[Any, ForeignKey]]:
    """``(record, foreign key)`` of the pages and of their child rows. The keys of ``Page`` are metadata, which are not shown."""
    for page in pages:
        records = [page, *(row for _name, rows in _children(page) for row in rows)]
        yield from ((record, field) for record in records for field in _foreign_keys(record))


def _children(page: Page) -> Iterator[tuple[str, list[Any]]]:
    for relation in get_all_child_relations(page):
        name = relation.get_accessor_name()
        if name != COMMENTS_RELATION_NAME and getattr(page, name).is_deferring:
            yield name, list(getattr(page, name).all())


def _foreign_keys(record: Model) -> list[ForeignKey]:
    """Its foreign keys, without that of its parent."""
    fields = (field for field in record._meta.concrete_fields if field.model is not Page)
    return [
        each for each in fields if isinstance(each, ForeignKey) and not isinstance(each, ParentalKey | OneToOneField)
    ]


def _values(row: Any) -> list[Any]:
    """The records that a child row can't be without."""
    return [field.get_cached_value(row) for field in _foreign_keys(row) if not field.null]


def _records(model: type[Model], keys: set[Any], known: list[Any]) -> dict[Any, Any]:
    """``{key: record}``, one query at most."""
    if model is Critere:
        return grid()
    records = {record.pk: record for record in known if isinstance(record, model)}
    return records | (model._default_manager.in_bulk(keys - records.keys()) if keys - records.keys() else {})
