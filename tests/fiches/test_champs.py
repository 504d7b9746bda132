"""The table of a fiche's fields: nothing is declared elsewhere."""

import subprocess
import sys
from pathlib import Path

import pytest

from fiches.models import FichePage
from fiches.models import champs as table
from fiches.models.declaration import (
    Champ,
    GroupeDeChamps,
    JsonKey,
    OpenDataColumn,
    Row,
    ValueKind,
    Visibility,
)

ROOT = Path(__file__).parents[2]
OTHER = "tests.fiches.champ_de_plus"
# Columns of Wagtail's Page that are not in the table.
NOT_FIELDS = frozenset(
    {
        *("id", "path", "depth", "numchild", "page_ptr", "content_type", "owner", "locale", "alias_of", "url_path"),
        *("draft_title", "seo_title", "search_description", "show_in_menus", "live", "has_unpublished_changes"),
        *("go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by"),
        *("latest_revision", "live_revision", "latest_revision_created_at"),
    }
)


def test_every_column_of_a_fiche_is_in_the_table_or_is_said_to_be_no_field():
    columns = {field.name for field in FichePage._meta.concrete_fields}
    declared = {champ.name for champ in table.CHAMPS}
    assert columns - declared - NOT_FIELDS == set()
    assert declared & NOT_FIELDS == set()
    assert len(declared) == len(table.CHAMPS)


@pytest.mark.parametrize(
    "facet",
    [{"key": JsonKey()}, {"on_page": Row()}, {"key": JsonKey(), "column": OpenDataColumn()}],
    ids=["key", "row", "column"],
)
@pytest.mark.parametrize("visibility", [Visibility.CONSENT, Visibility.PRIVATE])
def test_what_is_not_public_has_no_place_outside(visibility, facet):
    with pytest.raises(ValueError, match="contact_nom is not public"):
        Champ("contact_nom", "contact", ValueKind.TEXT, GroupeDeChamps.CONTACT, visibility, **facet)


@pytest.mark.nightly
def test_a_field_added_to_the_table_is_everywhere(migrated_database):
    """In a process of its own, where the table has one more entry before anything reads it."""
    command = [sys.executable, "-m", "pytest", "-q", "--show-capture=no", "-p", OTHER, f"{OTHER.replace('.', '/')}.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "6 passed" in done.stdout, done.stdout[-4000:]
