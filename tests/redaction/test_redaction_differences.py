"""What changed between two versions, in words and in pictures; who did it; how one gets there."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.models import WorkflowPage
from wagtail.rich_text import RichText

from fiches.admin.comparison import facts, last_read
from fiches.admin.differences import difference
from fiches.admin.word_diff import text_of_html, words
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


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Le four chauffe.", "Le four partagé chauffe.", "Le four {+partagé +}chauffe."),
        ("Le four chauffe.", "Le moulin tourne.", "Le [-four chauffe-]{+moulin tourne+}."),
        ("a\n\nb", "a\n\nc", "a\n\n[-b-]{+c+}"),
        ("", "<b>", "{+&lt;b&gt;+}"),
        ("L’été 2013", "L’été 2014", "L’été [-2013-]{+2014+}"),
    ],
)
def test_words_are_struck_through_and_underlined(before, after, shown):
    assert plain(words(before, after)) == shown


def test_running_text_is_read_with_its_headings_lists_and_links():
    html = '<h2>Titre</h2><p>Un <a href="https://a.example/">lien</a><br/>fin</p><ul><li>Point</li></ul>'
    assert text_of_html(html) == "■ Titre\n\nUn lien [→ https://a.example/]\nfin\n\n• Point"


def block(kind, value, key):
    return {"type": kind, "value": value, "id": f"00000000-0000-4000-8000-00000000000{key}"}


def picture(title):
    return get_image_model().objects.create(title=title, file=SimpleUploadedFile("x.jpg", pictures.picture()))


@pytest.fixture
def compare_versions(client, tree):
    """Writes a fiche, changes it, and gives what the screen says of each field: ``{label: difference}``."""
    client.force_login(UserFactory(role="redaction"))

    def compare(before, change):
        fiche = FichePageFactory(parent=tree.fiches, live=False, **before)
        first = fiche.latest_revision_id
        change(fiche)
        fiche.save()
        second = fiche.save_revision().pk
        address = reverse("wagtailadmin_pages:revisions_compare", args=[fiche.pk, first, second])
        compare.page = client.get(address)
        return {change.label: str(change.html) for change in compare.page.context["comparison"]}

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

    found = {
        label: plain(html) for label, html in compare_versions({"chapo": "Un four.", "statut": "sarl"}, change).items()
    }
    assert found == {
        "Chapô": "[-Un four-]{+Deux fours+}.",
        "Type d’économie": "{+économie sociale et solidaire+}",
        "Statut juridique": "[-SARL-] {+SCOP+}",
        "Sans localisation": "[-non-] {+oui+}",
        "Partenaire associé": "{+Réseau des fours+}",
        "Critères de la grille": "{+entreprise+}",
        "Financeurs": "{+Réseau des fours · Merci+}",
    }


def test_blocks_are_compared_one_by_one_added_taken_out_moved_and_changed(compare_versions):
    before = [
        block("texte", "<p>Reste.</p>", 1),
        block("texte", "<p>Le four chauffe.</p>", 2),
        block("citation", {"texte": "Bien.", "auteur": "Anne", "fonction": ""}, 3),
        block("texte", "<p>Descend.</p>", 4),
    ]

    def change(fiche):
        fiche.corps = [
            block("texte", "<p>Descend.</p>", 4),
            block("texte", "<p>Reste.</p>", 1),
            block("texte", "<h2>Titre</h2><p>Le moulin chauffe.</p>", 2),
            block("chiffres_cles", {"chiffres": [{"valeur": "3", "libelle": "fours"}]}, 5),
        ]

    html = compare_versions({"corps": before}, change)["Texte"]
    headings = [" ".join(plain(title).split()) for title in re.findall(r"<h3>.*?</h3>", html)]
    assert headings[:4] == ["Texte (déplacé)", "Texte (modifié)", "Citation (retiré)", "Chiffres clés (ajouté)"]
    assert "{+■ Titre" in plain(html)
    assert "Le [-four-]{+moulin+} chauffe." in plain(html)
    assert "[-Bien.-]" in plain(html)
    assert "{+fours+}" in plain(html)
    assert "1 bloc inchangé" in plain(html)


def test_pictures_stand_side_by_side_with_what_is_said_of_them(compare_versions):
    first, second = picture("four"), picture("moulin")
    value = {"image": first.pk, "alt_text": "Le four", "decorative": False}

    def change(fiche):
        fiche.photo = second
        fiche.corps = [
            block("image", {"image": {**value, "image": second.pk, "alt_text": "Le moulin"}, "legende": ""}, 1)
        ]

    differences = compare_versions(
        {"photo": first, "photo_alt": "x", "corps": [block("image", {"image": value, "legende": ""}, 1)]}, change
    )
    for label in ("Photo", "Texte"):
        assert re.findall(r'<figcaption>(.*?)</figcaption><img [^>]*alt="(.*?)"', differences[label]) == [
            ("Avant", "four"),
            ("Après", "moulin"),
        ]
    assert "Le [-four-]{+moulin+}" in plain(differences["Texte"])


def test_nothing_typed_becomes_markup(compare_versions):
    def change(fiche):
        fiche.chapo = "<script>alert(1)</script>"
        fiche.corps = [block("citation", {"texte": "<img src=x>", "auteur": "", "fonction": ""}, 1)]

    differences = compare_versions({}, change)
    assert "<script>" not in differences["Chapô"]
    assert "<img" not in differences["Texte"]


def test_an_etape_is_compared_too(client, tree):
    client.force_login(UserFactory(role="redaction"))
    etape = EtapePageFactory(parent=tree.etapes, chapo="Un four.")
    first = etape.save_revision().pk
    etape.chapo = "Deux fours."
    second = etape.save_revision().pk
    page = client.get(reverse("wagtailadmin_pages:revisions_compare", args=[etape.pk, first, second]))
    assert [plain(change.html) for change in page.context["comparison"]] == ["[-Un four-]{+Deux fours+}."]
    assert client.get(f"/admin/pages/{etape.pk}/edit/").status_code == 200


def test_the_form_leads_to_what_changed_since_it_was_read_and_the_comparison_says_who_did_what(client, tree):
    writer, reader = UserFactory(role="partenaire"), UserFactory(role="redaction", first_name="Rita")
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=writer, revision=writer)
    assert last_read(FichePage.objects.get(pk=fiche.pk), reader) is None
    fiche.get_workflow().start(fiche, writer)
    state = fiche.current_workflow_task_state
    state.task.on_action(state, reader, "reject", comment="Dites combien.")
    read = fiche.latest_revision_id
    fiche = FichePage.objects.get(pk=fiche.pk)
    fiche.chapo = "Trois fours."
    fiche.save_revision(user=writer, log_action=True)
    fiche.current_workflow_state.resume(writer)
    fiche = FichePage.objects.get(pk=fiche.pk)
    assert [last_read(fiche, each).revision.pk for each in (reader, UserFactory())] == [read, read]
    assert last_read(fiche, writer).revision.pk == fiche.latest_revision_id
    client.force_login(reader)
    assert reverse("fiches_innovation", args=[fiche.pk]) in client.get(f"/admin/pages/{fiche.pk}/edit/").text
    page = client.get(reverse("wagtailadmin_pages:revisions_compare", args=[fiche.pk, read, "latest"]))
    assert "Trois fours" in page.content.decode()
    author = writer.username
    done = [(fait["qui"], fait["commentaire"]) for fait in page.context["faits"]]
    assert done == [(author, ""), ("Rita", "Dites combien."), (author, ""), (author, "")]
    everything = client.get(reverse("wagtailadmin_pages:revisions_compare", args=[fiche.pk, "earliest", "latest"]))
    assert everything.context["faits"] == page.context["faits"]
    assert page.context["faits"][2]["quoi"] == "Modifié"


def test_what_was_done_after_the_newer_version_is_not_told_with_the_older_ones(tree):
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    first, second, third = [save_change(fiche, chapo) for chapo in ("Un four.", "Deux fours.", "Trois fours.")]
    assert [fait["qui"] for fait in facts(fiche, second, first)] == [second.user.username]
    assert [fait["qui"] for fait in facts(fiche, first, third)] == [each.user.username for each in (second, third)]


def save_change(fiche, chapo):
    fiche.chapo = chapo
    return fiche.save_revision(user=UserFactory(), log_action=True)


def test_a_change_of_bold_or_italic_alone_is_told_in_words():
    block = FichePage._meta.get_field("corps").stream_block.child_blocks["texte"]
    shown = difference(block, RichText("<p>Un four</p>"), RichText("<p><b>Un</b> four</p>"))
    assert "Le texte est le même" in shown
    assert "Un four" in shown


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
    assert "Chapô" in plain(shown) and "[-Un four-]{+Deux fours+}." in plain(shown)


def test_a_page_to_decide_on_for_the_first_time_is_to_be_read_whole(client, tree, reader):
    etape = EtapePageFactory(parent=tree.etapes, live=False)
    etape.save_revision(user=UserFactory(role="admin"))
    etape.get_workflow().start(etape, None)
    assert "première version" in plain(opened_from_the_home_page(client, reader, etape))
