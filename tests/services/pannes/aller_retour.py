"""The migrations of an upgrade, on what a database holds: what that lost."""

from django.core.management import call_command

from tests.services.pannes.contenu import only, tables

TOLD = {"rallynov_fiches_version"}
"""Moves each time that something is written: every kept response is old."""
MADE_ANEW = {
    "rallynov_fiches_publication": {"contents", "release", "changed_at", "sequence"},
    "rallynov_fiches_mot": {"id"},
}
"""Columns whose values a migration may empty or change: the next reader computes them."""
GIVEN_UP = set()
"""`table` or `table.column`: what this version takes away from the last one on purpose."""


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
