"""Files of Office and OpenDocument that people send."""

import base64
from io import BytesIO

import pytest
from PIL import Image

from fiches.media.documents import check_document
from tests import pictures
from tests.fiches.made_documents import (
    DOCUMENTS_WITH_AUTHOR,
    ODT,
    archive,
    content_to_keep,
    docx,
    everything_in,
    refusal_of,
    sent,
    size_and_pixels,
)

PIXELS = base64.b64encode(pictures.picture("PNG")).decode()


def test_a_document_with_macros_is_refused():
    message = ["Ce fichier contient des macros. Envoyez-le sans elles, ou en PDF."]
    assert refusal_of("dossier.docx", docx(**{"word/vbaProject.bin": "x"})) == message
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"Basic/Standard/Module1.xml": "x"})) == message
    for part in ("word/VBAPROJECT.BIN", "word\\\\vbaProject.bin", "word/vbaData.xml", "xl/macrosheets/sheet1.xml"):
        assert refusal_of("dossier.docx", docx(**{part: "x"})) == message
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"BASIC/Standard/Module1.xml": "x"})) == message


@pytest.mark.parametrize(
    "part",
    [
        {
            "[Content_Types].xml": '<Types><Override ContentType="application/vnd.ms-word.document.MACROENABLED.main+xml"/></Types>'
        },
        {
            "[Content_Types].xml": '<Types><Override ContentType="application/vnd.ms-office.vbaProject"/></Types>'.encode(
                "utf-16"
            )
        },
        {"word/_rels/document.xml.rels": '<R Type="http://x/vbaPro&#106;ect" Target="media/image1.bin"/>'},
    ],
)
def test_macros_under_another_name_are_seen_by_what_declares_them(part):
    assert refusal_of("dossier.docx", docx(**part)) == [
        "Ce fichier contient des macros. Envoyez-le sans elles, ou en PDF."
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("dossier.docx", docx(**{"word/embeddings/oleObject1.bin": "x"})),
        ("dossier.docx", docx(**{"word/activeX/activeX1.xml": "x"})),
        (
            "dossier.docx",
            docx(**{"word/_rels/document.xml.rels": '<R Type="http://x/oleObject" Target="http://evil/"/>'}),
        ),
        ("dossier.odt", archive(mimetype=ODT, **{"Object 1": "x"})),
    ],
)
def test_an_object_of_another_programme_is_refused(name, data):
    assert refusal_of(name, data) == [
        "Ce fichier contient un objet d’un autre logiciel. Enlevez cet objet, ou envoyez le document en PDF."
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("image1.jpg", pictures.jpeg_with_position()),
        ("image1.jpg", pictures.picture(progressive=True) + pictures.SECRET),
        ("image1.jpg", b"\xff\xd8\xff\xff" + pictures.jpeg_with_position()[3:]),
        ("image1.jpg", pictures.picture()[:2] + b"\xff\xeb\x00\x12" + pictures.SECRET + pictures.picture()[2:]),
        ("image1.png", pictures.picture("PNG") + pictures.chunk(b"tEXt", pictures.SECRET) + pictures.SECRET),
        ("image1.png", pictures.png_of((100, 100), pictures.chunk(b"caBX", pictures.SECRET))),
        ("image1.jp2", pictures.jpeg_2000_with_position()),
        ("image1.webp", pictures.webp_with_position()),
        ("image1.webp", pictures.webp_with_position({"lossless": True})),
        (
            "image1.webp",
            pictures.webp_with_position({"save_all": True, "append_images": [pictures.pixels().rotate(180)]}),
        ),
        ("image1.tiff", pictures.tiff_with_position()),
        ("image1.tiff", pictures.tiff_with_position(compression="tiff_lzw")),
        ("image1.tiff", pictures.tiff_with_position(compression="jpeg")),
        ("image1.tiff", pictures.tiff_with_position(big_endian=True)),
    ],
    ids=[
        *("after its end", "progressive", "padded", "another segment", "after a PNG", "another chunk", "JPEG 2000"),
        *("WebP", "WebP without loss", "moving WebP", "TIFF", "TIFF in LZW", "TIFF in JPEG", "TIFF from a Mac"),
    ],
)
def test_a_picture_in_an_office_file_keeps_its_pixels_and_nothing_else(name, content):
    assert pictures.SECRET in content
    clean = check_document(sent("dossier.docx", docx(**{f"word/media/{name}": content})))
    kept = content_to_keep(clean.read())[f"word/media/{name}"]
    assert pictures.SECRET not in kept
    if b"caBX" not in content:
        assert size_and_pixels(kept) == size_and_pixels(content)
    assert clean.removed.startswith("ce que les appareils photo ont écrit dans les images")


def pptx_with(photograph):
    return archive(
        **{"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>", "ppt/media/image1": photograph}
    )


@pytest.mark.parametrize(
    "photograph",
    [pictures.picture("HEIF"), pictures.picture("AVIF"), b"II+\0" + bytes(12)],
    ids=["HEIC", "AVIF", "BigTIFF"],
)
def test_a_picture_of_a_kind_that_cannot_be_cleaned_is_refused_and_says_so(photograph):
    assert refusal_of("dossier.pptx", pptx_with(photograph)) == [
        "Ce fichier contient une image d’un format dont nous ne pouvons pas retirer les informations de l’appareil photo ou du logiciel. "
        "Remplacez cette image par une image JPEG ou PNG, ou envoyez le document en PDF."
    ]


@pytest.mark.parametrize("name", DOCUMENTS_WITH_AUTHOR)
def test_an_office_document_no_longer_tells_who_wrote_it(name):
    assert b"Marqueur" in everything_in(DOCUMENTS_WITH_AUTHOR[name])
    clean = check_document(sent(name, DOCUMENTS_WITH_AUTHOR[name]))
    kept = everything_in(clean.read())
    assert b"Marqueur" not in kept.replace(b"\0", b"") and pictures.SECRET not in kept and b"humbnail" not in kept
    assert clean.removed


def test_a_document_that_keeps_its_former_versions_is_refused_and_says_so():
    for part in ("Versions/Version1", "VersionList.xml"):
        assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"content.xml": "<a/>", part: "x"})) == [
            "Ce fichier garde d’anciennes versions de son texte. Supprimez-les (menu Fichier, Versions), ou envoyez le document en PDF."
        ]


def field(*codes, kind="instrText"):
    """A Word field whose code is split over several runs."""
    runs = "".join(f"<w:r><w:{kind}>{code}</w:{kind}></w:r>" for code in codes)
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>12</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def writer(content):
    return "d.odt", archive(
        mimetype=ODT, **{"content.xml": f"<office:document-content>{content}</office:document-content>"}
    )


def nested(inner, *codes):
    """A Word field whose code begins with the result of another."""
    return field(*codes).replace("<w:r><w:instrText>", inner + "<w:r><w:instrText>", 1)


def word(body, **parts):
    return "d.docx", docx(**{"word/document.xml": f"<w:document>{body}</w:document>", **parts})


def excel(**parts):
    return "d.xlsx", archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>", **parts})


def related(kind, target, mode='TargetMode="External"'):
    return f"<Relationships><Relationship Id='r1' Type='http://x/relationships/{kind}' Target='{target}' {mode}/></Relationships>"


DDE = {
    "a field": word(field(' DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"')),
    "a field in lower case": word(field("dde excel a b")),
    "a field split over runs": word(field("DD", "E", "AUTO cmd")),
    "a simple field": word('<w:p><w:fldSimple w:instr=" DDE cmd "/></w:p>'),
    "a field named by another": word(nested(field("QUOTE 68 68 69"), " cmd")),
    "a field in a header, of another prefix": word(
        "", **{"word/header1.xml": field("DDEAUTO cmd").replace("w:", "x:")}
    ),
    "a part after many blanks": word("", **{"word/footer1.xml": " " * 300 + field("DDE cmd")}),
    "a part with another name": word("", **{"other/part.bin": field("DDEAUTO cmd").encode("utf-16")}),
    "a workbook's link": excel(
        **{"xl/externalLinks/e1.xml": '<externalLink><ddeLink ddeService="cmd"/></externalLink>'}
    ),
    "a formula": excel(**{"xl/worksheets/s1.xml": "<c><f>1+cmd|'/c calc'!A1</f></c>"}),
    "OpenDocument": writer('<text:dde-connection-decl office:dde-application="soffice"/>'),
    "a formula of OpenDocument": writer('<table:table-cell table:formula="of:=DDE(&quot;soffice&quot;;1)"/>'),
}


REMOTE = {
    "a picture": word("", **{"word/_rels/document.xml.rels": related("image", "https://attaquant.example/p.png")}),
    "a template in another part": word("", **{"word/_rels/x.rels": related("attachedTemplate", "//h/x.dotm")}),
    "a picture field": word(field("INCLUDE", 'PICTURE "https://attaquant.example/p.png"')),
    "another workbook": excel(**{"xl/externalLinks/_rels/e.rels": related("externalLinkPath", "file:///C:/b.xlsx")}),
    "a web query": excel(**{"xl/connections.xml": "<connections><connection><webPr/></connection></connections>"}),
    "a formula": excel(**{"xl/worksheets/s1.xml": '<f>_xlfn.WEBSERVICE("https://attaquant.example")</f>'}),
    "OpenDocument": writer('<draw:image xlink:href="https://attaquant.example/p.png"/>'),
    "a section of OpenDocument": writer('<text:section-source xlink:href="../../secret.odt"/>'),
}


@pytest.mark.parametrize("case", DDE)
def test_a_document_that_starts_another_programme_for_data_is_refused_and_says_so(case):
    assert refusal_of(*DDE[case]) == [
        "Ce fichier demande des données à un autre logiciel (DDE). "
        "Enlevez ce champ, ce lien ou cette formule, ou envoyez le document en PDF."
    ]


@pytest.mark.parametrize("case", REMOTE)
def test_a_document_that_fetches_something_from_elsewhere_is_refused_and_says_so(case):
    assert refusal_of(*REMOTE[case]) == [
        "Ce fichier va chercher ailleurs une image, un modèle ou des données quand on l’ouvre. "
        "Mettez-les dans le fichier, ou envoyez le document en PDF."
    ]


def test_links_that_one_clicks_and_ordinary_fields_and_formulas_are_kept():
    for name, data in (
        word(
            field("PAGE") + field(" HYPERLINK ", '"https://exemple.fr"') + nested("", "TOC \\o") + "<w:t>DDEAUTO</w:t>"
        ),
        word(field("IF ", "1").replace("<w:r><w:t>12", field("MERGEFIELD nom") + "<w:r><w:t>12")),
        word("", **{"word/_rels/document.xml.rels": related("hyperlink", "https://exemple.fr")}),
        word("", **{"word/_rels/document.xml.rels": related("image", "media/image1.png", mode="")}),
        word(
            "",
            **{
                "word/media/image1.svg": f'<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="data:image/png;base64,{PIXELS}"/><a xlink:href="https://e.fr"/></svg>'
            },
        ),
        excel(**{"xl/worksheets/s1.xml": "<c><f>SUM(A1:A3)&amp;\"a|b\"&amp;'L|1'!A1</f><f>ImageRate(1)</f></c>"}),
        writer('<text:a xlink:href="https://exemple.fr">a</text:a><draw:image xlink:href="Pictures/a.png"/>'),
        writer('<draw:object xlink:href="./Object 1"/><draw:object xlink:href="../Object 2"/>'),
    ):
        assert content_to_keep(check_document(sent(name, data)).read()) == content_to_keep(data)


def test_an_archive_that_unpacks_to_a_flood_is_refused_without_unpacking_it():
    message = ["Ce fichier est trop grand une fois ouvert. Envoyez un fichier plus petit."]
    assert refusal_of("dossier.docx", docx(**{"word/media/a.bin": bytes(101 * 1024 * 1024)})) == message
    assert refusal_of("dossier.docx", docx(**{f"word/{number}": "" for number in range(10_000)})) == message


def test_a_document_that_takes_long_to_be_read_is_refused_alone_or_in_others():
    """Three hundred kilobytes once held the only reader for four seconds."""
    message = ["Ce fichier est trop complexe à lire. Enregistrez-le en PDF, puis envoyez ce nouveau fichier."]
    whole, part = (word("<w:p/>" * number) for number in (2_200_000, 500_000))
    assert refusal_of(*whole) == message
    kept = docx(**{"word/embeddings/1.docx": part[1]})
    assert content_to_keep(check_document(sent("dossier.docx", kept)).read()).keys() == content_to_keep(kept).keys()
    within = docx(**{f"word/embeddings/{number}.docx": part[1] for number in range(5)})
    assert refusal_of("dossier.docx", within) == message


def test_an_event_of_an_opendocument_that_runs_a_script_is_refused():
    content = '<x xlink:href="vnd.sun.star.script:LibreLogo|x.py$run?language=Python&amp;location=share"/>'
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"content.xml": content})) == [
        "Ce fichier contient des macros. Envoyez-le sans elles, ou en PDF."
    ]


@pytest.mark.parametrize("made", [pictures.webp_with_position, pictures.tiff_with_position])
def test_a_picture_in_an_office_file_has_no_exif_left(made):
    content = content_to_keep(check_document(sent("d.pptx", pptx_with(made()))).read())["ppt/media/image1"]
    with Image.open(BytesIO(content)) as image:
        assert (dict(image.getexif().get_ifd(pictures.GPS_IFD)), image.getexif().get(pictures.ARTIST)) == ({}, None)
        assert getattr(image, "n_frames", 1) == (2 if image.format == "TIFF" else 1)
