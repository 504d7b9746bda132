"""The fields of a fiche as one reads them: each label with its value in words, as they will be published."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.db.models import prefetch_related_objects
from django.utils.text import capfirst

from fiches.admin.differences import drawn, only, yes_or_no
from fiches.admin.importation.columns import write
from fiches.models import FichePage
from fiches.models.champs import champs_with
from fiches.models.declaration import Champ, ValueKind, Visibility

# The records that the lines name: one query each, whatever their number.
RELATIONS = {"fiche_criteres": "tag", "fiche_mots_cles": "tag", "financements": "partenaire"}


class PublishedLine(NamedTuple):
    """A field, or a block of the text. ``value`` is text or safe HTML; ``is_private``: the public doesn't read it."""

    label: str
    value: str
    is_private: bool = False


def published_lines(
    page: FichePage, *, but: Collection[str] = (), but_blocks: Collection[str] = ()
) -> Iterator[PublishedLine]:
    """Yields the fields of a fiche that have a value, in the order of the table of fields; the text gives a line for each block.

    :param but: names of fields to leave out.
    :param but_blocks: ids of blocks of the text to leave out.
    """
    for relation, named in RELATIONS.items():
        prefetch_related_objects(list(getattr(page, relation).all()), named)
    for champ in champs_with("imported"):
        if champ.name in but or champ.name.endswith("_public"):  # told by `PublishedLine.is_private`
            continue
        if champ.kind is ValueKind.BODY:
            yield from _blocks(page, but_blocks)
        elif value := _value(page, champ):
            yield PublishedLine(str(champ.title), value, _is_private(page, champ))


def _value(page: FichePage, champ: Champ) -> str:
    if champ.kind is ValueKind.CRITERIA:
        return ", ".join(str(link.tag) for link in page.fiche_criteres.all())
    if champ.kind is ValueKind.PICTURE:
        picture = getattr(page, champ.name)
        return drawn(picture) if picture else ""
    if champ.kind is ValueKind.TRUTH:
        return yes_or_no(True) if getattr(page, champ.name) else ""
    return write(champ.kind, page, champ.name)


def _is_private(page: FichePage, champ: Champ) -> bool:
    if champ.visibility is Visibility.CONSENT:
        return not getattr(page, f"{champ.name}_public")
    if champ.name.startswith("partenaire_contact_"):
        return not page.partenaire_contact_public
    return champ.visibility is Visibility.PRIVATE


def _blocks(page: FichePage, but: Collection[str]) -> Iterator[PublishedLine]:
    blocks: list[Any] = [block for block in page.corps or () if block.id not in but]
    for block in blocks:
        yield PublishedLine(capfirst(str(block.block.label)), only(block.block, block.value))
