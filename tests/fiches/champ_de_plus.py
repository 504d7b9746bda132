"""One more field in the table, as a developer would add it, and where it is then found.

Loaded before Django as a plugin (``-p tests.fiches.champ_de_plus``), it adds an entry to the table as soon as that is read:
forms, schemas and panels are made from it as from any other. The column is one that every page of Wagtail has, so that no
migration is needed. `test_champs` runs this module in a process of its own.
"""

import csv
import io
import json
import sys
from importlib.machinery import PathFinder, SourceFileLoader

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

TABLE = "fiches.models.champs"
DEVISE = "Du bois pour tous"


class LoaderWithOneMoreField(SourceFileLoader):
    def exec_module(self, module):
        super().exec_module(module)
        from fiches.models import declaration as d

        devise = d.Champ(
            "search_description",
            "motto",
            d.ValueKind.TEXT,
            d.GroupeDeChamps.ORGANISATION,
            help="As it stands on the door.",
            description="Its motto.",
            panel=d.Panel(),
            key=d.JsonKey("devise", example="Du pain pour tous"),
            column=d.OpenDataColumn(),
            imported=d.Imported("devise", ("slogan",), "Du pain pour tous"),
            question=d.Question(d.Part.WHO, name="devise", help="If you have one."),
            on_page=d.Row(),
            on_paper=d.Row(),
        )
        module.CHAMPS = (*module.CHAMPS, devise)


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != TABLE:
            return None
        spec = PathFinder.find_spec(name, path)
        spec.loader = LoaderWithOneMoreField(name, spec.origin)
        return spec


if TABLE not in sys.modules:
    sys.meta_path.insert(0, Finder)


@pytest.fixture
def fiche(tree):
    from tests.factories import FichePageFactory

    fiche = FichePageFactory(parent=tree.fiches, slug="four", title="Le four", search_description=DEVISE)
    fiche.save_revision().publish()
    return fiche


def body(response):
    return b"".join(response.streaming_content)


def test_the_apis_give_it_and_describe_it(client, fiche):
    assert client.get("/api/v1/fiches/four").json()["devise"] == DEVISE
    described = client.get("/api/v1/openapi.json").json()
    shape = described["components"]["schemas"]["Fiche"]
    assert shape["properties"]["devise"] == {
        "description": "Its motto.", "examples": ["Du pain pour tous"], "title": "Devise", "type": "string",
    }  # fmt: skip


def test_the_open_data_has_its_column(client, fiche):
    (row,) = csv.DictReader(io.StringIO(body(client.get("/fiches/donnees.csv")).decode()))
    assert row["devise"] == DEVISE
    fields = {field["name"]: field for field in json.loads(client.get("/fiches/schema.json").content)["fields"]}
    assert fields["devise"] == {"name": "devise", "type": "string", "description": "Its motto."}


def test_the_page_the_paper_have_its_line(client, fiche):
    from fiches.diffusion.contents import build_fiches
    from fiches.diffusion.paper import pdf

    assert f"<dt>Motto</dt><dd>{DEVISE}</dd>" in client.get(fiche.url).content.decode()
    sheet = pdf.sheet_context(build_fiches([fiche.pk])[fiche.pk], [], fiche)
    assert f"Motto\u00a0: {DEVISE}" in render_to_string("diffusion/papier.html", {"feuille": sheet, "langue": "fr"})


def test_a_file_brings_it_and_takes_it_out(fiche):
    from fiches.admin.importation.columns import SiteRecords, by_heading
    from fiches.admin.importation.fiche_export import rows_of, template_rows

    head, row = rows_of([fiche.pk])
    assert dict(zip(head, row, strict=True))["devise"] == DEVISE
    assert dict(zip(*template_rows(), strict=True))["devise"] == "Du pain pour tous"
    column = by_heading()["slogan"]
    assert (column.field, column.read(DEVISE, column.field, SiteRecords.read())) == ("search_description", DEVISE)


def test_the_dossier_asks_for_it_and_fills_it_in(fiche):
    from fiches.candidatures.draft_fiche import fill
    from fiches.candidatures.forms import Organisation
    from fiches.candidatures.models import Dossier

    question = Organisation()["devise"]
    assert (question.label, question.help_text) == ("Motto", "If you have one.")
    assert "devise" in [field.name for field in Organisation().fieldsets()[0].shown]
    fill(fiche, Dossier.objects.create(courriel="jeanne@exemple.test", reponses={"devise": "Autre"}))
    assert fiche.search_description == "Autre"


def test_the_admin_edits_it(client, fiche):
    from tests.factories import UserFactory

    client.force_login(UserFactory(role="admin"))
    form = client.get(reverse("wagtailadmin_pages:edit", args=[fiche.pk])).content.decode()
    assert "As it stands on the door." in form
