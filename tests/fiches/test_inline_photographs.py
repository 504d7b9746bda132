"""Photographs that stand in the very content of a PDF, between BI and EI, no longer tell where they were taken."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.filters import decode_stream_data
from pypdf.generic import (
    ArrayObject,
    ContentStream,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from fiches.media.documents import check_document
from tests import pictures
from tests.fiches.made_documents import (
    AUTHOR,
    WRAPPINGS,
    dictionary,
    pdf_with_photograph,
    photograph_in,
    refusal_of,
    sent,
    size_and_pixels,
)

SHORT = {
    "ASCII85Decode": "A85",
    "ASCIIHexDecode": "AHx",
    "FlateDecode": "Fl",
    "LZWDecode": "LZW",
    "RunLengthDecode": "RL",
}
LONG = {f"/{short}": NameObject(f"/{name}") for name, short in SHORT.items()} | {"/DCT": NameObject("/DCTDecode")}
CANNOT = [
    "Ce PDF contient une image dont nous ne pouvons pas retirer les informations de l’appareil photo. "
    "Imprimez-le dans un nouveau PDF, puis envoyez-le."
]


def drawn(*wrappings, photograph=None, settings=None, after=b"\nEI Q\n"):
    """A content that draws a text, the photograph inline, then another text."""
    data = photograph or pictures.jpeg_with_position()
    for name in reversed(wrappings):
        data = WRAPPINGS[name](data)
    filters = " ".join(f"/{SHORT[name]}" for name in wrappings)
    settings = settings or f"/F [{filters} /DCT]"
    before = f"BT (avant) Tj ET q 80 0 0 80 0 0 cm BI /W 80 /H 120 /CS /RGB /BPC 8 {settings} ID "
    return before.encode() + data + after + "BT (après) Tj ET\n".encode("latin-1")


def stream(content, **values):
    made = StreamObject()
    made.set_data(content)
    made.update(dictionary(**values))
    return made


def box():
    return ArrayObject(map(NumberObject, (0, 0, 100, 100)))


def on_the_page(page, writer, content):
    page[NameObject("/Contents")] = writer._add_object(stream(content))


def compressed_on_the_page(page, writer, content):
    page[NameObject("/Contents")] = writer._add_object(stream(content).flate_encode())


def in_pieces(page, writer, content):
    cut = content.index(b"ID ") + 2
    parts = [content[:cut], content[cut + 1 :]]
    page[NameObject("/Contents")] = ArrayObject(writer._add_object(stream(part).flate_encode()) for part in parts)


def in_a_form(page, writer, content):
    form = stream(content, Subtype=NameObject("/Form"), BBox=box()).flate_encode()
    page[NameObject("/Resources")] = dictionary(XObject=dictionary(Fm1=writer._add_object(form)))


def in_a_glyph(page, writer, content):
    glyphs = dictionary(a=writer._add_object(stream(content)))
    font = dictionary(Type=NameObject("/Font"), Subtype=NameObject("/Type3"), CharProcs=glyphs)
    page[NameObject("/Resources")] = dictionary(Font=dictionary(F1=font))


def in_a_pattern(page, writer, content):
    pattern = stream(content, PatternType=NumberObject(1), BBox=box()).flate_encode()
    page[NameObject("/Resources")] = dictionary(Pattern=dictionary(P1=writer._add_object(pattern)))


def in_a_remark(page, writer, content):
    appearance = dictionary(N=writer._add_object(stream(content, Subtype=NameObject("/Form"), BBox=box())))
    page[NameObject("/Annots")] = ArrayObject([dictionary(Subtype=NameObject("/Stamp"), Rect=box(), AP=appearance)])


PLACES = (on_the_page, compressed_on_the_page, in_pieces, in_a_form, in_a_glyph, in_a_pattern, in_a_remark)


def pdf_that_draws(content, place=on_the_page):
    writer = PdfWriter()
    place(writer.add_blank_page(100, 100), writer, content)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def contents_of(data):
    """The decoded streams of a PDF: those of each page as one."""
    reader = PdfReader(BytesIO(data))
    pages = [ContentStream(page["/Contents"], reader) for page in reader.pages if "/Contents" in page]
    objects = [reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1)]
    return [*pages, *(ContentStream(each, reader) for each in objects if isinstance(each, StreamObject))]


def inline_photographs_in(data):
    """The inline photographs of a PDF, as pypdf reads them."""
    found = []
    for content in contents_of(data):
        for operands, operator in content.operations:
            if operator == b"INLINE IMAGE":
                filters = operands["settings"].get("/F")
                image = stream(b"")
                image._data = operands["data"].strip()
                image[NameObject("/Filter")] = ArrayObject(LONG.get(name, name) for name in filters)
                found.append(decode_stream_data(image))
    return found


def everything_drawn(data):
    return b"".join(content.get_data() for content in contents_of(data)) + b"".join(inline_photographs_in(data))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_photograph_drawn_inline_no_longer_tells_where_it_was_taken_wherever_it_stands(place):
    told = pdf_that_draws(drawn(), place)
    clean = check_document(sent("dossier.pdf", told))
    data = clean.read()
    assert pictures.SECRET not in everything_drawn(data)
    for photograph in inline_photographs_in(data):
        assert size_and_pixels(photograph) == size_and_pixels(pictures.jpeg_with_position())
    assert inline_photographs_in(data) and b"(avant)" in everything_drawn(data) and b"EI Q" in everything_drawn(data)
    assert clean.removed.startswith("ce que les appareils photo ont écrit dans les images")


@pytest.mark.parametrize(
    "wrappings", [*((name,) for name in WRAPPINGS), ("ASCII85Decode", "FlateDecode")], ids="+".join
)
def test_an_inline_photograph_is_cleaned_however_it_is_wrapped(wrappings):
    data = check_document(sent("dossier.pdf", pdf_that_draws(drawn(*wrappings)))).read()
    assert pictures.SECRET not in everything_drawn(data)
    assert {size_and_pixels(each) for each in inline_photographs_in(data)} == {
        size_and_pixels(pictures.jpeg_with_position())
    }


@pytest.mark.parametrize(
    "settings",
    [
        "/F /DCT",
        "/Filter /DCTDecode",
        "/F/D#43T",
        "% EI ID BI\n/F[/DCT]",
        "/L 9000 /F /DCT /DP << /ColorTransform 1 >>",
    ],
)
def test_an_inline_photograph_is_cleaned_however_it_is_announced(settings):
    content = drawn(settings=settings)
    data = check_document(sent("dossier.pdf", pdf_that_draws(content))).read()
    assert pictures.SECRET not in everything_drawn(data)
    assert {size_and_pixels(each) for each in inline_photographs_in(data)} == {
        size_and_pixels(pictures.jpeg_with_position())
    }


@pytest.mark.parametrize(
    "content",
    [
        drawn(photograph=pictures.jpeg_with_position()[:400]),
        drawn(settings="/F [/DCT /A85]"),
        drawn(settings="/F [/Crypted /DCT]"),
        drawn(photograph=b"Bonjour"),
        drawn(after=b""),
    ],
    ids=["cut short", "wrapped inside", "unknown filter", "not a JPEG", "no end"],
)
def test_an_inline_photograph_that_cannot_be_read_is_refused_and_says_so(content):
    assert refusal_of("dossier.pdf", pdf_that_draws(content)) == CANNOT


def with_an_older_version(content):
    """A PDF that an incremental update changed: the older page is still in the file."""
    first = pdf_that_draws(content)
    writer = PdfWriter(BytesIO(first), incremental=True)
    page = writer.pages[0]
    page[NameObject("/Contents")] = writer._add_object(stream(b"BT (neuf) Tj ET"))
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_what_an_older_version_of_the_file_held_is_gone():
    told = with_an_older_version(drawn())
    assert pictures.SECRET in told
    assert pictures.SECRET not in check_document(sent("dossier.pdf", told)).read()


def test_what_stands_beside_a_photograph_of_a_pdf_goes_with_it():
    def telling(**values):
        return stream(b"<x:xmpmeta>" + AUTHOR + b"</x:xmpmeta>", **values)

    told = pdf_with_photograph(
        pictures.jpeg_with_position(),
        "DCTDecode",
        Metadata=telling(),
        Thumb=telling(),
        PieceInfo=dictionary(Adobe=dictionary(Private=TextStringObject(AUTHOR.decode()))),
        SMask=stream(b"x", Metadata=telling(), Subtype=NameObject("/Image")),
    )
    assert AUTHOR in told
    data = check_document(sent("dossier.pdf", told)).read()
    assert AUTHOR not in data and pictures.SECRET not in photograph_in(data)
