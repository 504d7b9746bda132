"""Makes a site ready for real work from an empty database: pages, menus, grid, roles, first account."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from config.new_site import NotEmptyError, Order, check_empty, create_account, create_site
from fiches.territoire.territory import UnknownDepartementError, territory, territory_of
from home.models.settings import Organisme

# Longest name that the publisher's record holds.
MAX_NAME = Organisme._meta.get_field("nom").max_length


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--nom", help="name of the site, such as « Breizh’nov »")
        parser.add_argument("--departements", help="numbers of its départements, such as 22,29,35,56")
        parser.add_argument("--courriel", help="mail address where readers get an answer, and of the first account")
        parser.add_argument("--editeur", default="", help="name of the organisation that publishes the site")
        parser.add_argument("--compte", default="admin", help="name of the first account (admin)")

    def handle(self, *args: Any, **options: Any) -> None:
        self.refuse_missing_tables()
        self.refuse_content()
        order = self.order(options)
        accounts = get_user_model().objects.exists()
        drafts = create_site(order)
        made = {"name": order.nom, "territory": order.territoire.area.nom}
        self.stdout.write(_("The site “%(name)s” is made, for %(territory)s.") % made)
        if accounts:
            self.stdout.write(_("The accounts that were here stay as they are."))
        else:
            first = {"name": options["compte"], "password": secrets.token_urlsafe(15)}
            create_account(first["name"], order.courriel, first["password"])
            message = _("First account: %(name)s; password: %(password)s. Change it in the admin.")
            self.stdout.write(message % first)
        self.say_what_is_left(order, drafts)

    def refuse_missing_tables(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(_("Nothing was made: the database is not ready. First run “manage.py migrate”."))

    def refuse_content(self) -> None:
        try:
            check_empty()
        except NotEmptyError as error:
            message = _("Nothing was made: this database already holds content (“%(title)s”). Use an empty database.")
            raise CommandError(message % {"title": error}) from error

    def order(self, options: dict[str, Any]) -> Order:
        if missing := [f"--{name}" for name in ("nom", "departements", "courriel") if not options[name]]:
            raise CommandError(_("Nothing was made: give %(options)s.") % {"options": ", ".join(missing)})
        if len(options["nom"]) > MAX_NAME:
            raise CommandError(
                _("Nothing was made: the name of the site has 1 to %(most)s characters.") % {"most": MAX_NAME}
            )
        try:
            chosen = territory_of(options["departements"], getattr(settings, "RALLYNOV_TERRITOIRE_NOM", ""))
        except UnknownDepartementError as error:
            raise CommandError(_("Nothing was made: --departements %(why)s") % {"why": error}) from error
        courriel = options["courriel"]
        try:
            validate_email(courriel)
        except ValidationError as error:
            raise CommandError(_("Nothing was made: “%(text)s” is not a mail address.") % {"text": courriel}) from error
        return Order(options["nom"], chosen, options["editeur"], courriel)

    def say_what_is_left(self, order: Order, drafts: list[Any]) -> None:
        self.stdout.write(_("What is left to do:"))
        variables = {"RALLYNOV_NOM": order.nom} if order.nom != settings.WAGTAIL_SITE_NAME else {}
        if territory().departements != order.territoire.departements:
            variables["RALLYNOV_TERRITOIRE"] = ",".join(order.territoire.departements)
        if settings.DEFAULT_FROM_EMAIL.endswith("@localhost>"):
            variables["RALLYNOV_FROM_EMAIL"] = f"{order.nom} <{order.courriel}>"
        for name, value in variables.items():
            quote = '"' if "'" in value else "'"  # systemd and a shell read both
            self.stdout.write(f"- {name}={quote}{value}{quote}")
        titles = ", ".join(page.title for page in drafts)
        self.stdout.write(
            "- "
            + _("complete and publish these pages: %(titles)s. The dossier and the tip open then.") % {"titles": titles}
        )
        self.stdout.write(
            "- "
            + _("open a call, so that dossiers can be sent. The admin: %(address)s")
            % {"address": f"{settings.WAGTAILADMIN_BASE_URL}/admin/"}
        )
