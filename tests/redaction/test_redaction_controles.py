"""What is looked at before a fiche is submitted, and the shapes in which it is seen while it is written."""

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images import get_image_model

from fiches.admin.checklist import contact_remarks
from fiches.models import FichePage
from tests import pictures
from tests.factories import FichePageFactory, UserFactory

pytestmark = pytest.mark.django_db


def fiche_with(html="", **fields):
    return FichePage(
        title="x",
        organisation="y",
        chapo=fields.pop("chapo", "Court."),
        sans_localisation=True,
        corps=[{"type": "texte", "value": html or "<p>Un mot.</p>"}],
        **fields,
    )


def test_a_contact_without_agreement_and_one_written_in_the_text_are_told():
    fiche = fiche_with(
        "<p>Écrivez à anne@fournees.example ou au 03 81 40 57 57.</p>",
        contact_nom="Anne",
        contact_nom_public=True,
        contact_telephone="03 81 40 57 57",
    )
    where = "est dans le texte, sans accord de la personne. Mettez cette information dans les champs du contact."
    assert [text.replace("\u00a0", " ") for text in contact_remarks(fiche)] == [
        "Ces informations ne sont pas publiées, car l’accord du contact n’est pas coché : le téléphone.",
        f"« anne@fournees.example » {where}",
        f"« 03 81 40 57 57 » {where}",
    ]


def test_the_panel_stands_beside_the_form_of_a_fiche(client, tree):
    fiche = FichePageFactory(
        parent=tree.fiches, live=False, corps=[{"type": "texte", "value": "<p>anne@x.example</p>"}]
    )
    client.force_login(UserFactory(role="redaction"))
    page = client.get(f"/admin/pages/{fiche.pk}/edit/").content.decode()
    assert 'data-side-panel="controles"' in page
    assert "Choisissez la commune" in page
    assert "« anne@x.example » est dans le texte" in page.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("mode", "shown"),
    [
        ("", "<h1"),
        ("pdf", "scale-136"),
    ],
)
def test_a_fiche_is_previewed_in_each_of_its_shapes(client, tree, mode, shown):
    image = get_image_model().objects.create(title="four", file=SimpleUploadedFile("four.jpg", pictures.picture()))
    draft = FichePageFactory(
        parent=tree.fiches, live=False, title="Le four jamais publié", complete=True, photo=image, photo_alt="Le four"
    )
    client.force_login(UserFactory(role="redaction"))
    assert mode in dict(draft.preview_modes)
    answer = client.get(f"/admin/pages/{draft.pk}/view_draft/", {"mode": mode})
    content = answer.content.decode()
    assert (answer.status_code, shown in content) == (200, True)
    assert "Le four jamais publié" in content
    policy = answer["Content-Security-Policy"]
    assert ("style-src 'self' 'unsafe-inline'" in policy, "img-src 'self' data:" in policy) == (bool(mode), bool(mode))
    assert "script-src 'self';" in policy + ";"


class CollectedFiles(StaticFilesStorage):
    """As a storage with a manifest does, raises an exception for a file that the site does not have."""

    def url(self, name):
        if not finders.find(name):
            raise ValueError(f"Missing staticfiles manifest entry for '{name}'")
        return super().url(name)


def test_a_host_without_the_fonts_of_this_site_previews_the_pdf(client, tree, settings):
    settings.STATICFILES_DIRS = []
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": f"{__name__}.CollectedFiles"}}
    draft = FichePageFactory(parent=tree.fiches, live=False, title="Le four jamais publié", complete=True)
    client.force_login(UserFactory(role="redaction"))
    answer = client.get(f"/admin/pages/{draft.pk}/view_draft/", {"mode": "pdf"})
    assert (answer.status_code, "Le four jamais publié" in answer.content.decode()) == (200, True)


def test_no_shape_is_drawn_for_whom_does_not_see_the_fiche(client, tree):
    draft = FichePageFactory(parent=tree.fiches, live=False)
    client.force_login(UserFactory(role="partenaire"))
    assert client.get(f"/admin/pages/{draft.pk}/view_draft/", {"mode": "carte"}).status_code == 302
