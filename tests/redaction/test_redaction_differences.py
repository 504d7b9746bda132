"""What changed between the version that one last read and the latest, in words and in pictures."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images import get_image_model
from wagtail.models import WorkflowPage

from fiches.admin.comparison import changes, facts, last_read
from fiches.models import FicheFinanceur, FichePage
from tests import pictures
from tests.factories import (
    CarnetPageFactory,
    CritereFactory,
    EtapePageFactory,
    FichePageFactory,
    PartenaireFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def plain(html):
    """``[-taken out-]`` and ``{+added+}`` in place of the tags, without the words for those who don't see."""
    html = re.sub(r'<span class="w-sr-only">.*?</span>', "", str(html))
    html = re.sub(r"<del[^>]*>(.*?)</del>", r"[-\1-]", html, flags=re.DOTALL)
    html = re.sub(r"<ins[^>]*>(.*?)</ins>", r"{+\1+}", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", "", html).strip()


def block(kind, value, key):
    return {"type": kind, "value": value, "id": f"00000000-0000-4000-8000-00000000000{key}"}


def picture(title):
    return get_image_model().objects.create(title=title, file=SimpleUploadedFile("x.jpg", pictures.picture()))


@pytest.fixture
def compare_versions(rf, tree):
    """Writes a fiche, changes it, and gives what the screen says of each field: ``{label: difference}``."""

    def compare(before, change):
        fiche = FichePageFactory(parent=tree.fiches, live=False, revision=True, **before)
        former = FichePage.objects.get(pk=fiche.pk).latest_revision.as_object()
        change(fiche)
        latest = fiche.save_revision().as_object()
        request = rf.get("/")
        request.user = UserFactory(role="redaction")
        return {each.label: str(each.html) for each in changes(fiche, former, latest, request)}

    return compare


def test_fields_are_compared_in_their_readers_words(compare_versions):
    partner, criterion = PartenaireFactory(nom="Réseau des fours"), CritereFactory(name="entreprise")

    def change(fiche):
        fiche.chapo = "Deux fours."
        fiche.sphere, fiche.statut = "ess", "scop"
        fiche.sans_localisation = True
        fiche.partenaire = partner
        fiche.criteres.add(criterion)
        fiche.financements = [FicheFinanceur(partenaire=partner, mention="Merci")]

    differences = compare_versions({"chapo": "Un four.", "statut": "sarl"}, change)
    found = {label: plain(html) for label, html in differences.items()}
    assert found.pop("Financeurs").replace("\n", "").startswith("FinanceurRéseau des fours")
    assert found == {
        "Chapô": "[-Un four.-]{+Deux fours.+}",
        "Type d’économie": "{+économie sociale et solidaire+}",
        "Statut juridique": "[-SARL-]{+SCOP+}",
        "Sans localisation": "[-non-]{+oui+}",
        "Partenaire associé": "{+Réseau des fours+}",
        "Critères de la grille": "{+entreprise+}",
    }
    assert '<span class="w-sr-only">retiré' in differences["Chapô"]
    assert '<span class="w-sr-only">ajouté' in differences["Financeurs"]


def test_blocks_are_compared_one_by_one_added_taken_out_and_changed(compare_versions):
    before = [
        block("texte", "<p>Le four chauffe.</p>", 2),
        block("citation", {"texte": "Bien.", "auteur": "Anne", "fonction": ""}, 3),
    ]

    def change(fiche):
        fiche.corps = [
            block("texte", "<p>Le moulin chauffe.</p>", 2),
            block("chiffres_cles", {"chiffres": [{"valeur": "3", "libelle": "fours"}]}, 5),
        ]

    html = compare_versions({"corps": before}, change)["Texte"]
    assert "Le [-four-]{+moulin+} chauffe." in plain(html)
    boxes = BeautifulSoup(html, "html.parser").select(".comparison__child-object")
    read = [(box.get("class")[-1], " ".join(box.get_text(" ").split())) for box in boxes[1:]]
    assert [(kind, "Bien." in words, "fours" in words) for kind, words in read] == [
        ("addition", False, True),
        ("deletion", True, False),
    ]
    assert [words.split(" :")[0] for _kind, words in read] == ["ajouté", "retiré"]


def test_both_pictures_are_shown(compare_versions):
    first, second = picture("four"), picture("moulin")

    def change(fiche):
        fiche.photo = second

    html = compare_versions({"photo": first, "photo_alt": "x"}, change)["Photo"]
    assert [image["alt"] for image in BeautifulSoup(html, "html.parser").select("img")] == ["four", "moulin"]


def test_nothing_typed_becomes_markup(compare_versions):
    def change(fiche):
        fiche.chapo = "<script>alert(1)</script>"
        fiche.corps = [block("citation", {"texte": "<img src=x>", "auteur": "", "fonction": ""}, 1)]

    differences = compare_versions({}, change)
    assert "<script>" not in differences["Chapô"]
    assert "<img" not in differences["Texte"]


def test_what_changed_starts_at_the_version_that_one_last_read(tree):
    writer, reader = UserFactory(role="partenaire"), UserFactory(role="redaction")
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=writer, revision=writer)
    assert last_read(FichePage.objects.get(pk=fiche.pk), reader) is None
    fiche.get_workflow().start(fiche, writer)
    state = fiche.current_workflow_task_state
    state.task.on_action(state, reader, "reject", comment="Dites combien.")
    read = fiche.latest_revision_id
    fiche = FichePage.objects.get(pk=fiche.pk)
    fiche.chapo = "Trois fours."
    fiche.save_revision(user=writer, log_action=True)
    fiche = FichePage.objects.get(pk=fiche.pk)
    assert [last_read(fiche, each).revision.pk for each in (reader, UserFactory())] == [read, read]
    assert last_read(fiche, writer).revision.pk == fiche.latest_revision_id
    done = [(fact["qui"], fact["commentaire"]) for fact in facts(fiche)]
    assert (reader.username, "Dites combien.") in done and done[-1] == (writer.username, "")


def test_a_published_fiche_is_compared_with_what_is_online(tree):
    fiche = FichePageFactory(parent=tree.fiches, revision=True)
    reader, online = UserFactory(), fiche.live_revision_id
    fiche.chapo = "Autre."
    fiche.save_revision()
    fiche = FichePage.objects.get(pk=fiche.pk)
    assert online and last_read(fiche, reader).revision.pk == online


def opened_from_the_home_page(client, user, page):
    """The section « Ce qui a changé » of the screen to which « Lire et décider » leads; None without it."""
    client.force_login(user)
    home = BeautifulSoup(client.get("/admin/").content, "html.parser")
    [link] = home.find_all("a", string="Lire et décider")
    assert link["href"] == f"/admin/redaction/innovations/{page.pk}/"
    screen = BeautifulSoup(client.get(link["href"]).content, "html.parser")
    return screen.select_one("section[aria-labelledby=changements]")


@pytest.fixture
def reader(tree):
    return UserFactory(role="redaction")


@pytest.fixture(params=["étape", "carnet de route"])
def submitted_again(request, tree, reader):
    """A page online of which another version waits for its reading."""
    if request.param == "étape":
        page = EtapePageFactory(parent=tree.etapes, chapo="Un four.")
    else:
        WorkflowPage.objects.create(page=tree.carnets, workflow=tree.fiches.get_workflow())
        page = CarnetPageFactory(parent=tree.carnets, chapo="Un four.")
    page.save_revision().publish()
    page = type(page).objects.get(pk=page.pk)
    page.chapo = "Deux fours."
    page.save_revision(user=UserFactory(role="admin"))
    page.get_workflow().start(page, None)
    return page


def test_a_page_to_decide_on_opens_on_what_changed_since_the_version_online(client, reader, submitted_again):
    shown = opened_from_the_home_page(client, reader, submitted_again)
    assert "Ce qui a changé depuis la version en ligne." in plain(shown)
    assert "Chapô" in plain(shown) and "[-Un four.-]{+Deux fours.+}" in plain(shown)


def test_the_screen_of_a_page_that_is_no_fiche_calls_it_none(client, reader, submitted_again):
    type(submitted_again).objects.update(owner=UserFactory(role="admin"))
    client.force_login(reader)
    screen = BeautifulSoup(client.get(f"/admin/redaction/innovations/{submitted_again.pk}/").content, "html.parser")
    shown = plain(screen.select_one(".innovation"))
    assert "La fiche" not in shown


def test_a_page_to_decide_on_for_the_first_time_is_to_be_read_whole(client, tree, reader):
    etape = EtapePageFactory(parent=tree.etapes, live=False)
    etape.save_revision(user=UserFactory(role="admin"))
    etape.get_workflow().start(etape, None)
    assert "lisez-la en entier" in plain(opened_from_the_home_page(client, reader, etape))
