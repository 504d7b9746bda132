"""A migration undone and done again, or the migrations of an upgrade, on what a database holds: what that lost."""

import sys
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.services.pannes.contenu import only, tables

ROOT = Path(__file__).resolve().parents[3]
OWN_RIGHTS = {
    *("auth_group_permissions", "wagtailcore_grouppagepermission", "wagtailcore_groupcollectionpermission"),
    "wagtailcore_workflowpage",
}
"""Migrations give rights and reviews, so that undoing one takes what it gave; done again, each has what it had."""
GROWS = {"auth_permission", "django_content_type", "django_tasks_database_dbtaskresult"}
"""A model that a migration dropped comes back for a while, and Django keeps its name; what is made anew is a task."""
TOLD = {"rallynov_fiches_version"}
"""Moves each time that something is written: every kept response is old."""
MADE_ANEW = {
    "rallynov_fiches_publication": {"contents", "release", "changed_at", "sequence"},
    "rallynov_fiches_mot": {"id"},
    "wagtailcore_task": {"content_type_id"},
}
"""Columns whose values a migration may empty or change: the next reader computes them. The steps of the review have Wagtail's own class
while ours is absent."""
GIVEN_UP = set()
"""`table` or `table.column`: what this version takes away from the last one on purpose."""


def demonstrate():
    call_command("demo", verbosity=0, stdout=sys.stderr)  # stdout is for the answers


def steps(depth):
    """``[(app, migration that is undone, the one before)]``: the last ``depth`` of each app of the project. Its first one makes
    its tables: undone, they go with what they hold."""
    files = MigrationLoader(None).disk_migrations
    found = []
    for app in apps.get_app_configs():
        if Path(app.path).is_relative_to(ROOT) and "site-packages" not in app.path:
            names = sorted(name for label, name in files if label == app.label)
            found += [(app.label, undone, kept) for kept, undone in list(zip(names, names[1:], strict=False))[-depth:]]
    return found


def losses(app, kept):
    """Tables that hold less while ``app`` is back at ``kept``, or anything else once it has come forth again.

    Only columns that are there all along are compared: what a migration adds goes with it.
    """
    before = _content()
    call_command("migrate", app, kept, verbosity=0)
    meanwhile = _content()
    call_command("migrate", verbosity=0)
    after = _content()
    found = [] if {n: set(t[0]) for n, t in before.items()} == {n: set(t[0]) for n, t in after.items()} else ["columns"]
    for name in sorted(before.keys() & meanwhile.keys() & after.keys()):
        names = set(before[name][0]) & set(meanwhile[name][0]) - MADE_ANEW.get(name, set())
        had = only(names, before[name])
        if name not in OWN_RIGHTS and had - only(names, meanwhile[name]):
            found.append(f"{name} meanwhile")
        now = only(names, after[name])
        if had - now if name in GROWS else had != now:
            found.append(name)
    return found


def upgrade_losses():
    """Tables and columns that are gone once the database of an earlier version is migrated to this one, and tables of which a
    row is gone or has changed, in the columns that both versions have."""
    before = _content()
    call_command("migrate", verbosity=0)
    after = _content()
    found = []
    for name in sorted(before.keys() - GIVEN_UP):
        had, has = set(before[name][0]), set(after[name][0] if name in after else [])
        found += sorted({f"{name}.{column}" for column in had - has} - GIVEN_UP) if has else [name]
        names = had & has - MADE_ANEW.get(name, set())
        if has and only(names, before[name]) - only(names, after[name]):
            found.append(f"{name}: rows")
    return found


def _content():
    return {name: table for name, table in tables().items() if name not in TOLD}
