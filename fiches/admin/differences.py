"""The differences between two versions of a page as HTML, field by field and block by block."""

from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import blocks
from wagtail.admin.compare import M2MFieldComparison, StreamFieldComparison
from wagtail.blocks import StreamValue
from wagtail.fields import RichTextField
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.images.models import AbstractImage
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.models import Page

from fiches.admin.word_diff import added, items, removed, replaced, text_of_html, words

if TYPE_CHECKING:
    from fiches.models.blocks import IllustrationBlock, PictureBlock, Texte


SIZE = "max-320x240"


class Change(NamedTuple):
    """A field that changed: its label, and the difference as HTML."""

    label: str
    html: str


def changes(page: Page, before: Page, after: Page, request: HttpRequest) -> list[Change]:
    """The :class:`Change` of each changed field, in the order of the page's form."""
    panel = page.get_edit_handler().get_bound_panel(instance=page, request=request, form=None)
    compared = (comparison(before, after) for comparison in panel.get_comparison())
    return [Change(each.field_label(), shown(each, before, after)) for each in compared if each.has_changed()]


def shown(comparison: Any, one: models.Model, other: models.Model) -> str:
    """The HTML of one of Wagtail's field comparisons, of two versions of a page or of a child row."""
    if comparison.is_child_relation:
        return _children(comparison)
    field, before, after = comparison.field, comparison.val_a, comparison.val_b
    if isinstance(comparison, StreamFieldComparison):
        return stream(field.stream_block, before, after)
    if isinstance(comparison, M2MFieldComparison):
        return items(*([str(item) for item in side] for side in comparison.get_items()))
    if isinstance(field, models.ForeignKey):
        return related(getattr(one, field.name), getattr(other, field.name), field.related_model)
    if isinstance(field, models.BooleanField):
        return replaced(yes_or_no(before), yes_or_no(after))
    if field.choices:
        labels = dict(field.flatchoices)
        return replaced(labels.get(before, before), labels.get(after, after))
    if isinstance(field, RichTextField):
        return worded(text_of_html(before), text_of_html(after))
    return words(*("" if value is None else str(value) for value in (before, after)))


def yes_or_no(value: bool) -> str:
    """A truth value as a word, for a reader."""
    return _("yes") if value else _("no")


def related(before: models.Model | None, after: models.Model | None, model: type[models.Model]) -> str:
    if issubclass(model, AbstractImage):
        return pictures(before, after)
    return replaced(*("" if record is None else str(record) for record in (before, after)))


def pictures(
    before: models.Model | None, after: models.Model | None, words_before: str = "", words_after: str = ""
) -> str:
    """Two pictures (or None) side by side, with the difference of their alternative texts."""
    sides = ((_("Before"), before, "del"), (_("After"), after, "ins"))
    shown = [
        format_html(
            '<figure class="diff__image diff__image--{}"><figcaption>{}</figcaption>{}</figure>',
            kind,
            caption,
            drawn(image) if image else _("no picture"),
        )
        for caption, image, kind in sides
    ]
    texts = ""
    if words_before or words_after:
        texts = format_html("<p>{} {}</p>", _("Alternative text:"), words(words_before, words_after))
    return format_html('<div class="diff__images">{}{}</div>{}', *shown, texts)


def drawn(image: Any) -> str:
    """A thumbnail of the picture; Wagtail's « not found » image if its file is missing."""
    rendition = get_rendition_or_not_found(image, SIZE)
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}">', rendition.url, rendition.width, rendition.height, image.title
    )


# Blocks


def stream(block: Any, before: StreamValue, after: StreamValue) -> str:
    """The changed blocks in the order of the new text, removed ones at their former place, and the number of unchanged ones."""
    return _sequence(list(before or ()), list(after or ()))


def _sequence(before: list[Any], after: list[Any]) -> str:
    rows, unchanged = [], 0
    moved = _moved(before, after)
    for old, new in aligned(before, after):
        has_moved = new is not None and new.id in moved
        if old is not None and new is not None and _same(old, new) and not has_moved:
            unchanged += 1
        else:
            rows.append((_row(old, new, moved=has_moved),))
    if unchanged:
        text = ngettext("%(number)s block unchanged", "%(number)s blocks unchanged", unchanged)
        rows.append((format_html('<p class="diff__inchange">{}</p>', text % {"number": unchanged}),))
    return format_html('<div class="diff__blocs">{}</div>', format_html_join("", "{}", rows))


def aligned(before: list[Any], after: list[Any]) -> Any:
    """``[(old, new)]`` pairs of blocks with the same id, either may be None; if no id is common, pairs by position."""
    olds, news = {child.id: child for child in before}, {child.id: child for child in after}
    if before and after and not olds.keys() & news.keys():
        return _by_place(before, after)
    pairs = [(olds.get(child.id), child) for child in after]
    for place, child in enumerate(before):
        if child.id not in news:
            neighbours = {earlier.id for earlier in before[:place]}
            at = max((i for i, (old, _new) in enumerate(pairs) if old is not None and old.id in neighbours), default=-1)
            pairs.insert(at + 1, (child, None))
    return pairs


def _by_place(before: Any, after: Any) -> Any:
    pairs = []
    for old, new in zip_longest(before, after):
        if old is None or new is None or old.block.name == new.block.name:
            pairs.append((old, new))
        else:
            pairs += [(old, None), (None, new)]
    return pairs


def _moved(before: list[Any], after: list[Any]) -> set[str]:
    """The ids of the blocks on both sides whose order changed."""
    common = {child.id for child in before} & {child.id for child in after}
    old, new = ([child.id for child in side if child.id in common] for side in (before, after))
    stay = {
        key
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        for key in old[block.a : block.a + block.size]
    }
    return common - stay


def _same(old: Any, new: Any) -> bool:
    return old.block.get_prep_value(old.value) == new.block.get_prep_value(new.value)


def _row(old: Any, new: Any, *, moved: bool) -> str:
    block = (new or old).block
    label = capfirst(str(block.label))
    if old is None:
        state, inside = _("added"), only(block, new.value, added)
    elif new is None:
        state, inside = _("taken out"), only(block, old.value, removed)
    elif _same(old, new):
        state, inside = _("moved"), format_html("<p>{}</p>", Truncator(as_words(block, new.value)).words(12))
    else:
        state = _("moved and changed") if moved else _("changed")
        inside = difference(block, old.value, new.value)
    return format_html('<section class="diff__bloc"><h3>{} <small>({})</small></h3>{}</section>', label, state, inside)


def difference(block: "IllustrationBlock | PictureBlock | Texte", before: Any, after: Any) -> str:
    """The difference of two values of one block, at any depth."""
    if isinstance(block, ImageBlock):
        texts = [getattr(image, "contextual_alt_text", "") or "" for image in (before, after)]
        return pictures(before, after, *texts)
    if isinstance(block, ImageChooserBlock):
        return pictures(before, after)
    if isinstance(block, blocks.StructBlock):
        return _named(
            (child.label, difference(child, before.get(name), after.get(name)))
            for name, child in block.child_blocks.items()
            if child.get_prep_value(before.get(name)) != child.get_prep_value(after.get(name))
        )
    if isinstance(block, blocks.ListBlock):
        return _sequence(list(before.bound_blocks), list(after.bound_blocks))
    if isinstance(block, blocks.StreamBlock):
        return _sequence(list(before), list(after))
    return worded(as_words(block, before), as_words(block, after))


def worded(before: str, after: str) -> str:
    """The difference of two texts; a note if only their markup changed (bold, italic, language)."""
    if before == after:
        note = _("The words are the same: only how they are marked changed.")
        return format_html("<p><em>{}</em></p>{}", note, words(before, after))
    return words(before, after)


def only(block: Any, value: Any, mark: Callable[..., Any] = str) -> str:
    """The value of a block on one side only, all of it marked by ``mark`` (`added` or `removed`); by default, as it is."""
    if isinstance(block, ImageBlock | ImageChooserBlock):
        sides = {added: (None, value), removed: (value, None)}
        return pictures(*sides[mark]) if mark in sides else drawn(value)
    if isinstance(block, blocks.StructBlock):
        filled = ((child, value.get(name)) for name, child in block.child_blocks.items())
        return _named((child.label, only(child, each, mark)) for child, each in filled if each not in (None, "", []))
    if isinstance(block, blocks.ListBlock):
        rows = [(only(child.block, child.value, mark),) for child in value.bound_blocks]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", rows))
    return format_html('<p class="diff__texte">{}</p>', mark(as_words(block, value)))


def _named(rows: Iterator[Any]) -> str:
    return format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))


def as_words(block: Any, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(block, blocks.RichTextBlock):
        return text_of_html(value.source)
    return str(value)


def _children(comparison: Any) -> str:
    """The differences of a child table's rows, such as the funders."""
    shown_rows = []
    for child in comparison.get_child_comparisons():
        if child.is_addition() or child.is_deletion():
            mark = added if child.is_addition() else removed
            row = child.obj_a or child.obj_b
            texts = [_plain(field, row) for field in child.get_field_comparisons()]
            shown_rows.append((mark(" · ".join(text for text in texts if text)),))
        elif child.has_changed():
            changed = (field for field in child.get_field_comparisons() if field.has_changed())
            rows = ((field.field_label(), shown(field, child.obj_a, child.obj_b)) for field in changed)
            shown_rows.append((_named(rows),))
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", shown_rows))


def _plain(comparison: Any, row: models.Model) -> str:
    """The text of a field's value in a row that only one side has."""
    if isinstance(comparison.field, models.ForeignKey):
        return str(getattr(row, comparison.field.name) or "")
    return str(comparison.val_b or "")
