"""Fills the databases of the benchmarks. ``build/bench/`` keeps them, and the files of their pictures, for the next runs.

Beyond ``MADE`` generated fiches, rows are copied in SQL, which takes seconds instead of a quarter of an hour. Each copy has
its own page, URL, criteria, keywords and row of the register.
"""

import shutil
import sqlite3
from itertools import cycle, islice
from pathlib import Path

# Number of fiches generated one by one.
MADE = 5_000
# Tables with rows of a fiche, and the column that refers to it.
CHILDREN = {
    "rallynov_fiches_fichepage": "page_ptr_id",
    "rallynov_fiches_fichecritere": "content_object_id",
    "rallynov_fiches_fichemotcle": "content_object_id",
}
# Tables with rows of a row of the register, and the column that refers to it.
REGISTER = {"rallynov_fiches_publicationvalue": "publication_id", "rallynov_fiches_publication_words": "rowid"}
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Characters per level of a page's path (treebeard).
STEP = 4


def load(count):
    """Migrates the database of the settings, loads the demonstration, and generates fiches up to ``count``."""
    from django.core.management import call_command

    from bench.generation import generate
    from fiches.models import FicheIndexPage, FichePage

    call_command("migrate", verbosity=0)
    call_command("demo", verbosity=0)
    missing = count - FichePage.objects.count()
    if missing > 0:
        index_page = FicheIndexPage.objects.order_by("path").first()
        generate(missing, index_page=index_page, seed=1)


def fill(count):
    """:func:`load`, then draws what readers find drawn: the sizes of the pictures, which periodic work makes, and the cards, drawn
    once per release for all lists."""
    from fiches.models import FichePage
    from fiches.pages.picture_renditions import missing_renditions
    from fiches.publications.ledger import A_BATCH, stored_cards

    load(count)
    for picture, specs in missing_renditions(most=count):
        picture.get_renditions(*specs)
    keys = list(FichePage.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), A_BATCH):
        stored_cards(keys[start : start + A_BATCH])


def multiply(source: Path, target: Path, count):
    """Creates the SQLite file ``target`` from ``source``, with copies of its generated fiches up to ``count`` fiches."""
    unfinished = target.with_suffix(".part")
    shutil.copy(source, unfinished)
    with sqlite3.connect(unfinished) as base:
        made = "FROM wagtailcore_page WHERE slug LIKE 'fiche-generee-%'"
        originals = [pk for (pk,) in base.execute(f"SELECT id {made} ORDER BY id")]
        parent, last = base.execute(
            f"SELECT substr(max(path), 1, length(max(path)) - {STEP}), max(path) {made}"
        ).fetchone()
        place, largest = int(last[-STEP:], 36), base.execute("SELECT max(id) FROM wagtailcore_page").fetchone()[0]
        missing = count - base.execute("SELECT count(*) FROM rallynov_fiches_fichepage").fetchone()[0]
        base.execute("CREATE TEMP TABLE copies (old INTEGER, new INTEGER, path TEXT, suffix TEXT)")
        base.executemany(
            "INSERT INTO copies VALUES (?, ?, ?, ?)",
            (
                (pk, largest + n, parent + in_base_36(place + n), f"-{n}")
                for n, pk in enumerate(islice(cycle(originals), missing), start=1)
            ),
        )
        _copy(base, "wagtailcore_page", "id", path="c.path", slug="t.slug || c.suffix", translation_key="lower(hex(randomblob(16)))",
              url_path="rtrim(t.url_path, '/') || c.suffix || '/'")  # fmt: skip
        for table, key in CHILDREN.items():
            _copy(base, table, key)
        _copy(
            base,
            "rallynov_fiches_publication",
            "object_id",
            slug="t.slug || c.suffix",
            url_path="rtrim(t.url_path, '/') || c.suffix || '/'",
        )
        base.execute(
            "UPDATE copies SET (old, new) = (SELECT o.id, n.id FROM rallynov_fiches_publication o, rallynov_fiches_publication n"
            " WHERE o.kind = 'fiche' AND o.object_id = copies.old AND n.kind = 'fiche' AND n.object_id = copies.new)"
        )
        for table, key in REGISTER.items():
            _copy(base, table, key)
        base.execute("UPDATE rallynov_fiches_mot SET frequence = frequence * ? / ?", [count, MADE])
        base.execute(
            "UPDATE wagtailcore_page SET numchild = numchild + (SELECT count(*) FROM copies) WHERE path = ?", [parent]
        )
        base.execute("UPDATE rallynov_fiches_version SET number = number + 1")
    base.close()
    unfinished.rename(target)


def _copy(base, table, key, **values):
    """Copies the rows of a table that belong to the pages in ``copies``. ``key``: column that refers to the page; ``values``:
    SQL expressions for other columns (t: the row, c: the copy)."""
    columns = [name for _n, name, *_rest in base.execute(f"PRAGMA table_info({table})") if name != "id" or key == "id"]
    columns += ["rowid"] if key == "rowid" else []
    written = [values.get(name, "c.new" if name == key else f't."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    base.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(written)} FROM {table} t JOIN copies c ON c.old = t.{key}"
    )


def in_base_36(number):
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = ALPHABET[rest] + digits
    return digits.rjust(STEP, "0")


def main():
    import django

    from bench.__main__ import prepare

    django.setup()
    prepare()


if __name__ == "__main__":
    main()
