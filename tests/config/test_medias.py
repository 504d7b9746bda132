"""Pictures, and the files of documents: served when a public page shows them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from fiches.candidatures.pieces import private_collection
from fiches.media.access import PARTNERS_COLLECTION, visible
from tests.config.screens import document, read, signed_in
from tests.factories import FichePageFactory, IllustrationFactory, PartenaireFactory, UserFactory

pytestmark = pytest.mark.django_db


def fiche_with(tree, image=None, file=None, **fields):
    corps = [("document", {"document": file})] if file else []
    return FichePageFactory(parent=tree.fiches, photo=image, photo_decorative=True, corps=corps, **fields)


def hidden_pages(tree):
    """``(a name, what makes a fiche that the public may not see)``."""
    yesterday = timezone.now() - timedelta(days=1)
    return {
        "draft": lambda **fields: fiche_with(tree, live=False, **fields),
        "under review": lambda **fields: _under_review(fiche_with(tree, live=False, **fields)),
        "withdrawn": lambda **fields: fiche_with(tree, **fields).unpublish(),
        "expired": lambda **fields: fiche_with(tree, expire_at=yesterday, **fields),
        "deleted": lambda **fields: fiche_with(tree, **fields).delete(),
        "reserved": lambda **fields: PageViewRestriction.objects.create(
            page=fiche_with(tree, **fields), restriction_type="login"
        ),
    }


def _under_review(fiche):
    fiche.get_workflow().start(fiche, UserFactory(role="partenaire"))


def test_what_public_pages_show_is_visible_and_nothing_else(tree):
    for name, make in hidden_pages(tree).items():
        make(image=IllustrationFactory(title=f"zeugme {name}"), file=document(f"zeugme {name}"))
    IllustrationFactory(title="zeugme alone")
    document("zeugme alone")
    fiche_with(tree, IllustrationFactory(title="montrée"), document("montré"))
    PartenaireFactory(logo=IllustrationFactory(title="un logo"))
    assert {image.title for image in visible(get_image_model())} == {"montrée", "un logo"}
    assert [file.title for file in visible(Document)] == ["montré"]


@pytest.mark.parametrize(
    "hide", ["draft", "under review", "withdrawn", "expired", "deleted", "reserved", "on no page at all"]
)
def test_a_document_that_no_public_page_offers_is_served_to_the_staff_alone(tree, hide):
    file = document()
    hidden_pages(tree).get(hide, lambda **fields: None)(file=file)
    assert read(file.url) == 404
    if hide != "reserved":
        assert read(file.url, signed_in(UserFactory())) == 404
    assert read(file.url, signed_in(UserFactory(role="partenaire"))) == (b"le contenu" if hide == "reserved" else 404)
    for role in ("redaction", "moderation", "admin"):
        response = signed_in(UserFactory(role=role)).get(file.url)
        assert (response.getvalue(), response["Cache-Control"]) == (b"le contenu", "private, no-store")
        assert "Access-Control-Allow-Origin" not in response
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_document_is_public_from_its_page_s_publication_to_its_withdrawal(tree):
    file = document()
    fiche = fiche_with(tree, file=file, live=False)
    fiche.save_revision().publish()
    assert read(file.url) == b"le contenu"
    served = Client().get(file.url)
    assert "private" not in served.get("Cache-Control", "")
    assert served["Access-Control-Allow-Origin"] == "*"
    assert served["Content-Security-Policy"] == "default-src 'none'; sandbox"
    fiche.unpublish()
    assert read(file.url) == 404


@pytest.fixture
def private():
    return Collection.objects.get(name=PARTNERS_COLLECTION)


@pytest.mark.parametrize("who", ["an account", "another partner"])
def test_a_partner_s_private_collection_is_open_to_no_other_account(tree, private, who):
    owner = UserFactory(role="partenaire")
    file = document("zeugme", collection=private, uploaded_by_user=owner)
    IllustrationFactory(title="zeugme", collection=private, uploaded_by_user=owner)
    IllustrationFactory(title="zeugme", collection=private_collection())
    client = signed_in(UserFactory(role="partenaire" if who == "another partner" else ""))
    assert read(file.url, client) == 404
    assert (
        read(file.url, signed_in(owner)) == read(file.url, signed_in(UserFactory(role="moderation"))) == b"le contenu"
    )


def test_a_partner_s_picture_stays_private_until_the_hour_at_which_its_fiche_is_published(tree, private):
    owner = UserFactory(role="partenaire")
    image = IllustrationFactory(title="zeugme", collection=private, uploaded_by_user=owner)
    fiche = fiche_with(tree, image, live=False, go_live_at=timezone.now() + timedelta(days=1))
    fiche.latest_revision.publish()
    assert not visible(get_image_model()).exists()
    assert IllustrationFactory._meta.model.objects.get(pk=image.pk).collection == private
    fiche.refresh_from_db()
    fiche.go_live_at = None
    fiche.save_revision().publish()
    assert IllustrationFactory._meta.model.objects.get(pk=image.pk).collection.depth == 1


def test_a_document_in_a_private_collection_stays_there_though_a_public_page_names_it(tree, private):
    file = document(collection=private)
    fiche_with(tree, file=file)
    assert read(file.url) == read(file.url, signed_in(UserFactory(role="partenaire"))) == 404
    assert not visible(Document).exists()


def test_the_password_that_the_staff_put_on_a_collection_is_asked_for(tree):
    shared = Collection.get_first_root_node().add_child(name="Presse")
    closed = {"restriction_type": "password", "password": "ouvre"}
    restriction = CollectionViewRestriction.objects.create(collection=shared, **closed)
    file = document(collection=shared)
    client = Client()
    asked = client.get(file.url)
    assert b'type="password"' in asked.content
    assert asked["Cache-Control"] == "private, no-store"
    address = f"/documents/authenticate_with_password/{restriction.pk}/"
    client.post(address, {"password": "ouvre", "return_url": file.url})
    assert read(file.url, client) == b"le contenu"


def test_a_partner_sees_what_a_draft_of_theirs_shows_whoever_sent_it(tree):
    owner = UserFactory(role="partenaire")
    image, other = IllustrationFactory(), IllustrationFactory()
    FichePageFactory(parent=tree.fiches, live=False, owner=owner, photo=image, photo_decorative=True)
    client = signed_in(owner)
    where = [f"/media/{each.get_rendition('max-100x100').file.name}" for each in (image, other)]
    assert [client.get(address).status_code for address in where] == [200, 404]
    assert signed_in(UserFactory(role="partenaire")).get(where[0]).status_code == 404
