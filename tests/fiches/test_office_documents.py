"""Files of Office and OpenDocument that people send."""

import base64

import pytest

from fiches.media.documents import check_document
from tests import pictures
from tests.fiches.made_documents import (
    DOCUMENTS_WITH_AUTHOR,
    INCOMPLETE,
    ODT,
    archive,
    content_to_keep,
    docx,
    everything_in,
    refusal_of,
    sent,
)

MACROS = ["Ce fichier contient des macros. Envoyez-le sans elles, ou en PDF."]
FETCHES = [
    "Ce fichier contient un objet d’un autre logiciel, d’anciennes versions, ou va chercher ailleurs une image, un modèle ou des données. "
    "Envoyez-le en PDF."
]
TOO_MUCH = [
    "Ce fichier est trop grand une fois ouvert, ou trop complexe à lire. Envoyez un fichier plus petit ou plus simple."
]
PIXELS = base64.b64encode(pictures.picture("PNG")).decode()


def test_a_document_with_macros_is_refused():
    assert refusal_of("dossier.docx", docx(**{"word/vbaProject.bin": "x"})) == MACROS
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"Basic/Standard/Module1.xml": "x"})) == MACROS
    for part in ("word/VBAPROJECT.BIN", "word\\\\vbaProject.bin", "word/vbaData.xml", "xl/macrosheets/sheet1.xml"):
        assert refusal_of("dossier.docx", docx(**{part: "x"})) == MACROS
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"BASIC/Standard/Module1.xml": "x"})) == MACROS


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
    assert refusal_of("dossier.docx", docx(**part)) == MACROS


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("dossier.docx", docx(**{"word/embeddings/oleObject1.bin": "x"})),
        ("dossier.docx", docx(**{"word/activeX/activeX1.xml": "x"})),
        (
            "dossier.docx",
            docx(**{"word/_rels/document.xml.rels": '<Relationship Type="http://x/oleObject" Target="a.bin"/>'}),
        ),
        ("dossier.odt", archive(mimetype=ODT, **{"Object 1": "x"})),
    ],
)
def test_an_object_of_another_programme_is_refused(name, data):
    assert refusal_of(name, data) == FETCHES


@pytest.mark.parametrize("name", DOCUMENTS_WITH_AUTHOR)
def test_an_office_document_no_longer_tells_who_wrote_it(name):
    assert b"Marqueur" in everything_in(DOCUMENTS_WITH_AUTHOR[name])
    kept = everything_in(check_document(sent(name, DOCUMENTS_WITH_AUTHOR[name])).read())
    assert b"Marqueur" not in kept.replace(b"\0", b"") and pictures.SECRET not in kept


def test_a_document_that_keeps_its_former_versions_is_refused_and_says_so():
    for part in ("Versions/Version1", "VersionList.xml"):
        assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"content.xml": "<a/>", part: "x"})) == FETCHES


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
    assert refusal_of(*DDE[case]) == FETCHES


@pytest.mark.parametrize("case", REMOTE)
def test_a_document_that_fetches_something_from_elsewhere_is_refused_and_says_so(case):
    assert refusal_of(*REMOTE[case]) == FETCHES


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
    assert refusal_of("dossier.docx", docx(**{"word/media/a.bin": bytes(101 * 1024 * 1024)})) == TOO_MUCH
    assert refusal_of("dossier.docx", docx(**{f"word/{number}": "" for number in range(10_000)})) == TOO_MUCH


def test_a_document_that_takes_long_to_be_read_is_refused_alone_or_in_others():
    """Three hundred kilobytes once held the only reader for four seconds."""
    whole, part = (word("<w:p/>" * number) for number in (2_200_000, 500_000))
    assert refusal_of(*whole) == TOO_MUCH
    kept = docx(**{"word/embeddings/1.docx": part[1]})
    assert content_to_keep(check_document(sent("dossier.docx", kept)).read()).keys() == content_to_keep(kept).keys()
    within = docx(**{f"word/embeddings/{number}.docx": part[1] for number in range(5)})
    assert refusal_of("dossier.docx", within) == TOO_MUCH


def test_an_event_of_an_opendocument_that_runs_a_script_is_refused():
    content = '<x xlink:href="vnd.sun.star.script:LibreLogo|x.py$run?language=Python&amp;location=share"/>'
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"content.xml": content})) == MACROS


@pytest.mark.parametrize(
    "name", ["../evil.xml", "word/../../evil.xml", "word\\..\\evil.xml", "/etc/evil.xml", "C:/evil.xml"]
)
def test_an_office_file_whose_entry_leaves_the_archive_is_refused(name):
    assert refusal_of("dossier.docx", docx(**{name: "<a/>"})) == INCOMPLETE
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"content.xml": "<a/>", name: "<a/>"})) == INCOMPLETE


@pytest.mark.parametrize(
    "part",
    [
        '<!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>',
        '<?xml version="1.0"?><!DOCTYPE w SYSTEM "http://x.test/w.dtd"><w/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'.encode("utf-16"),
        "<!-- a --><!DOCTYPE w><w/>",
    ],
)
def test_an_office_file_with_a_dtd_is_refused(part):
    assert refusal_of("dossier.docx", docx(**{"word/document.xml": part})) == INCOMPLETE
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"content.xml": part})) == INCOMPLETE
