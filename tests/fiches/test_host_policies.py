"""A host's own permission policies stay in force for its pages and pictures; our rules hold for fiches and partners' uploads."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.models import AbstractPage, Collection, GroupCollectionPermission, Page
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from fiches.media import access
from fiches.moderation import permissions
from tests.factories import ContentPageFactory, FichePageFactory, IllustrationFactory, UserFactory

pytestmark = [pytest.mark.nightly, pytest.mark.django_db]


class HostPagePolicy(PagePermissionPolicy):
    """A page whose title begins with « Frozen » is neither seen nor changed by anybody."""

    def explorable_instances(self, user):
        return super().explorable_instances(user).exclude(title__startswith="Frozen")

    def explorable_root_instance(self, user):
        return Page.objects.get(depth=1)


class HostImagePolicy(CollectionOwnershipPermissionPolicy):
    """A picture whose title begins with « Frozen » is chosen by nobody."""

    def instances_user_has_any_permission_for(self, user, actions):
        return super().instances_user_has_any_permission_for(user, actions).exclude(title__startswith="Frozen")


@pytest.fixture
def host(monkeypatch):
    """The policies that a host registers in its ``AppConfig.ready()``, after ours; then the admin is loaded."""
    reverse("wagtailadmin_home")  # the rules of the tests' own site are added before: they outlive this test
    monkeypatch.setattr(policy_registry, "values_by_class", dict(policy_registry.values_by_class))
    register_permission_policy(AbstractPage, HostPagePolicy(Page))
    image_policy = HostImagePolicy(
        get_image_model(), auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user"
    )
    register_permission_policy(get_image_model(), image_policy)
    access.register()
    permissions.register()


def contributor():
    """An account of a host's group that may add pictures, and choose none."""
    group = Group.objects.create(name="Contributeurs de l’hôte")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    add = Permission.objects.get(codename="add_image")
    GroupCollectionPermission.objects.create(group=group, collection=Collection.get_first_root_node(), permission=add)
    return UserFactory(groups=[group])


def test_the_host_s_policy_of_pages_holds_and_a_partner_sees_its_own_fiches(client, tree, host):
    ContentPageFactory(parent=tree.home, title="Frozen by the host")
    ContentPageFactory(parent=tree.home, title="Ordinaire")
    client.force_login(UserFactory(role="redaction"))
    listed = client.get(f"/admin/pages/{tree.home.pk}/").content.decode()
    assert ("Ordinaire" in listed, "Frozen by the host" in listed) == (True, False)
    partner = UserFactory(role="partenaire")
    FichePageFactory(parent=tree.fiches, live=False, title="La mienne", owner=partner)
    FichePageFactory(parent=tree.fiches, live=False, title="Une autre", owner=UserFactory(role="partenaire"))
    client.force_login(partner)
    listed = client.get(f"/admin/pages/{tree.fiches.pk}/").content.decode()
    assert ("La mienne" in listed, "Une autre" in listed) == (True, False)
    assert policy_registry.get_by_type(Page).explorable_root_instance(partner).depth == 1


def test_the_host_s_policy_of_pictures_holds_and_a_partner_chooses_its_own(client, tree, host):
    def chosen_by(user):
        client.force_login(user)
        return client.get("/admin/images/chooser/").content.decode()

    IllustrationFactory(title="Frozen by the host")
    IllustrationFactory(title="Ordinaire")
    listed = chosen_by(UserFactory(role="redaction"))
    assert ("Ordinaire" in listed, "Frozen by the host" in listed) == (True, False)
    partner = UserFactory(role="partenaire")
    IllustrationFactory(title="Le panneau", uploaded_by_user=partner)
    assert "Le panneau" in chosen_by(partner)


def test_what_a_host_s_contributor_adds_is_chosen_as_the_host_decides(tree):
    reverse("wagtailadmin_home")  # loads the admin's addresses, and our rules with them
    user = contributor()
    own = IllustrationFactory(title="La mienne", uploaded_by_user=user)
    policy = policy_registry.get_by_type(get_image_model())
    assert policy.user_has_permission_for_instance(user, "change", own)
    assert not policy.user_has_permission_for_instance(user, "choose", own)
    assert list(policy.instances_user_has_any_permission_for(user, ["choose"])) == []
