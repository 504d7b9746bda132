"""Prepares `make run`: migrates the database and, if it has no account yet, loads the demonstration."""

import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PASSWORD_FILE = ROOT / ".demo-password"
ACCOUNTS = "admin, redaction, moderation, partenaire, jury"


def main() -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    refuse_incompatible_database()
    call_command("migrate", verbosity=0, interactive=False)
    from django.contrib.auth import get_user_model

    if not get_user_model().objects.exists():
        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        PASSWORD_FILE.touch(mode=0o600)
        PASSWORD_FILE.write_text(password)
        os.environ["DEMO_PASSWORD"] = password
        print("Contenu de démonstration (une à cinq minutes, selon la machine)…", flush=True)
        try:
            call_command("demo")
        except CommandError as error:
            sys.exit(str(error))
    elif PASSWORD_FILE.exists():
        follow_port()
        print(f"Comptes de démonstration : {ACCOUNTS} (mot de passe : {PASSWORD_FILE.read_text()})")
    if not os.environ.get("EMAIL_URL"):
        print("Les courriels s’affichent ici : rien ne quitte cette machine.")
    address = os.environ.get("BASE_URL", "http://127.0.0.1:8000")
    print(f"Rally’nov : {address}/ (administration : {address}/admin/, jury : {address}/jury/) ; Ctrl-C pour arrêter.")


def refuse_incompatible_database() -> None:
    """Refuses a database with migrations that do not exist any more (they were reset before 1.0.0).

    :raises SystemExit: with one line that says what to do.
    """
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    if loader.applied_migrations.keys() - loader.disk_migrations.keys():
        base = connection.settings_dict["NAME"]
        sys.exit(f"La base {base} vient d’une autre version du site. Mettez-la de côté, puis relancez : make run")


def follow_port() -> None:
    """Sets the default site's port to that of BASE_URL, for the links in mails."""
    from urllib.parse import urlsplit

    from django.conf import settings
    from wagtail.models import Site

    address = urlsplit(settings.BASE_URL)
    for site in Site.objects.filter(is_default_site=True, hostname=address.hostname).exclude(port=address.port or 80):
        site.port = address.port or 80
        site.save()


if __name__ == "__main__":
    main()
