"""Fills the register when the package comes to a site that has pages already."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from wagtail.models import Page

from fiches.models import Publication
from fiches.publications import ledger


def fill(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: writes the rows of the site's pages if the register is empty. Wagtail's welcome page alone is no
    site. Does nothing while only a part of the apps is migrated."""
    if using != DEFAULT_DB_ALIAS:
        return
    tables = {Publication._meta.db_table, *(kind.model._meta.db_table for kind in ledger.page_kinds())}
    if not tables <= set(connections[using].introspection.table_names()):
        return
    if not Publication.objects.exists() and Page.objects.filter(depth__gt=1).not_exact_type(Page).exists():
        ledger.rebuild()
