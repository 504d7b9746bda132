"""Loads the demonstration in one transaction."""

from contextlib import contextmanager
from functools import partial

from django.core.management import call_command
from django.db import transaction
from django.db.models.signals import post_save
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.signal_handlers import disable_reference_index_auto_update

from demo import carnets, content, editorial, etapes, fiches, records
from demo.accounts import give_addresses, make_accounts
from demo.dossiers import load_dossiers
from demo.moderation import load_moderation
from demo.pages import page_of, publish
from demo.palmares import load_palmares
from demo.traductions import make_translations
from fiches.moderation import roles
from fiches.publications import ledger


def load(*, password, today):
    """Loads the demonstration into an empty database, in one transaction; returns the number of pages.

    :param password: that of all accounts.
    :param today: date from which the examples' dates are computed.
    """
    with transaction.atomic():
        users = make_accounts(password)
        with _no_index_updates():
            count = _load_content(users, today) + make_translations(users["admin"])
        _index()
    give_addresses()
    return count


def _load_content(users, today):
    admin = users["admin"]
    records.make_carnet_edition()
    records.make_references()
    grid, partners = records.make_grid(), records.make_partners()
    home = editorial.make_home(admin)
    pages = editorial.make_pages(home, admin)
    editorial.finish_home(home, pages, admin)
    roles.restore()
    partners |= records.make_example_partners(users)
    count = 1 + len(pages) + _load_examples(pages, grid, partners, admin, today)
    count += load_dossiers(users)
    count += _load_carnet(pages, grid, partners, admin)  # last, so that it comes first in lists by publication date
    etapes.load_registrations(content.example_etapes())
    load_palmares(users, today=today)
    count += _place_all({carnets.KEY: partial(carnets.example, today=today)}, pages["carnets"], admin)
    carnets.send_example(by=admin)
    entries = content.fiches_in_moderation()
    return count + load_moderation(entries, index=pages["fiches"], grid=grid, partners=partners, users=users)


def _load_carnet(pages, grid, partners, by):
    """Creates the carnet's fiche and étapes, then the road book; returns the number of pages created."""
    edition = records.make_carnet_edition()
    shown = {"key": "agrodoubs", "edition": edition, "exemple": False}
    fiche = {"agrodoubs": partial(fiches.build, fiches.carnet_entry(), grid, partners, **shown)}
    stages = {
        f"etape-{e['cle']}": partial(etapes.build, e, partners, today=None, edition=edition, exemple=False)
        for e in etapes.carnet_entries()
    }
    count = _place_all(fiche, pages["fiches"], by) + _place_all(stages, pages["etapes"], by)
    road_book = {
        "carnet-1": lambda: editorial.carnet([page_of(key) for key in fiche], [page_of(key) for key in stages])
    }
    return count + _place_all(road_book, pages["carnets"], by)


def _load_examples(pages, grid, partners, by, today):
    sheets = {
        f"fiche-{e['cle']}": partial(
            fiches.build, e, grid, partners, key=f"fiche-{e['cle']}", edition=records.make_example_edition(e["edition"])
        )
        for e in content.example_fiches()
    }
    edition = records.make_example_edition(today.year)
    stages = {
        f"etape-{e['cle']}": partial(etapes.build, e, partners, today=today, edition=edition)
        for e in content.example_etapes()
    }
    return _place_all(sheets, pages["fiches"], by) + _place_all(stages, pages["etapes"], by)


def _place_all(makers, parent, by):
    for key, make in makers.items():
        publish(make(), parent=parent, key=key, by=by)
    return len(makers)


@contextmanager
def _no_index_updates():
    """Context manager: disables index updates on saving; :func:`_index` then rebuilds the indexes once."""
    models = [m for m in get_indexed_models() if post_save.disconnect(post_save_signal_handler, sender=m)]
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        for model in models:
            post_save.connect(post_save_signal_handler, sender=model)


def _index():
    """Rebuilds Wagtail's reference and search indexes and the register."""
    call_command("rebuild_references_index", verbosity=0)
    call_command("wagtail_update_index", verbosity=0)
    ledger.rebuild()
