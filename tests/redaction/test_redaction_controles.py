"""What is looked at before a fiche is submitted, and the shapes in which it is seen while it is written."""

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images import get_image_model

from fiches.admin.checklist import findings
from fiches.models import FichePage
from fiches.moderation.completeness import missing, values_of
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


def finding_texts(fiche):
    return [(finding.theme, finding.text.replace("\u00a0", " ")) for finding in findings(fiche)]


def test_a_sound_fiche_has_nothing_to_mend():
    sound = fiche_with(
        '<h2>Un</h2><p>Voyez <a href="https://a.example/">le site des Fournées</a>.</p><h3>Deux</h3><p>Fin.</p>'
    )
    assert finding_texts(sound) == []


def test_headings_are_neither_skipped_nor_empty():
    assert finding_texts(fiche_with("<h3>Trop bas</h3><p>a</p><h2>Bien</h2><h4>Saut</h4><h3></h3>")) == [
        ("Titres", "« Trop bas » est un titre de niveau 3 sous un niveau 1. Il manque un niveau entre les deux."),
        ("Titres", "« Saut » est un titre de niveau 4 sous un niveau 2. Il manque un niveau entre les deux."),
        ("Titres", "Un titre est vide. Écrivez ce titre, ou retirez-le."),
    ]


def test_links_say_where_they_lead():
    html = (
        '<p><a href="https://a.example/">Cliquez ici</a> <a href="https://a.example/">https://a.example/</a>'
        ' <a href="https://a.example/">le four</a> <a href="https://b.example/">Le four</a> <a href="https://c.example/"></a></p>'
    )
    assert finding_texts(fiche_with(html)) == [
        ("Liens", "Le texte du lien « Cliquez ici » ne dit pas où il mène."),
        ("Liens", "« https://a.example/ » : écrivez le nom de la page à la place de son adresse."),
        ("Liens", "Deux liens ont le même texte « Le four », mais mènent à deux pages différentes."),
        ("Liens", "Un lien n’a pas de texte."),
    ]


def test_long_sentences_are_quoted():
    long = "Le four " + "partagé " * 28 + "chauffe."
    found = finding_texts(fiche_with(f"<p>{long} Puis une courte.</p>"))
    assert found[0] == (
        "Lisibilité",
        f"Une phrase contient 31 mots. Coupez cette phrase : « {' '.join(long.split()[:8])}… »",
    )
    assert finding_texts(fiche_with("<p>" + "Trois petits mots. " * 20 + "</p>")) == []


def test_a_contact_without_agreement_and_one_written_in_the_text_are_told():
    fiche = fiche_with(
        "<p>Écrivez à anne@fournees.example ou au 03 81 40 57 57.</p>",
        contact_nom="Anne",
        contact_nom_public=True,
        contact_telephone="03 81 40 57 57",
    )
    where = "est dans le texte, sans accord de la personne. Mettez cette information dans les champs du contact."
    assert finding_texts(fiche) == [
        ("Contacts", "Ces informations ne sont pas publiées, car l’accord du contact n’est pas coché : le téléphone."),
        ("Contacts", f"« anne@fournees.example » {where}"),
        ("Contacts", f"« 03 81 40 57 57 » {where}"),
    ]


def test_only_what_the_form_refuses_blocks():
    """Completeness and alternative texts, as `fiches.moderation.completeness` and the form ask for them; the rest is advice."""
    image = get_image_model().objects.create(title="four", file=SimpleUploadedFile("four.jpg", pictures.picture()))
    bare = fiche_with("<h4>Saut</h4><p>a</p>", photo=image, contact_nom="Anne", chapo="")
    bare.sans_localisation = False
    found = findings(bare)
    assert [finding.text for finding in found if finding.blocks] == [
        *missing(values_of(bare)).values(),
        "Décrivez l’image, ou dites qu’elle est décorative\N{NO-BREAK SPACE}: la photo.",
    ]
    assert [finding.theme for finding in found if not finding.blocks] == ["Titres", "Contacts"]


def test_the_panel_stands_beside_the_form_of_a_fiche(client, tree):
    fiche = FichePageFactory(parent=tree.fiches, live=False, corps=[{"type": "texte", "value": "<h4>Saut</h4>"}])
    client.force_login(UserFactory(role="redaction"))
    page = client.get(f"/admin/pages/{fiche.pk}/edit/").content.decode()
    assert 'data-side-panel="controles"' in page
    assert "Choisissez la commune" in page
    assert "Il manque un niveau entre les deux" in page


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
