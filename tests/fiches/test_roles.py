"""Who may do what, by every way in."""

import pytest
from django.contrib.auth.models import Group

pytestmark = pytest.mark.django_db


def rights(name):
    """Everything that a group may do, as words."""
    group = Group.objects.get(name=name)
    pages = group.page_permissions.values_list("page__slug", "permission__codename")
    collections = group.collection_permissions.values_list("collection__name", "permission__codename")
    return (
        {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")},
        {f"{slug}: {codename}" for slug, codename in pages},
        {f"{name}: {codename}" for name, codename in collections},
    )


def test_a_partner_may_only_add_fiches_pictures_and_documents(tree):
    assert rights("Partenaires") == (
        {"wagtailadmin.access_admin"},
        {"fiches: add_page"},
        {"Partenaires (privé): add_image", "Partenaires (privé): add_document"},
    )
