"""The example host of docs/hote: a Wagtail site that takes the plugin below a prefix, and adds to it what a host may add."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.database_templates import SCHEMA, digest

pytestmark = pytest.mark.nightly

ROOT = Path(__file__).parents[2]
HOST = ROOT / "docs" / "hote"
# A page of the host whose fields have the names of ours, and are something else.
NAMESAKE = """

class Article(Page):
    corps = RichTextField()
    introduction = StreamField([("texte", StructBlock([("titre", CharBlock())]))], blank=True)
    chapo = models.IntegerField(default=3)
    uid = models.CharField(max_length=20)
    commune = models.CharField(max_length=20)
    commence_le = models.CharField(max_length=20)
    photo = models.ForeignKey("medias.Fichier", null=True, on_delete=models.SET_NULL, related_name="+")
    photo_alt = models.BooleanField(default=True)
    exemple = models.CharField(max_length=20)
    edition = models.CharField(max_length=20)
    organisation = models.JSONField(default=dict, blank=True)
    content_panels = [*Page.content_panels, "corps", "introduction", "uid", "commune", "photo"]
    search_fields = [*Page.search_fields, index.SearchField("corps"), index.SearchField("introduction")]
"""
IMPORTS = """
from wagtail.blocks import CharBlock, StructBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
"""
WORDS = ("chacun", "tous", "fournil", "levain", "dupré", "12500")


def run(folder, *command):
    """What a command prints, in the host's folder with its settings alone."""
    environment = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    environment |= {"PYTHONPATH": f"{folder}:{ROOT}", "PYTHONIOENCODING": "utf-8", "DJANGO_SETTINGS_MODULE": "reglages"}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def make(folder):
    """The host's folder, with the commands of its README."""
    run(folder, "-c", "from wagtail.bin.wagtail import main; main()", "start", "monsite", ".")
    shutil.copytree(HOST, folder, dirs_exist_ok=True)
    models = folder / "reseau" / "models.py"
    models.write_text(IMPORTS + models.read_text() + NAMESAKE)
    run(folder, "manage.py", "makemigrations", "medias", "reseau", "--verbosity", "0")
    run(folder, "manage.py", "migrate", "--verbosity", "0")


@pytest.fixture(scope="module")
def host(make_once, tmp_path_factory):
    made, _nothing = make_once(
        "hote", make, made_from=digest((*SCHEMA, "docs/hote/*.py", "docs/hote/*/*.py", "tests/fiches/test_hote.py"))
    )
    return shutil.copytree(made, tmp_path_factory.mktemp("hote") / "site")


@pytest.fixture(scope="module")
def seen(host):
    return json.loads(run(host, str(ROOT / "tests/fiches/chez_l_hote.py"), *WORDS).splitlines()[-1])


def test_the_host_is_whole_and_needs_no_other_migration(host):
    assert "No changes detected" in run(host, "manage.py", "makemigrations", "--check", "--dry-run")


def test_the_fields_of_the_host_are_in_the_form_and_saved(seen):
    status, form = seen["formulaire"]
    assert "En euros, pour une année." in form
    assert seen["enregistré"] == [200, 302, "Du pain pour chacun", "Du pain pour tous"]


def test_the_home_of_the_admin_counts_pages_and_pictures_as_wagtail_does(seen):
    status, page = seen["accueil de l’administration"]
    summary = page.partition('class="w-summary__list"')[2].partition("</ul>")[0]
    assert (status, re.findall(r'href="/admin/(pages|images|documents)/', summary)) == (
        200,
        ["pages", "images", "documents"],
    )


def test_a_fiche_of_the_host_is_read_by_two_people_before_it_is_online(seen):
    assert seen["relue"] == ["Du pain pour chacun", "Du pain pour tous"]


def test_a_fiche_of_the_host_is_listed_searched_and_served_like_ours(seen):
    status, page = seen["page"]
    assert (status, seen["page simple"][0], seen["liste"][0]) == (200, 200, 200)
    assert "<dt>Budget</dt><dd>12500</dd>" in re.sub(r"[\s\u202f\xa0]", "", page).replace("</dt><dd>", "</dt><dd>")
    assert "<dt>Devise</dt><dd>Du pain pour tous</dd>" in page
    assert "Devise" not in seen["page simple"][1]
    found = {"chacun": [], "tous": ["four"], "fournil": ["four"], "levain": ["four"], "dupré": ["four"], "12500": []}
    assert seen["mots"] == found
    assert seen["cadre"][0] == seen["étape"][0] == 200
    assert "Le four partagé" in seen["atom"][1]


def test_the_api_gives_the_fields_of_the_host_and_describes_them(seen):
    assert (seen["api"]["budget"], seen["api"]["devise"]) == (12500, "Du pain pour tous")
    assert (seen["api simple"]["budget"], seen["api simple"]["devise"]) == (None, None)
    assert {each["slug"]: each["budget"] for each in seen["choix"]} == {"four": 12500, "simple": None}
    assert seen["openapi"]["Fiche"]["properties"]["budget"] == {
        "title": "budget",
        "description": "En euros, pour une année.",
        "anyOf": [{"type": "integer"}, {"type": "null"}],
    }
    page = seen["page de l’api"]
    assert (page["type"], page["fiche"]["devise"]) == ("fiche", "Du pain pour tous")


def test_what_the_site_makes_is_of_the_host_s_model(seen):
    assert seen["créées"] == [[False, True], "FicheDuReseau"]


def test_a_block_of_the_host_is_shown_on_the_page_and_in_the_preview(seen):
    for page in (seen["page"][1], seen["aperçu"]):
        assert '<section class="bilan">' in page
        assert "<h3>Bilan 2013</h3>" in page


def test_a_block_of_the_host_is_in_the_api_with_its_html_and_its_type(seen):
    block = seen["api"]["corps"][0]
    link = '<p>Le <b>fournil</b> : <a href="http://localhost/innovations/simple/">ici</a>.</p>'
    assert (block["type"], block["annee"], block["emplois"]) == ("bilan", 2013, 4)
    assert block["html"] == f"<h3>Bilan 2013</h3> <p><strong>4</strong> emplois</p> {link}"
    assert block["html"] in seen["api"]["texte_html"]
    assert "4 emplois" in seen["api"]["texte"]
    items = seen["openapi"]["Fiche"]["properties"]["corps"]["items"]
    assert items["oneOf"][-1]["properties"]["type"] == {"enum": ["bilan"]}


def test_a_block_of_the_host_is_on_paper(seen):
    assert "Bilan 2013" in seen["pdf"]


def test_a_block_of_the_host_is_in_a_road_book_its_mail_and_its_leaflet(seen):
    assert seen["carnet"][0] == 200
    assert "<h3>Bilan 2013</h3>" in seen["carnet"][1]
    assert [block["type"] for block in seen["api du carnet"]["corps"]] == ["bilan", "fiches"]
    html, text = seen["courrier"]
    assert "Bilan 2013</h3>" in html
    assert "Bilan 2013\n\n4 emplois" in text
    assert "Bilan 2013" in seen["dépliant"]
    assert "Le four partagé" in seen["carnet"][1]


def test_a_key_of_the_host_follows_its_records(seen):
    assert seen["api"]["visites"] == []
    assert seen["visites"] == [{"jour": "2013-04-08"}]
    assert seen["sans visite"] == []


def test_the_host_s_own_pictures_and_documents_are_shown_and_given(seen):
    assert seen["api"]["photo"]["credit"] == "Anne Dupré"
    assert "Anne Dupré" in seen["page"][1]
    document, picture = seen["api"]["corps"][1:]
    assert (document["titre"], document["format"], document["octets"]) == ("La recette", "txt", 18)
    assert picture["image"]["tailles"]["moyenne"]["largeur"] == 600
    assert seen["document"] == [200, "Le levain naturel."]
    assert "Anne Dupré" in seen["étape"][1]


def test_a_page_of_the_host_has_fields_of_the_names_of_ours(seen):
    """They are the host's: the plugin neither reads nor changes them."""
    told = seen["homonyme"]
    assert told["enregistrée"] == 302
    assert told["uid"] == "A-12"
    (item,) = (each for each in told["pages"]["items"] if each["chemin"] == "/article/")
    assert (item["titre"], item["introduction"], item["photo"], item["corps"]) == ("Un article", "", None, [])
    assert [each["chemin"] for each in told["page"]["items"]] == ["/article/"]
    assert told["de son type"] == [{"slug": "article", "type": "article"}]
    assert told["page"]["items"][0]["article"] == {"reference": "A-12"}
    assert all(each["article"] is None for each in told["pages"]["items"] if each["type"] != "article")
    assert told["abonnements"] == 1
