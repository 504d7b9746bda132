"""`python tools/migrations.py [SINCE]`: lists the new migrations that would break the version in service.

A release migrates first and then restarts the servers one by one, so the old code runs on the new tables for a while: columns
that it reads must remain, and rows that it writes must be valid. SINCE is a git reference, by default the last tag; without
any tag, nothing was released yet.

A migration that requires stopping the site declares it: ``needs_stop = "why"``.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def breaks_old_code(operation: Any) -> str:
    """Why the old code fails after this operation; "" if it does not."""
    from django.db import migrations
    from django.db.migrations.operations.base import Operation

    kinds: dict[type[Operation], str] = {
        migrations.RemoveField: "the old code still reads this column",
        migrations.DeleteModel: "the old code still reads this table",
        migrations.RenameField: "the old code knows the old name only",
        migrations.RenameModel: "the old code knows the old name only",
        migrations.AlterModelTable: "the old code knows the old name only",
        migrations.AddConstraint: "the old code may write what is refused now",
        migrations.AlterUniqueTogether: "the old code may write what is refused now",
    }
    if isinstance(operation, migrations.AddField):
        return _added(operation.field)
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return next(filter(None, map(breaks_old_code, operation.database_operations)), "")
    return next((why for kind, why in kinds.items() if isinstance(operation, kind)), "")


def _added(field: Any) -> str:
    from django.db.models import NOT_PROVIDED

    if field.many_to_many or field.null or field.db_default is not NOT_PROVIDED:
        return ""
    return "the old code writes rows without this column: give it null=True or db_default"


def faults(migration: Any) -> list[str]:
    """Messages about the operations that break the old code; none if the migration declares ``needs_stop``."""
    if getattr(migration, "needs_stop", ""):
        return []
    created = {
        operation.name.lower() for operation in migration.operations if type(operation).__name__ == "CreateModel"
    }
    messages = []
    for operation in migration.operations:
        if getattr(operation, "model_name", "").lower() in created:
            continue  # the old code does not use a new table
        why = breaks_old_code(operation)
        if why:
            messages.append(f"{migration.app_label}.{migration.name}: {operation.describe()}: {why}")
    return messages


def added_since(reference: str) -> set[str]:
    """Paths of the migrations that do not exist in git at ``reference``."""
    known = _git("ls-tree", "-r", "--name-only", reference)
    now = _git("ls-files")
    return {path for path in set(now) - set(known) if "/migrations/0" in path}


def _git(*arguments: str) -> list[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()


def main() -> int:
    tags = _git("tag", "--sort=-creatordate")
    reference = sys.argv[1] if len(sys.argv) > 1 else next(iter(tags), "")
    if not reference:
        print("Aucune version publiée : aucune migration à comparer.")
        return 0
    from django.db.migrations.loader import MigrationLoader

    paths = added_since(reference)
    loader = MigrationLoader(None)
    new = [
        migration
        for migration in loader.disk_migrations.values()
        if f"{migration.__module__.replace('.', '/')}.py" in paths
    ]
    found = [fault for migration in new for fault in faults(migration)]
    print(*found, sep="\n")
    print(f"{len(new)} migrations depuis {reference}, {len(found)} que la version en service ne supporterait pas.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django

    django.setup()
    sys.exit(main())
