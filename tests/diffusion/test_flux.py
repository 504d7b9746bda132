"""Feeds: any query, whole texts, found by readers' tools, refused when they can't be read."""

from xml.etree import ElementTree

from etapes.models import EtapePage
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory

ATOM = "{http://www.w3.org/2005/Atom}"


def test_atom_holds_the_whole_text_and_names_the_fiche_for_ever(client, epicerie):
    response = client.get("/fiches/flux.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    entry = feed.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == "L’épicerie qui partage"
    assert entry.find(f"{ATOM}id").text == f"urn:uuid:{epicerie.translation_key}"
    assert "<p>Du pain <b>partagé</b>.</p>" in entry.find(f"{ATOM}content").text
    assert entry.find(f"{ATOM}link").get("href") == "http://localhost/fiches/epicerie/"
    assert entry.find("{http://www.georss.org/georss}point").text == "47.24 6.02"
    assert [node.get("term") for node in entry.findall(f"{ATOM}category")] == ["entreprise", "pain"]
    assert feed.find(f"{ATOM}updated").text == entry.find(f"{ATOM}updated").text


def test_a_feed_answers_any_query(client, epicerie, tree):
    FichePageFactory(parent=tree.fiches, title="Ailleurs", commune_id="39300")
    text = client.get("/fiches/flux.atom?departement=25").content.decode()
    assert "L’épicerie qui partage" in text
    assert "Ailleurs" not in text
    assert "QZX" not in text and "QZY" not in text


def test_the_feeds_are_announced_by_the_lists(client, tree):
    page = client.get("/fiches/").content.decode()
    assert 'type="application/atom+xml" title="Les innovations (Atom)" href="http://localhost/fiches/flux.atom"' in page
    page = client.get("/etapes/").content.decode()
    assert 'href="http://localhost/etapes/flux.atom"' in page
    assert 'href="http://localhost/etapes/calendrier.ics"' in page


def test_the_etapes_have_a_feed(client, tree):
    EtapePageFactory(
        parent=tree.etapes,
        title="Étape à Dole",
        commune_id="39198",
        organisateurs=[PartenaireFactory(nom="Dole & Cie")],
    )
    EtapePageFactory(parent=tree.etapes, title="Brouillon", live=False)
    feed = ElementTree.fromstring(client.get("/etapes/flux.atom").content)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == "Étape à Dole"
    assert entry.find(f"{ATOM}summary").text == "mardi 16 avril 2013, après-midi – Dole"
    assert entry.find(f"{ATOM}id").text == f"urn:uuid:{EtapePage.objects.visible().get().uid}"
    assert client.get("/etapes/flux.atom?page=2").status_code == 400


def test_the_feed_of_the_etapes_holds_their_programme_and_how_to_come(client, tree):
    item = {
        "debut": "09:30:00",
        "fin": "10:00:00",
        "titre": "Accueil",
        "intervenants": "Ana <b>",
        "texte": "<p>Café</p>",
    }
    EtapePageFactory(
        parent=tree.etapes,
        programme=[{"type": "pause", "value": item}],
        acces="Bus 3\nGare & centre",
        accessibilite="De plain-pied",
    )
    told = ElementTree.fromstring(client.get("/etapes/flux.atom").content).find(f"{ATOM}entry/{ATOM}content").text
    assert "<li>9\u00a0h\u00a030 – 10\u00a0h\u00a0: <strong>Accueil</strong> (Ana &lt;b&gt;) <p>Café</p></li>" in told
    assert "<p>Bus 3</p>\n<p>Gare &amp; centre</p>" in told


def test_what_was_pasted_from_a_pdf_does_not_break_the_feed(client, tree):
    """U+FFFE stands there where a line's end cut a word, and no XML may hold it."""
    FichePageFactory(parent=tree.fiches, title="Inno\ufffevation\x0b \uffff😀")
    feed = ElementTree.fromstring(client.get("/fiches/flux.atom").content)
    assert feed.find(f"{ATOM}entry/{ATOM}title").text == "Innovation 😀"
