"""Fiches taken out in a spreadsheet: in the columns that the import reads, and the same when they come back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from wagtail.images import get_image_model

from fiches.admin.importation.fiche_export import keys_of, rows_of
from fiches.admin.importation.reader import guarded, tidy
from fiches.models import Commune, FicheFinanceur, FichePage
from tests import pictures
from tests.factories import (
    CritereFactory,
    DimensionFactory,
    EditionFactory,
    FichePageFactory,
    MotCleFactory,
    PartenaireFactory,
)
from tests.redaction.import_problems import problems

pytestmark = pytest.mark.django_db


def full_fiche(tree):
    """One with something in each column."""
    dimension = DimensionFactory(nom="centrée sur", slug="centree-sur")
    first, second = CritereFactory(dimension=dimension, name="entreprise"), CritereFactory(dimension=dimension)
    partner, funder = PartenaireFactory(nom="Réseau des fours", sigle="RDF"), PartenaireFactory(nom="Région")
    image = get_image_model().objects.create(title="four", file=SimpleUploadedFile("four.jpg", pictures.picture()))
    fiche = FichePageFactory(
        parent=tree.fiches,
        live=False,
        title="=SOMME(A1) ou l’été",
        organisation='-Les ; Fournées, "et Cie"',
        chapo="Ligne une\nLigne deux",
        corps=[
            {"type": "texte", "value": "<p>Un mot &amp; deux<br/>lignes</p><p>Fin</p>"},
        ],
        photo=image,
        photo_alt="Le four",
        logo=image,
        logo_decorative=True,
        activite="boulangerie",
        naf="10.71C",
        naf_2025="10.71Y",
        statut="scop",
        effectif=0,
        sphere="ess",
        siret="73282932000074",
        site="https://fournees.example/",
        contact_nom="Anne",
        contact_nom_public=True,
        contact_telephone="+33 3 81 40 57 57",
        contact_courriel="a@b.example",
        adresse="3 rue du Puits",
        code_postal="39100",
        commune=Commune.objects.get(nom="Dole"),
        point="SRID=4326;POINT(5.49 47.09)",
        partenaire=partner,
        partenaire_contact_nom="Jean",
        partenaire_contact_public=True,
        edition=EditionFactory(annee=2014, nom="Deuxième"),
        exemple=True,
    )
    fiche.criteres.add(first, second)
    fiche.mots_cles.add(MotCleFactory(name="pain"), MotCleFactory(name="Été, long"))
    fiche.financements = [FicheFinanceur(partenaire=funder, mention="Avec l’appui de la Région")]
    fiche.save()
    fiche.save_revision()
    return fiche


def values(fiche):
    """All that an editor typed, less the keys of the tables' rows."""
    skipped = {
        "id",
        "page_ptr",
        "path",
        "slug",
        "url_path",
        "latest_revision",
        "latest_revision_created_at",
        "owner",
        "translation_key",
        "numchild",
        "last_published_at",
        "first_published_at",
        "draft_title",
        "live_revision",
    }
    plain = {f.name: f.value_from_object(fiche) for f in fiche._meta.concrete_fields if f.name not in skipped}
    plain["corps"] = [(each["type"], each["value"]) for each in fiche.corps.get_prep_value()]
    plain["criteres"] = sorted(link.tag_id for link in fiche.fiche_criteres.all())
    plain["mots_cles"] = sorted(link.tag_id for link in fiche.fiche_mots_cles.all())
    plain["financements"] = [(each.partenaire_id, each.mention) for each in fiche.financements.all()]
    return plain


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_exported_is_imported_the_same(client, redaction, tree, import_file, run_action, kind):
    fiche = full_fiche(tree)
    bare = FichePageFactory(parent=tree.fiches, live=False, title="Rien que le nécessaire")
    before = [values(FichePage.objects.get(pk=each.pk)) for each in (fiche, bare)]
    rows = list(rows_of(keys_of(FichePage.objects.order_by("pk"))))
    file = client.get(f"/admin/fiches/?export={kind}").getvalue()
    FichePage.objects.all().delete()
    importation = import_file(file, f"fiches.{kind}")
    assert problems(importation) == []
    run_action(importation, "creer")
    made = FichePage.objects.order_by("pk")
    after = [values(each) for each in made]
    for old, new in zip(before, after, strict=True):
        assert {name: value for name, value in new.items() if value != old[name]} == {}
    assert list(rows_of(keys_of(made))) == rows


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "+33 3 81", "-", "'quoted'", "plain", "|bar", "%x", "@a"])
def test_what_a_spreadsheet_would_run_is_guarded_and_read_back(text):
    assert tidy(guarded(text)) == text
    assert guarded(text)[0] not in "=+-@|%"


def test_the_text_leaves_as_paragraphs_without_its_formatting(tree):
    quote = {"type": "citation", "value": {"texte": "Chacun y gagne.", "auteur": "Anne", "fonction": ""}}
    text = {"type": "texte", "value": "<h2>Titre</h2><p>Un <b>mot</b></p>"}
    FichePageFactory(parent=tree.fiches, corps=[text, quote])
    head, row = rows_of(keys_of(FichePage.objects.all()))
    assert row[head.index("texte")] == "Titre\n\nUn mot"


def test_the_list_is_exported_as_it_is_filtered(client, tree, redaction):
    FichePageFactory(parent=tree.fiches, title="Une")
    FichePageFactory(parent=tree.fiches, title="Deux")
    content = client.get("/admin/fiches/?export=csv").getvalue().decode("utf-8-sig")
    assert content.startswith("innovation;organisation;chapô;texte;")
    assert [line.split(";")[0] for line in content.splitlines()[1:]] == ["Une", "Deux"]
    answer = client.get("/admin/fiches/?export=xlsx&q=deux")
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["innovation", "Deux"]
