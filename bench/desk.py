"""`python -m bench.desk`: the CPU time of the admin's screens with 5,000 fiches, beside a stock Wagtail site of as many pages.

Two processes, asked by turns: the site, and one as `wagtail start` makes it. Both have the same 5,000 pages (`bench.stock`), of which
the explorer and the editor are compared, and as many others: fiches here, pages of the same type there. The lists, dashboards and reports of the site are compared with the stock explorer;
`tests/redaction/test_redaction_couts.py` counts their queries. Both as an administrator. The first time, fills two databases for some
minutes. ``BENCH_ROUNDS`` (3).
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.depths import DEPTHS, deeper

ROOT = Path(__file__).resolve().parents[1]
NUMBER = 5_000
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
OURS, STOCK = "bench.settings_desk", "bench.settings_stock"
EXPLORER = "explorateur de 5 000 pages"
# Screens of Wagtail's, in both sites.
WAGTAILS = {
    EXPLORER: "/admin/pages/{list}/",
    "édition d’une page": "/admin/pages/{page}/edit/",
}
# Screens of ours: lists, dashboards and reports.
SCREENS = {
    "accueil": "/admin/",
    "fiches": "/admin/fiches/",
    "fiches, filtrées": "/admin/fiches/?q=entreprise&manque=photo",
    "étapes": "/admin/etapes/",
    "comptes rendus": "/admin/etapes/comptes-rendus/",
    "candidatures": "/admin/candidatures/dossiers/",
    "corbeille": "/admin/redaction/corbeille/",
    "liens morts": "/admin/redaction/liens/",
    "boîte d’envoi": "/admin/redaction/courriels/",
    "portée": "/admin/portee/",
    "palmarès": "/admin/palmares/",
    "partenaires": "/admin/snippets/rallynov_fiches/partenaire/",
    "textes des courriels": "/admin/snippets/rallynov_fiches/modeledecourriel/",
}
# Targets, as multiples of the stock site: of the same screen, and of its explorer.
SAME, EXPLORED = 1.1, 1.0


def prepare():
    """Fills the database of the settings, unless it is filled. Returns ``{"list", "page"}``: the keys of the pages to open."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from wagtail.models import Locale

    from bench.databases import load

    Path(settings.DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    if os.environ["DJANGO_SETTINGS_MODULE"] == OURS and not get_user_model().objects.exists():
        load(NUMBER)
    get_user_model().objects.get_or_create(username="bench", defaults={"is_superuser": True, "is_active": True})
    for language, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        Locale.objects.get_or_create(language_code=language)
    if os.environ["DJANGO_SETTINGS_MODULE"] == STOCK:
        add_pages("others")
    parent = add_pages("stock")
    last = parent.get_children().last()
    last.specific.save_revision().publish()
    return {"list": parent.pk, "page": last.pk}


def add_pages(slug):
    """Fills the page ``slug``, below the first page of the site, up to `NUMBER` pages. Returns it."""
    from django.db import transaction
    from wagtail.models import Page

    from bench.stock.models import StockPage

    with transaction.atomic():
        parent = Page.objects.filter(slug=slug).first()
        if parent is None:
            parent = Page.objects.get(depth=2).add_child(instance=StockPage(title="Stock", slug=slug))
        for number in range(parent.numchild, NUMBER):
            page = StockPage(title=f"Page {number}", intro="Quelques mots.", body=[("paragraph", "<p>Un texte.</p>")])
            parent.add_child(instance=page)
    return parent


def answer():
    """In the process of one site: reads addresses from the standard input, answers each with the CPU milliseconds of a request."""
    import django

    django.setup()
    keys = prepare()

    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username="bench"))
    print("prêt", flush=True)
    for line in sys.stdin:
        address, spent = line.strip().format(**keys), []
        for depth in DEPTHS:
            started = time.process_time()
            response = deeper(depth, client.get, address)
            spent.append(time.process_time() - started)
            if response.status_code != 200:
                sys.exit(f"{address} : {response.status_code}")
        print(1000 * statistics.fmean(spent), flush=True)


def site(settings):
    """The process that answers for a site."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
    command = [sys.executable, "-m", "bench.desk", "answer"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if "prêt\n" not in process.stdout:  # after what is printed while the database is filled
        sys.exit(f"{settings} : {process.wait()}")
    return process


def ask(process, address):
    print(address, file=process.stdin, flush=True)
    return float(process.stdout.readline())


def main():
    ours, stock = site(OURS), site(STOCK)
    asked = [(process, address) for address in WAGTAILS.values() for process in (ours, stock)]
    asked += [(ours, address) for address in SCREENS.values()]
    for each in asked:  # what is made at a first reading
        ask(*each)
    rounds = [[ask(*each) for each in asked] for _round in range(ROUNDS)]
    costs = dict(zip(asked, map(statistics.median, zip(*rounds, strict=True)), strict=True))
    explorer = costs[stock, WAGTAILS[EXPLORER]]
    lines = [(name, costs[ours, address], costs[stock, address], SAME) for name, address in WAGTAILS.items()]
    lines += [(name, costs[ours, address], explorer, EXPLORED) for name, address in SCREENS.items()]
    print(f"{'':28}{'ici, ms':>10}{'Wagtail, ms':>13}{'rapport':>9}{'but':>6}")
    for name, here, there, most in lines:
        print(
            f"{name:28}{here:10.1f}{there:13.1f}{here / there:9.2f}{most:6.1f}{'' if here <= most * there else '  non'}"
        )
    for process in (ours, stock):
        process.stdin.close()
        process.wait()


if __name__ == "__main__":
    answer() if sys.argv[1:] == ["answer"] else main()
