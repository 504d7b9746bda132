"""Documents are found by what they say: whatever their kind, only while the public may open them, and never at the
price of an error."""

import zipfile
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.http import QueryDict
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from fiches.media import sandboxed_reader
from fiches.media.documents import text_of
from fiches.models import Mot, TexteDeDocument
from fiches.publications.linked_documents import read_documents
from fiches.query.fiche_filter import FicheFilter
from fiches.upkeep.machine_lock import Busy, hold_machine_lock
from tests.factories import FichePageFactory
from tests.fiches.screens import TEXT, WORD


def archive(parts):
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return output.getvalue()


def word(body):
    return archive({"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'})


def writer(body):
    return archive({"content.xml": f'<text:body xmlns:text="{TEXT}">{body}</text:body>'})


def pdf(html):
    from weasyprint import HTML

    return HTML(string=html).write_pdf()


def read(data, extension):
    return text_of(BytesIO(data), extension)


def document(data, name, **kwargs):
    return get_document_model().objects.create(title="Bilan", file=ContentFile(data, name=name), **kwargs)


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """What the worker does once the transaction is over."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def publish_with_documents(commit):
    def offered(fiche, *documents):
        fiche.corps = [{"type": "document", "value": {"document": d.pk, "titre": ""}} for d in documents]
        with commit():
            fiche.save_revision().publish()

    return offered


def ids_found(q):
    return FicheFilter.parse(QueryDict(f"q={q}")).ids


def test_what_was_deleted_from_a_document_and_what_was_remarked_are_not_its_text():
    deleted = "<w:p><w:del><w:r><w:delText>secret</w:delText></w:r></w:del><w:r><w:t>public</w:t></w:r></w:p>"
    assert read(word(deleted), "docx") == "public"
    tracked = "<text:tracked-changes><text:p>secret</text:p></text:tracked-changes><text:p>public</text:p>"
    assert read(writer(tracked), "odt") == "public"


def test_a_pdf_is_read_and_a_word_cut_at_the_end_of_its_line_is_whole():
    assert (
        read(pdf("<p lang=fr>L’œuvre inno-<br>vante pousse à Dole.</p>"), "pdf") == "L’œuvre innovante pousse à Dole."
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_plain_text_is_read_in_the_encodings_that_people_send(encoding):
    assert read("Été à l’œuvre".encode(encoding), "txt") == "Été à l’œuvre"


# An entity of a billion characters.
LAUGHS = '<!ENTITY e0 "aaaaaaaaaa">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (b"", "pdf"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 400 + b"%%EOF", "pdf"),
        (b"PK\x03\x04 nothing", "docx"),
        (archive({"word/document.xml": "<" * 3_000_000}), "docx"),
        (archive({"word/document.xml": "<a>" * 1_000_000}), "docx"),
        (archive({"content.xml": f"<!DOCTYPE a [{LAUGHS}]><a>&e9;</a>"}), "odt"),
        (archive({"other.xml": "<a>b</a>"}), "odt"),
    ],
)
def test_a_hostile_or_broken_file_has_no_text_and_raises_nothing(data, extension):
    assert read(data, extension) == ""


@pytest.mark.django_db
def test_a_fiche_is_found_by_what_its_documents_say(tree, publish_with_documents):
    fiche = FichePageFactory(parent=tree.fiches)
    publish_with_documents(
        fiche,
        document(pdf("<p>Le tournesol pousse</p>"), "a.pdf"),
        document(word("<w:p><w:t>colza</w:t></w:p>"), "b.docx"),
    )
    assert ids_found("tournesols") == ids_found("colza") == [fiche.pk]
    assert ids_found("tournesole") == [fiche.pk]  # and its words are known
    assert "<mark>tournesol</mark>" in FicheFilter.parse(QueryDict("q=tournesol")).extraits()[fiche.pk]


@pytest.mark.django_db
def test_a_file_is_read_once_and_again_when_it_is_replaced(tree, publish_with_documents, commit, monkeypatch):
    calls = []
    monkeypatch.setattr("fiches.publications.linked_documents.text_of", lambda *a: calls.append(a) or text_of(*a))
    fiche, report = FichePageFactory(parent=tree.fiches), document(b"tournesol", "bilan.txt")
    publish_with_documents(fiche, report)
    publish_with_documents(fiche, report)
    assert len(calls) == 1
    report.file = ContentFile(b"colza", name="nouveau.txt")
    with commit():
        report.save()
    assert (ids_found("colza"), ids_found("tournesol"), len(calls)) == ([fiche.pk], [], 2)


@pytest.mark.django_db
def test_documents_that_leave_or_are_closed_are_found_no_more_and_leave_no_word(tree, publish_with_documents, commit):
    fiche, report = FichePageFactory(parent=tree.fiches), document(b"tournesol", "bilan.txt")
    publish_with_documents(fiche, report)
    private = Collection.get_first_root_node().add_child(name="Réserve")
    restriction = CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    report.collection = private
    report.save()
    assert (ids_found("tournesol"), Mot.objects.filter(mot="tournesol").exists()) == ([], False)
    restriction.delete()
    assert ids_found("tournesol") == [fiche.pk]
    report.delete()
    assert (ids_found("tournesol"), TexteDeDocument.objects.count()) == ([], 0)


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["their collection", "one by one"])
def test_documents_moved_below_a_restricted_collection_are_found_no_more(
    tree, publish_with_documents, admin_client, what
):
    root = Collection.get_first_root_node()
    private, shelf = (root.add_child(name=name) for name in ("Réserve", "Étagère"))
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger")
    report = document(b"tournesol", "bilan.txt", collection=Collection.objects.get(pk=shelf.pk))
    publish_with_documents(fiche, report)

    def titles():
        page = BeautifulSoup(Client().get("/recherche/?q=tournesol").content, "html.parser")
        return [each.get_text(strip=True) for each in page.select("main h3")]

    assert titles() == ["Le verger"]
    if what == "their collection":
        address, values = f"/admin/collections/{shelf.pk}/", {"name": "Étagère", "parent": private.pk}
    else:
        address = f"/admin/bulk/wagtaildocs/document/add_to_collection/?id={report.pk}&next=/admin/documents/"
        values = {"collection": private.pk}
    assert admin_client.post(address, values).status_code == 302
    assert (titles(), Mot.objects.filter(mot="tournesol").exists()) == ([], False)


@pytest.mark.django_db
def test_the_document_of_a_draft_is_not_even_read(tree, commit):
    report = document(b"tournesol", "bilan.txt")
    fiche = FichePageFactory(parent=tree.fiches)
    fiche.corps = [{"type": "document", "value": {"document": report.pk, "titre": ""}}]
    with commit():
        fiche.save_revision()
    assert (ids_found("tournesol"), TexteDeDocument.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_a_document_is_read_later_when_other_files_are_being_read(monkeypatch):
    report = document(b"tournesol", "bilan.txt")
    monkeypatch.setattr(sandboxed_reader, "WAIT", 0)
    with hold_machine_lock("reader", wait=0), pytest.raises(Busy):
        read_documents.func([report.pk])
    assert not TexteDeDocument.objects.exists()
    read_documents.func([report.pk])
    assert TexteDeDocument.objects.get().texte == "tournesol"
