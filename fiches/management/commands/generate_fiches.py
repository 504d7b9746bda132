"""Makes N made-up fiches, marked as examples, to try the site and measure it at size; --retirer deletes them."""

import gc
import time
from contextlib import contextmanager
from types import SimpleNamespace

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from fiches import generation
from fiches.models import FicheIndexPage

MOST = 100_000


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("nombre", type=int, nargs="?", default=0, metavar="N")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same fiches (1)")
        parser.add_argument("--sans-index", action="store_true", help="leave them out of lists and search")
        parser.add_argument("--retirer", action="store_true", help="delete the fiches made by this command")

    def handle(self, *args, nombre, seed, sans_index, retirer, **options):
        if retirer:
            with self.timed(_("%(count)s fiches deleted")) as done:
                done.count = generation.remove()
            return
        if not 0 < nombre <= MOST:
            raise CommandError(_("Say how many fiches to make: 1 to %(most)s.") % {"most": MOST})
        index_page = FicheIndexPage.objects.order_by("path").first()
        if not index_page:
            raise CommandError(_("There is no list of the fiches to put them under: make one first."))
        gc.freeze()  # else the collector goes through all of Django again and again
        with self.timed(_("%(count)s fiches made") if sans_index else _("%(count)s fiches made and indexed")) as done:
            pks = generation.generate(nombre, index_page=index_page, seed=seed, indexed=not sans_index)
            done.count = len(pks)

    @contextmanager
    def timed(self, message):
        """Say how many, set as ``count`` inside, and how fast."""
        started, done = time.perf_counter(), SimpleNamespace(count=0)
        yield done
        seconds = time.perf_counter() - started
        speed = _("in %(seconds).1f s (%(rate)d a second).") % {"seconds": seconds, "rate": done.count / seconds}
        self.stdout.write(f"{message % {'count': done.count}} {speed}")
