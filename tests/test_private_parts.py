"""The private parts of libraries that the product uses: listed, each with its reason, and looked at again when the library changes."""

import ast
from pathlib import Path

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache.backends.redis import RedisCache
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.forms.formsets import BaseFormSet
from django.urls import URLResolver
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from pypdf import PdfWriter
from treebeard.mp_tree import MP_Node
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.documents.models import AbstractDocument
from wagtail.models import ReferenceIndex
from wagtail.permission_policies.collections import CollectionPermissionLookupMixin

from fiches.overrides import digest

ROOT = Path(__file__).parents[1]
ROOMS = ("etapes", "fiches", "home", "search", "site")
# Named with an underscore so that they are no field's name: their documentation promises them.
DOCUMENTED = {"_meta", "_default_manager", "_base_manager", "_asdict", "_fields"}
# ``{name: (what gives it its meaning, digest of that source, reason)}``
PRIVATE = {
    "_raw_delete": (
        QuerySet._raw_delete,
        "e878941754cb",
        "QuerySet.delete() reads each row and sends its signals, since Wagtail listens to those of every model.",
    ),
    "run_on_commit": (
        BaseDatabaseWrapper.on_commit,
        "3eb44439e2c5",
        "Django doesn't say which callbacks wait for a commit: a publication that touches ten records purges once.",
    ),
    "_extract_references_from_object": (
        ReferenceIndex._extract_references_from_object,
        "40ae82b2fa3d",
        "Wagtail's public functions answer only for what its index holds, not for a draft in memory.",
    ),
    "_get_children_path_interval": (
        MP_Node._get_children_path_interval,
        "ba7307032715",
        "The preview of a dossier needs a path below the list of fiches, that no page has.",
    ),
    "_get_path": (MP_Node._get_path, "3bbea125044a", "A migration's historical models have no tree methods."),
    "_str2int": (MP_Node._str2int, "3839b1fb126b", "A migration's historical models have no tree methods."),
    "_get_user_permission_objects_for_actions": (
        CollectionPermissionLookupMixin._get_user_permission_objects_for_actions,
        "17714a7d70a0",
        "The policy that extends Wagtail's asks it for the collections in which a user may add.",
    ),
    "_original_avatar": (
        AvatarPreferencesForm.__init__,
        "ab516a6ba386",
        "Wagtail's form deletes the former portrait itself, and keeps it here.",
    ),
    "_password": (
        AbstractBaseUser.set_password,
        "f3b18e8be735",
        "Django hashes the same password anew at log-in: only this tells a new one before it is saved.",
    ),
    "_servers": (RedisCache.__init__, "40131bec6169", "The cache of a silent server is left out, by its address."),
    "_set_document_file_metadata": (
        AbstractDocument._set_document_file_metadata,
        "869f1faedf23",
        "Wagtail writes the size and the hash of a document only when its form is saved.",
    ),
    "_should_delete_form": (
        BaseFormSet._should_delete_form,
        "6ab8ba4b13ad",
        "deleted_forms answers only for a valid formset; a draft's may be invalid.",
    ),
    "_populate": (
        URLResolver._populate,
        "fd4ac62e7f63",
        "Gunicorn's first process compiles the addresses once, before it starts the others.",
    ),
    "_add_object": (PdfWriter._add_object, "ec1370530344", "pypdf has no public way to add a stream to a file."),
    "_worksheet_path": (
        ReadOnlyWorksheet.__init__,
        "a3eeb9a3d84c",
        "openpyxl doesn't give merged cells, nor formulas without a result, of a large file.",
    ),
}


@pytest.mark.parametrize("name", PRIVATE)
def test_a_private_part_is_what_it_was_when_it_was_last_read(name):
    """When this fails, read the new source: mend the code that uses it, then write its new digest."""
    source, known, _reason = PRIVATE[name]
    assert digest(source) == known


def private_names(sources):
    """The names with an underscore, and those of :data:`PRIVATE`, that the code reads of an object and gives to none itself."""
    own, read = set(), set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                own.add(name)
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                own.add(name)
            case ast.Attribute(attr=name) if name in PRIVATE or name.startswith("_") and not name.startswith("__"):
                read.add(name)
    return read - own - DOCUMENTED


def test_no_other_private_part_is_used():
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    assert private_names(path.read_text() for path in files) == {*PRIVATE}


def test_a_private_part_is_found():
    assert private_names(["self._own = page._other", "def _mine(): rows._mine()"]) == {"_other"}
