"""Before `make run` serves: brings the database up to date and, when it has never been used, fills it with the demo."""

import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PASSWORD_FILE = ROOT / ".demo-password"
ACCOUNTS = "admin, redaction, moderation, partenaire, jury"


def main() -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    from tools.serve import refuse_taken

    refuse_taken(int(os.environ.get("PORT", "8000")))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    refuse_a_base_of_before()
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


def refuse_a_base_of_before() -> None:
    """Migrations were begun again before 1.0.0: what was filled before can't be brought up to date.

    :raises SystemExit: says so in one line, with the way to start again.
    """
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    if loader.applied_migrations.keys() - loader.disk_migrations.keys():
        base = connection.settings_dict["NAME"]
        sys.exit(f"La base {base} vient d’une autre version du site. Mettez-la de côté, puis relancez : make run")


def follow_port() -> None:
    """Links in the mails lead to the port that the demo is served on this time."""
    from urllib.parse import urlsplit

    from django.conf import settings
    from wagtail.models import Site

    address = urlsplit(settings.BASE_URL)
    for site in Site.objects.filter(is_default_site=True, hostname=address.hostname).exclude(port=address.port or 80):
        site.port = address.port or 80
        site.save()


if __name__ == "__main__":
    main()
