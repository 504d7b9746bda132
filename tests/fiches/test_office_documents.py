"""Files of Office and OpenDocument that people send."""

import pytest

from fiches.media.documents import check_document
from tests import pictures
from tests.fiches.made_documents import (
    DOCUMENTS_WITH_AUTHOR,
    ODT,
    archive,
    content_to_keep,
    docx,
    everything_in,
    refused,
    sent,
)


def test_a_document_with_macros_is_refused():
    assert refused("active", "dossier.docx", docx(**{"word/vbaProject.bin": "x"}))
    assert refused("active", "dossier.odt", archive(mimetype=ODT, **{"Basic/Standard/Module1.xml": "x"}))
    for part in ("word/VBAPROJECT.BIN", "word\\\\vbaProject.bin", "word/vbaData.xml", "xl/macrosheets/sheet1.xml"):
        assert refused("active", "dossier.docx", docx(**{part: "x"}))
    assert refused("active", "dossier.odt", archive(mimetype=ODT, **{"BASIC/Standard/Module1.xml": "x"}))


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
    assert refused("active", "dossier.docx", docx(**part))


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
    assert refused("active", name, data)


@pytest.mark.parametrize("name", DOCUMENTS_WITH_AUTHOR)
def test_an_office_document_no_longer_tells_who_wrote_it(name):
    assert b"Marqueur" in everything_in(DOCUMENTS_WITH_AUTHOR[name])
    kept = everything_in(check_document(sent(name, DOCUMENTS_WITH_AUTHOR[name])).read())
    assert b"Marqueur" not in kept.replace(b"\0", b"") and pictures.SECRET not in kept


def related(kind, target, mode='TargetMode="External"'):
    return f"<Relationships><Relationship Id='r1' Type='http://x/relationships/{kind}' Target='{target}' {mode}/></Relationships>"


FETCHES = {
    "a picture": related("image", "https://attaquant.example/p.png"),
    "a template in another part": related("attachedTemplate", "//h/x.dotm"),
    "a frame": related("frame", "https://attaquant.example/p.htm"),
}


@pytest.mark.parametrize("case", FETCHES)
def test_a_document_that_fetches_something_from_elsewhere_is_refused(case):
    assert refused("active", "d.docx", docx(**{"word/_rels/document.xml.rels": FETCHES[case]}))


def test_links_that_one_clicks_and_pictures_of_the_file_are_kept():
    for data in (
        docx(**{"word/_rels/document.xml.rels": related("hyperlink", "https://exemple.fr")}),
        docx(**{"word/_rels/document.xml.rels": related("image", "media/image1.png", mode="")}),
        docx(**{"xl/_rels/e.rels": related("externalLinkPath", "file:///C:/b.xlsx")}),
    ):
        assert content_to_keep(check_document(sent("d.docx", data)).read()) == content_to_keep(data)


def test_an_archive_that_unpacks_to_a_flood_is_refused_without_unpacking_it():
    assert refused("too_large", "dossier.docx", docx(**{"word/media/a.bin": bytes(101 * 1024 * 1024)}))
    assert refused("too_large", "dossier.docx", docx(**{f"word/{number}": "" for number in range(10_000)}))


def test_a_document_in_others_may_not_unpack_to_more_than_they(monkeypatch):
    part = docx(**{"word/media/a.bin": bytes(60 * 1024 * 1024)})
    assert refused("too_large", "dossier.docx", docx(**{"word/embeddings/1.docx": part}))


def test_an_event_of_an_opendocument_that_runs_a_script_is_refused():
    content = '<x xlink:href="vnd.sun.star.script:LibreLogo|x.py$run?language=Python&amp;location=share"/>'
    assert refused("active", "dossier.odt", archive(mimetype=ODT, **{"content.xml": content}))


@pytest.mark.parametrize(
    "part",
    [
        '<!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'.encode("utf-16"),
        "<!-- a --><!DOCTYPE w><w/>",
    ],
)
def test_an_office_file_that_declares_its_parts_with_a_dtd_is_refused(part):
    assert refused("unreadable", "dossier.docx", docx(**{"[Content_Types].xml": part}))
    assert refused("unreadable", "dossier.odt", archive(mimetype=ODT, **{"content.xml": part}))
