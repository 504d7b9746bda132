"""Clients that generators make from the description of the API: they compile, and read every resource of a real server."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import requests
from wagtail.contrib.redirects.models import Redirect

from fiches.palmares.models import Nomination, Rang
from fiches.palmares.transitions import publish_now
from tests.factories import (
    CarnetPageFactory,
    CritereFactory,
    DimensionFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
)
from tests.palmares.conftest import Rally

HERE = Path(__file__).parent / "generateurs"
ROOT = HERE.parents[2]
SLUGS = {"lireEtape": "besancon", "lireCarnet": "n1"}
CHOSEN = {
    "listerFiches": {
        "q": "recette",
        "departement": ["25"],
        "commune": ["25056"],
        "centree-sur": ["entreprise"],
        "bbox": "5,46,7,48",
        "autour": "47.24,6.02",
        "rayon": 20,
        "tri": "titre",
        "exemple": "0",
        "par_page": 5,
    },
    "lireCarteDesFiches": {"departement": ["25"]},
    "lireFacettes": {"centree-sur": ["entreprise"]},
    "lireFiche": {"langue": "fr"},
    "listerPartenaires": {"exemple": "0"},
    "listerSuppressions": {"par_page": 5},
    "listerEtapes": {"departement": ["25"], "page": 1},
    "listerCarnets": {"par_page": 5},
    "listerPages": {"chemin": "/fiches/recette/"},
    "listerRedirections": {"par_page": 5},
    "lireSite": {"langue": "fr"},
    "rechercher": {"q": "recette", "genre": "fiches"},
}

pytestmark = [pytest.mark.nightly, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def site(live_server, tree, settings):
    """A server with one of each thing; its description is ``site.description``."""
    settings.RALLYNOV_API_QUOTA = 0
    criterion = CritereFactory(dimension=DimensionFactory(nom="centrée sur", slug="centree-sur"), name="entreprise")
    fiche = FichePageFactory(
        parent=tree.fiches,
        title="La recette",
        slug="recette",
        commune_id="25056",
        point="SRID=4326;POINT(6.02 47.24)",
        photo=IllustrationFactory(),
        photo_alt="Un atelier",
        corps=[("texte", "<p>Du pain.</p>")],
    )
    fiche.criteres.add(criterion)
    fiche.save_revision().publish()
    etape = EtapePageFactory(parent=tree.etapes, title="À Besançon", slug="besancon", commune_id="25056")
    body = [{"type": "fiches", "value": {"titre": "À lire", "fiches": [fiche.pk]}}]
    CarnetPageFactory(parent=tree.carnets, slug="n1", corps=json.dumps(body))
    FichePageFactory(parent=tree.fiches, slug="partie").unpublish()
    Redirect.add_redirect("/ancienne-recette/", redirect_to=fiche)
    PartenaireFactory(nom="Pôle des essais", sigle="PDE")
    award(Rally(tree, fiches=0), fiche)
    live_server.fiche, live_server.etape = fiche, etape
    live_server.description = requests.get(f"{live_server.url}/api/v1/openapi.json", timeout=30).json()
    return live_server


def award(rally, fiche):
    """The public first prize of a fiche."""
    nomination = Nomination.objects.create(categorie=rally.categorie, fiche=fiche, sort_order=0)
    rally.nominations.append(nomination)
    rally.open()
    rally.score(0, 0, 5, 5)
    rally.close()
    rally.decide((0, Rang.PREMIER, "Pour son four."))
    publish_now(rally.palmares)


def run(*command, cwd):
    paths = os.pathsep.join([str(ROOT / "node_modules" / ".bin"), os.environ["PATH"]])
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=300, env={**os.environ, "PATH": paths}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_client_in_typescript_compiles_and_reads_everything(site, tmp_path):
    (tmp_path / "openapi.json").write_text(json.dumps(site.description))
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for name in ("lecture.ts", "tsconfig.json"):
        (tmp_path / name).write_text((HERE / name).read_text())
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    run("openapi-typescript", "openapi.json", "-o", "schema.d.ts", cwd=tmp_path)
    run("tsc", cwd=tmp_path)
    uid = str(site.fiche.translation_key)
    assert json.loads(run("node", "lecture.js", site.url, uid, str(site.fiche.pk), cwd=tmp_path)) == {
        "fiches": [["La recette"], [2]],
        "fiche": ["Besançon", "fr"],
        "geojson": [2],
        "facettes": [1],
        "semblables": [0],
        "a-proximite": [0],
        "grille": ["entreprise"],
        "partenaires": [1],
        "palmares": [1],
        "suppressions": [["partie"]],
        "etapes": [["aucune"]],
        "etape": ["À Besançon"],
        "carnets": [1],
        "carnet": [["fiches"]],
        "site": [["fr"]],
        "pages": ["La recette", ["/"]],
        "redirections": [[["/ancienne-recette", "/fiches/recette/", True]]],
        "recherche": [["fiches", "pages"]],
        "fiches par champs": [1],
        "etapes par champs": [1],
        "carnets par champs": [1],
        "pages par champs": [8],
        "palmares par champs": [1],
        "partenaires par champs": [[["Pôle des essais", None]]],
        "apercu": [404],
    }
