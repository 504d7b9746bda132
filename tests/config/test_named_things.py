"""Forms that name a picture or a document by its number: refused where its user may not choose it."""

import html
import json
import re

import pytest
from django.urls import reverse
from wagtail.models import Collection

from fiches.media.access import PARTNERS_COLLECTION
from fiches.models import FichePage
from tests.config.screens import document, read, signed_in
from tests.factories import (
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
    UserFactory,
)
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db

WORD = "zygene"
REFUSALS = {
    "document": "Vous n’avez pas accès à ce document. Choisissez-en un autre.",
    "picture": "Vous n’avez pas accès à cette image. Choisissez-en une autre.",
}


@pytest.fixture
def private(tree):
    return Collection.objects.get(name=PARTNERS_COLLECTION)


@pytest.fixture
def others_records(tree, private):
    """``{kind: key}`` of what another partner keeps."""
    other = UserFactory(role="partenaire")
    mine = {"collection": private, "uploaded_by_user": other}
    return {
        "document": document(f"{WORD}-document", **mine),
        "picture": IllustrationFactory(title=f"{WORD} image", **mine),
    }


@pytest.fixture
def partner(tree):
    return UserFactory(role="partenaire")


def link(kind, pk):
    """A rich text that names something, as the editor sends it."""
    entity = {"type": kind, "mutability": "MUTABLE", "data": {"id": pk}}
    ranges = [{"offset": 0, "length": 4, "key": 0}]
    block = {"key": "abcde", "text": "Le texte tapé", "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
    return json.dumps({"entityMap": {"0": entity}, "blocks": [{**block, "entityRanges": ranges}]})


def words(response):
    """What an answer holds, the data of its scripts read as text."""
    text = html.unescape(response.content.decode())
    return re.sub(r"\\+u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


def body(kind, value):
    head = {"corps-count": "1", "corps-0-deleted": "", "corps-0-order": "0", "corps-0-type": kind, "corps-0-id": ""}
    values = value if isinstance(value, dict) else {"": value}
    return {**head, **{f"corps-0-value{name}": each for name, each in values.items()}}


def gallery(pk, own):
    values = {"-images-count": "2"}
    for number, each in enumerate((own, pk)):
        here = f"-images-{number}"
        values |= {f"{here}-deleted": "", f"{here}-order": number, f"{here}-id": ""}
        values |= {
            f"{here}-value-image-image": each,
            f"{here}-value-image-decorative": "on",
            f"{here}-value-legende": "",
        }
    return body("galerie", values)


def sent(kind, others_records, own):
    """``(what is named, the data that name it)``."""
    document, picture = (others_records[name].pk for name in ("document", "picture"))
    return {
        "document block": ("document", body("document", {"-document": document, "-titre": "Le texte tapé"})),
        "image block": (
            "picture",
            body("image", {"-image-image": picture, "-image-decorative": "on", "-legende": "Le texte tapé"}),
        ),
        "gallery": ("picture", {**gallery(picture, own.pk), "chapo": "Le texte tapé"}),
        "photo": ("picture", {"photo": picture, "photo_decorative": "on", "chapo": "Le texte tapé"}),
        "logo": ("picture", {"logo": picture, "logo_decorative": "on", "chapo": "Le texte tapé"}),
        "document of a text": ("document", body("texte", link("DOCUMENT", document))),
    }[kind]


WAYS = ["document block", "image block", "gallery", "photo", "logo", "document of a text"]


def test_another_partner_s_thing_is_refused_in_a_new_fiche(tree, private, others_records, partner):
    client = signed_in(partner)
    own = IllustrationFactory(collection=private, uploaded_by_user=partner)
    address = reverse("wagtailadmin_pages:add", args=["rallynov_fiches", "fichepage", tree.fiches.pk])
    typed = {**filled_form(client.get(address)), "title": "La mienne", "slug": "la-mienne", "organisation": "Moi"}
    before = set(FichePage.objects.values_list("pk", flat=True))
    for way in WAYS:
        kind, data = sent(way, others_records, own)
        page_text = words(client.post(address, {**typed, **data}))
        assert set(FichePage.objects.values_list("pk", flat=True)) == before, way
        assert (REFUSALS[kind] in page_text, "Le texte tapé" in page_text) == (True, True), way
    assert read(others_records["document"].url, client) == 404


def test_what_the_fiche_showed_already_stays_and_one_s_own_may_be_chosen(tree, private, others_records, partner):
    fiche = FichePageFactory(
        parent=tree.fiches, live=False, owner=partner, corps=[("document", {"document": others_records["document"]})]
    )
    fiche.save_revision(user=partner)
    own = IllustrationFactory(collection=private, uploaded_by_user=partner)
    client = signed_in(partner)
    edit = reverse("wagtailadmin_pages:edit", args=[fiche.pk])
    data = {**filled_form(client.get(edit)), "photo": own.pk, "photo_decorative": "on", "chapo": "Relu."}
    assert client.post(edit, data).status_code == 302
    draft = FichePage.objects.get(pk=fiche.pk).get_latest_revision_as_object()
    assert (draft.chapo, draft.photo, draft.corps[0].value["document"]) == ("Relu.", own, others_records["document"])


def test_a_document_of_an_etape_is_refused_beside_its_field(tree, others_records, partner):
    etape = EtapePageFactory(parent=tree.etapes, organisateurs=[PartenaireFactory(membres=[partner])])
    etape.save_revision().publish()
    client = signed_in(partner)
    edit = reverse("wagtailadmin_pages:edit", args=[etape.pk])
    row = {
        "documents-TOTAL_FORMS": "1",
        "documents-0-document": others_records["document"].pk,
        "documents-0-titre": "Tapé",
    }
    row |= {"documents-0-id": "", "documents-0-ORDER": "1", "documents-0-DELETE": ""}
    response = client.post(edit, {**filled_form(client.get(edit)), **row})
    [child] = response.context["form"].formsets["documents"].forms
    assert child.errors["document"] == [REFUSALS["document"]]
    assert child["titre"].value() == "Tapé"
    assert read(others_records["document"].url, client) == 404


def test_the_staff_choose_what_they_may(tree, others_records):
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    client = signed_in(UserFactory(role="redaction"))
    edit = reverse("wagtailadmin_pages:edit", args=[fiche.pk])
    data = {
        **filled_form(client.get(edit)),
        **body("document", {"-document": others_records["document"].pk, "-titre": ""}),
    }
    assert client.post(edit, data).status_code == 302
    assert (
        FichePage.objects.get(pk=fiche.pk).get_latest_revision_as_object().corps[0].value["document"]
        == others_records["document"]
    )
