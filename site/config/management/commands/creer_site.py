"""Makes a site ready for real work from an empty database: pages, menus, grid, roles, first account."""

import secrets
import sys
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
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
        parser.add_argument("--editeur", help="name of the organisation that publishes the site")
        parser.add_argument("--compte", help="name of the first account (admin)")

    def handle(self, *args: Any, **options: Any) -> None:
        self.refuse_missing_tables()
        self.refuse_content()
        self.options = options
        self.refuse_missing("nom", "departements", "courriel")
        order = self.order()
        accounts = get_user_model().objects.exists()
        if not accounts:
            username = self.answer("compte", _("Name of the first account (admin): "), "admin")
            password = self.password()
        drafts = create_site(order)
        self.stdout.write(_("The site “%(name)s” is made, for %(territory)s.") % self.words(order))
        if accounts:
            self.stdout.write(_("The accounts that were here stay as they are."))
        else:
            create_account(username, order.courriel, password)
            message = _("First account: %(name)s; password: %(password)s. Change it in the admin.")
            shown = {"name": username, "password": password if self.is_drawn else _("the one that you typed")}
            self.stdout.write(message % shown)
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

    def refuse_missing(self, *names: str) -> None:
        missing = [f"--{name}" for name in names if not self.options[name]]
        if missing and not sys.stdin.isatty():
            raise CommandError(_("Nothing was made: give %(options)s.") % {"options": ", ".join(missing)})

    def answer(self, name: str, question: str, default: str = "") -> str:
        """The option ``name``, else what the person at the terminal types, else ``default``."""
        if self.options[name] is not None:
            return self.options[name].strip()
        return (input(question).strip() if sys.stdin.isatty() else "") or default

    def order(self) -> Order:
        nom = self.answer("nom", _("Name of the site: "))
        if not nom or len(nom) > MAX_NAME:
            raise CommandError(
                _("Nothing was made: the name of the site has 1 to %(most)s characters.") % {"most": MAX_NAME}
            )
        codes = self.answer("departements", _("Numbers of its départements (22,29,35,56): "))
        try:
            chosen = territory_of(codes, getattr(settings, "RALLYNOV_TERRITOIRE_NOM", ""))
        except UnknownDepartementError as error:
            raise CommandError(_("Nothing was made: --departements %(why)s") % {"why": error}) from error
        courriel = self.answer("courriel", _("Mail address where readers get an answer: "))
        try:
            validate_email(courriel)
        except ValidationError as error:
            raise CommandError(_("Nothing was made: “%(text)s” is not a mail address.") % {"text": courriel}) from error
        return Order(nom, chosen, self.answer("editeur", _("Who publishes the site (may stay empty): ")), courriel)

    def password(self) -> str:
        """The password that the person at the terminal types, else one drawn at random."""
        typed = getpass(_("Password of the first account (empty: one is drawn): ")) if sys.stdin.isatty() else ""
        self.is_drawn = not typed
        try:
            validate_password(typed) if typed else None
        except ValidationError as error:
            raise CommandError(" ".join([_("Nothing was made."), *error.messages])) from error
        return typed or secrets.token_urlsafe(15)

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

    def words(self, order: Order) -> dict[str, Any]:
        return {"name": order.nom, "territory": order.territoire.area.nom}
