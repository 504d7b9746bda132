"""Titles and tags of pictures and documents that a person may not choose: told by no bulk action, list or suggestion."""

import pytest
from wagtail.models import Collection

from fiches.media.access import PARTNERS_COLLECTION
from tests.config.test_medias import document, signed_in
from tests.factories import IllustrationFactory, UserFactory

pytestmark = pytest.mark.django_db

WORD = "zygene"
ACTIONS = ["delete", "add_tags", "add_to_collection"]


@pytest.fixture
def media(tree):
    """``(a partner, another's picture and document, the partner's own)``, each with a tag."""
    private = Collection.objects.get(name=PARTNERS_COLLECTION)
    partner = UserFactory(role="partenaire")
    made = []
    for owner, word in ((UserFactory(role="partenaire"), WORD), (partner, "mienne")):
        fields = {"collection": private, "uploaded_by_user": owner}
        pair = {"image": IllustrationFactory(title=f"{word} image", **fields), "document": document(word, **fields)}
        for each in pair.values():
            each.tags.add(f"{word}-mot")
        made.append(pair)
    return partner, *made


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(("kind", "model"), [("image", "home/illustration"), ("document", "wagtaildocs/document")])
def test_a_bulk_action_names_one_s_own_and_no_other(media, kind, model, action):
    partner, theirs, own = media
    address = f"/admin/bulk/{model}/{action}/?id={theirs[kind].pk}&id={own[kind].pk}"
    html = signed_in(partner).get(address).content.decode()
    assert (WORD in html, "mienne" in html) == (False, True)
    assert WORD in signed_in(UserFactory(role="admin")).get(address).content.decode()


def test_the_suggested_tags_are_those_of_what_is_seen(media):
    partner = signed_in(media[0])
    for address in ("/admin/tag-autocomplete/", "/admin/tag-autocomplete/taggit/tag/"):
        assert partner.get(address, {"term": "zyg"}).json() == []
        assert partner.get(address, {"term": "mie"}).json() == ["mienne-mot"]
        assert signed_in(UserFactory(role="redaction")).get(address, {"term": "zyg"}).json() == [f"{WORD}-mot"]


@pytest.mark.parametrize("address", ["/admin/documents/", "/admin/images/", "/admin/images/chooser/"])
def test_a_list_offers_the_tags_of_what_is_seen(media, address):
    html = signed_in(media[0]).get(address).content.decode()
    assert (WORD in html, "mienne-mot" in html) == (False, True)
