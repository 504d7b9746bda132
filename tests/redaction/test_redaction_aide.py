"""Each field of the forms says what to write in it."""

import re
from pathlib import Path

import pytest
from wagtail.blocks import BaseStreamBlock, BaseStructBlock, ListBlock

from etapes.carnets.models import CarnetPage
from etapes.models import EtapePage
from fiches.models import FichePage, Partenaire

ROOT = Path(__file__).resolve().parents[2]
SAID_BY_ITS_LABEL = {
    *("publication_date", "go_live_at", "expire_at", "comment_notifications"),
    *("titre", "texte", "images", "image", "chiffres", "etapes", "vignette", "valeur"),
    *("alt_text", "decorative"),
}


def fields_of(panel):
    """``[(name, help)]`` of each field below a panel, those of child tables too."""
    for child in getattr(panel, "children", ()):
        yield from fields_of(child)
    if hasattr(panel, "relation_name"):
        yield from fields_of(panel.child_edit_handler)
    elif getattr(panel, "field_name", None):
        field = panel.db_field if hasattr(panel, "db_field") else panel.model._meta.get_field(panel.field_name)
        yield panel.field_name, str(panel.help_text or getattr(field, "help_text", ""))


@pytest.mark.parametrize("model", [FichePage, EtapePage])
def test_each_field_of_a_page_s_form_has_its_help(model):
    bare = {name for name, told in fields_of(model.get_edit_handler()) if not told}
    assert bare - SAID_BY_ITS_LABEL == set()


def test_each_field_of_a_partner_has_its_help():
    handler = Partenaire.snippet_viewset.get_edit_handler()
    assert {name for name, told in fields_of(handler) if not told} - SAID_BY_ITS_LABEL == set()


def blocks_below(block):
    children = block.child_blocks.values() if isinstance(block, BaseStreamBlock | BaseStructBlock) else ()
    if isinstance(block, ListBlock):
        children = [block.child_block]
    for child in children:
        yield child
        yield from blocks_below(child)


def help_text_of(block):
    field = getattr(block, "field", None)
    return str(getattr(field, "help_text", "") or getattr(block.meta, "help_text", ""))


def test_each_block_of_a_text_and_its_fields_have_their_help():
    body = FichePage._meta.get_field("corps").stream_block
    bare = {child.name for child in blocks_below(body) if child.name and not help_text_of(child)}
    assert bare - SAID_BY_ITS_LABEL == set()


@pytest.mark.django_db
def test_the_guide_names_the_previews_that_the_form_offers():
    modes = [str(label) for name, label in FichePage().preview_modes if name]
    guide = (ROOT / "docs/redaction.md").read_text()
    named = guide.partition("**Mode prévisualisation**")[2].partition("\n\n")[0]
    assert re.findall(r"\*\*(.+?)\*\*", named) == modes
    assert (
        [mode for mode, _label in EtapePage().preview_modes]
        == [mode for mode, _label in CarnetPage().preview_modes]
        == [""]
    )
