"""Pages made together (`tests.batch_indexing`) are in the register and in Wagtail's indexes as a page made by itself is."""

import json

import pytest
from wagtail.models import ReferenceIndex
from wagtail.search.models import IndexEntry

from etapes.models import EtapeOrganisation
from fiches.models import Publication
from fiches.models.search_tables import Mot
from fiches.publications import ledger
from tests.batch_indexing import batch_indexing
from tests.factories import EtapePageFactory, FichePageFactory, IllustrationFactory, PartenaireFactory

pytestmark = pytest.mark.django_db

# What two pages of the same content do not share.
OWN = {"id", "object_id", "uid", "slug", "url_path", "published_at", "changed_at", "date", "sequence", "contents"}


def stored_state(page):
    """What the register and the indexes hold of a page, without its number, its address and its hours."""
    row = Publication.objects.get(object_id=page.pk)
    columns = {field.name: getattr(row, field.name) for field in Publication._meta.fields if field.name not in OWN}
    contents = {name for name, value in json.loads(ledger.contents(row.kind, [page.pk])[page.pk]).items() if value}
    values = set(row.values.values_list("facet", "value"))
    entries = list(IndexEntry.objects.filter(object_id=str(page.pk)).values_list("title", "autocomplete", "body"))
    return columns, contents, values, entries, references_of(page)


def references_of(page):
    rows = ReferenceIndex.objects.filter(object_id=str(page.pk), base_content_type__model="page")
    return set(rows.values_list("model_path", "to_object_id"))


def create_without_factory(factory, parent, **values):
    """A page that is saved without a factory: what it changes is brought up to date at each saving."""
    page = factory.build(parent=None, **values)
    parent.add_child(instance=page)
    page.save_revision()
    return page


def test_pages_made_together_are_told_of_as_one_made_by_itself(tree):
    picture, partner = IllustrationFactory(), PartenaireFactory()
    sheet = {"title": "Le four à pain", "photo": picture, "partenaire": partner, "complete": True}
    stage = {"title": "La halle", "photo": picture, "commune_id": "25056"}
    fiche, etape = (
        create_without_factory(FichePageFactory, tree.fiches, **sheet),
        create_without_factory(EtapePageFactory, tree.etapes, **stage),
    )
    with batch_indexing():
        fiches = [FichePageFactory(parent=tree.fiches, slug=slug, **sheet) for slug in ("a", "b")]
        etapes = [EtapePageFactory(parent=tree.etapes, slug=slug, **stage) for slug in ("a", "b")]
        draft = FichePageFactory(parent=tree.fiches, slug="c", live=False, **sheet)
    assert [stored_state(each) for each in fiches] == [stored_state(fiche)] * 2
    assert [stored_state(each) for each in etapes] == [stored_state(etape)] * 2
    assert [bool(part) for part in stored_state(fiche)] == [True, True, False, True, True]
    assert not Publication.objects.filter(object_id=draft.pk).exists()
    assert Mot.objects.get(mot="four").frequence == 3


def test_a_part_of_a_page_that_is_saved_alone_is_in_the_reference_index(tree):
    partner, etapes = PartenaireFactory(), EtapePageFactory.create_batch(2, parent=tree.etapes)
    EtapeOrganisation.objects.create(etape=etapes[0], partenaire=partner)
    with batch_indexing():
        EtapeOrganisation.objects.create(etape=etapes[1], partenaire=partner)
    assert references_of(etapes[1]) == references_of(etapes[0]) != set()
