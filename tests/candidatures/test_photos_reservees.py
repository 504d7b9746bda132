"""A company's picture is shown by its own fiche only, whatever key a form sends."""

import pytest
from django.urls import reverse
from wagtail.admin.panels import get_edit_handler
from wagtail.blocks.struct_block import StructBlockValidationError

from fiches.models import FichePage, Partenaire
from fiches.models.page_forms import REFUSED
from home.models import Organisme
from tests.candidatures.screens import kept_picture
from tests.factories import FichePageFactory
from tests.formulaires import filled_form


@pytest.fixture
def stored_picture(db):
    return kept_picture("four")


def typed(staff, page, **more):
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return staff.client.post(edit, {**filled_form(staff.get(edit)), **more})


def test_another_fiche_is_refused_it_beside_the_field(staff, tree, stored_picture):
    fiche = FichePageFactory(parent=tree.fiches)
    answer = typed(staff, fiche, photo=stored_picture.pk, photo_decorative="on", chapo="Ce qui fut tapé.")
    assert "Ce qui fut tapé." in answer.content.decode()
    assert answer.context["form"].errors["photo"] == [REFUSED]
    assert FichePage.objects.get().get_latest_revision_as_object().photo is None


def test_its_own_fiche_keeps_it(staff, tree, stored_picture):
    fiche = FichePageFactory(parent=tree.fiches, photo=stored_picture, photo_decorative=True)
    assert typed(staff, fiche, chapo="Relu.").status_code == 302
    assert fiche.get_latest_revision_as_object().photo == stored_picture


def test_a_block_is_refused_it(tree, stored_picture):
    block = FichePage.corps.field.stream_block.child_blocks["image"].child_blocks["image"]
    picture = block.to_python({"image": stored_picture.pk, "alt_text": "Un four", "decorative": False})
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(picture)
    assert refused.value.block_errors["image"].messages == [REFUSED]
    picture.collection = picture.collection.get_root()
    assert block.clean(picture).pk == stored_picture.pk


@pytest.mark.parametrize(("model", "field"), [(Partenaire, "logo"), (Organisme, "partage")])
def test_a_record_is_refused_it(stored_picture, model, field):
    form = get_edit_handler(model).get_form_class()({field: stored_picture.pk})
    assert form.errors[field] == [REFUSED]
