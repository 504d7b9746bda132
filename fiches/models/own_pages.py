"""Attributes that only pages of this product have. The register and the API hold all pages of a site. A page of a host may have a
field of the same name with another meaning and another type."""

from typing import Any

from wagtail.models import Page

from fiches.models.revisions import RevisedWhenChanged


def own_value(page: Page, name: str, default: Any = None) -> Any:
    """The attribute ``name`` of a page of this product; ``default`` if it has none, and for a page of a host."""
    return getattr(page, name, default) if isinstance(page, RevisedWhenChanged) else default


def introduction_of(page: Page) -> str:
    """The text that introduces the page; ``""`` without one, and for a page of a host."""
    return own_value(page, "chapo") or own_value(page, "introduction") or ""
