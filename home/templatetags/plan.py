"""Template tag for the site map."""

from typing import Any

from django import template
from wagtail.models import Page

register = template.Library()


@register.simple_tag
def nested(pages: list[Page]) -> list[Any]:
    """Nests pages in tree order: ``[{"page": Page, "enfants": [...]}]``. A page whose parent is absent goes under its nearest
    ancestor."""
    roots: list[dict[str, Any]] = []
    path: list[dict[str, Any]] = []
    for page in pages:
        node = {"page": page, "enfants": []}
        while path and not page.path.startswith(path[-1]["page"].path):
            path.pop()
        (path[-1]["enfants"] if path else roots).append(node)
        path.append(node)
    return roots
