"""The words that templates write around the contents of pages (labels, titles of sections): a search for one of them is not a slip."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.forms import Form
from django.template import TemplateDoesNotExist
from django.template.base import Node, TextNode
from django.template.library import InclusionNode
from django.template.loader import get_template
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import gettext, ngettext, override
from wagtail.models import Page, get_page_models

from fiches.models.publications import kind_of
from fiches.publications.text_analysis import indexed, stem

# The end of what a template writes before the text of a heading.
HEADING = re.compile(r"<h[1-6]\b[^<>]*>\s*$")
# Templates of public addresses that are no pages (forms, what surrounds all pages), the texts that their forms have from elsewhere,
# and labels that no template has.
_templates: dict[str, tuple[type[Page], ...]] = {}
_forms: dict[str, Callable[[], Iterable[Any]]] = {}
_labels: list[tuple[type[Page], Callable[[], Iterable[Any]]]] = []


def register_templates(*names: str, shown_by: tuple[type[Page], ...] = ()) -> None:
    """Adds templates whose words are known to the search, and the types of the pages that show them. Called from
    ``AppConfig.ready()``."""
    _templates.update(dict.fromkeys(names, shown_by))


def register_form(template: str, form: type[Form], texts: Callable[[], Iterable[Any]] = tuple) -> None:
    """Adds a public form to what the search knows: its template, the labels and help texts of its fields, and ``texts()`` (its privacy
    notice). Called from ``AppConfig.ready()``."""
    register_templates(template)
    _forms[template] = lambda: [*labels_of_form(form), *texts()]


def labels_of_form(form: type[Form]) -> Iterator[Any]:
    """The texts that a form shows around its fields."""
    for field in form.base_fields.values():
        yield from (field.label, field.help_text, getattr(field, "asked", ""))
        yield from (label for _value, label in getattr(field, "choices", ()))


def register_labels(model: type[Page], labels: Callable[[], Iterable[Any]]) -> None:
    """``labels()`` returns labels that pages of this type show from elsewhere than a template. Called from ``AppConfig.ready()``."""
    _labels.append((model, labels))


@cache
def pages_by_stem(language: str) -> dict[str, list[type[Page]]]:
    """``{stem: types of the pages that write a word of this stem around their contents}``; an empty list for the words of other
    public addresses."""
    models_by_stem: dict[str, list[type[Page]]] = defaultdict(list)
    templates = [(str(model.template), (model,)) for model in get_page_models()]
    for name, models in [*templates, *_templates.items()]:
        for root in stems_of_template(name, language):
            models_by_stem[root] += models
    with override(language):
        for model, labels in _labels:
            for root in {stem(word) for label in labels() for word in indexed(str(label))}:
                models_by_stem[root].append(model)
    return dict(models_by_stem)


def with_wordings(models: Iterable[type[Page]]) -> Q:
    """The condition on Publication of the pages of these types."""
    of_type = (Q(kind=kind_of(model), object_id__in=model._default_manager.order_by().values("pk")) for model in models)
    return reduce(or_, of_type, Q(pk__in=[]))


@cache
def stems_of_template(name: str, language: str) -> frozenset[str]:
    """The stems of the translated words of a template, of its form and of what it includes, in ``language``."""
    with override(language):
        of_form = map(str, _forms[name]()) if name in _forms else ()
        texts = [*of_form, *(text for text, _is_heading in _texts(name, set()))]
        return frozenset(stem(word) for text in texts for word in indexed(text))


@cache
def stems_of_headings(name: str, language: str) -> frozenset[str]:
    """Like :func:`stems_of_template`, those of its headings only."""
    with override(language):
        return frozenset(stem(word) for text, is_heading in _texts(name, set()) if is_heading for word in indexed(text))


def _texts(name: str, seen: set[str]) -> Iterator[tuple[str, bool]]:
    """``(text, whether it is a heading)`` of the translated texts of a template, and of those that it includes by name."""
    seen.add(name)
    is_heading = False
    try:
        template: Any = get_template(name)
    except TemplateDoesNotExist:  # a type of page without a page of its own
        return
    for node in template.template.nodelist.get_nodes_by_type(Node):
        if isinstance(node, TextNode):
            is_heading = bool(HEADING.search(node.s))
        elif isinstance(node, TranslateNode):
            yield gettext(str(getattr(node.filter_expression.var, "literal", None) or "")), is_heading
        elif isinstance(node, BlockTranslateNode):
            yield from ((text, is_heading) for text in _variants(node))
        elif (inner := _included(node)) and inner not in seen:
            yield from _texts(inner, seen)


def _variants(node: BlockTranslateNode) -> Iterator[str]:
    """The singular and the plural of a block to translate."""
    one = node.render_token_list(node.singular)[0]
    if not node.plural:
        yield gettext(one)
        return
    many = node.render_token_list(node.plural)[0]
    yield from (ngettext(one, many, number) for number in (1, 2))


def _included(node: Node) -> str:
    """The name of the template that a node draws; ``""`` if it is a value, or none."""
    if isinstance(node, InclusionNode):
        return str(node.filename)
    return node.template.var if isinstance(node, IncludeNode) and isinstance(node.template.var, str) else ""
