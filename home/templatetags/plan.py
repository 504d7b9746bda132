"""The site map, as nested lists."""

from django import template

register = template.Library()


@register.simple_tag
def nested(pages):
    """Pages in tree order as ``[{"page": Page, "enfants": [...]}]``; a page whose parent is absent stands under its nearest ancestor."""
    roots, path = [], []
    for page in pages:
        node = {"page": page, "enfants": []}
        while path and not page.path.startswith(path[-1]["page"].path):
            path.pop()
        (path[-1]["enfants"] if path else roots).append(node)
        path.append(node)
    return roots
