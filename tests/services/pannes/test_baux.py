"""A process that is killed or stopped in the middle of a work or of a task: another one takes it up."""

import contextlib
import signal
import sys

import psycopg
import pytest

from tests.services.pannes.serveurs import Process, until

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture
def lock_rows(cluster, base):
    """``with locked(sql)``: the rows that this SELECT gives are held from other writers; ``waits()`` says whether one waits."""

    @contextlib.contextmanager
    def hold(sql):
        with psycopg.connect(cluster.url(base)) as holder, psycopg.connect(cluster.url(base), autocommit=True) as seer:
            assert holder.execute(f"{sql} FOR NO KEY UPDATE").fetchall()
            yield lambda: seer.execute(WAITING).fetchone()[0]

    return hold


def start(site, *arguments):
    process = Process([sys.executable, "manage.py", *arguments], log=site.folder / "travail.log", env=site.env)
    site.running.append(process)
    return process


@pytest.fixture
def due_fiches(site, seed):
    """The keys of eight fiches that are due to go online, in the order of their dates."""
    pks = seed["fiches"][:8]
    site.ask(f"[p.unpublish() for p in FichePage.objects.filter(pk__in={pks})]")
    for minutes, pk in enumerate(reversed(pks), start=1):
        due = f"timezone.now() - timedelta(minutes={minutes})"
        site.ask(f"FichePage.objects.get(pk={pk}).save_revision(approved_go_live_at={due}).pk")
    return pks


def online(site, pks):
    return site.ask(f"FichePage.objects.filter(pk__in={pks}, live=True).count()")


def test_who_is_killed_while_it_publishes_is_replaced_and_not_before(site, due_fiches, lock_rows):
    with lock_rows(f"SELECT id FROM wagtailcore_page WHERE id = {due_fiches[1]}") as waits:
        working = start(site, "echeances")
        until(waits)
        assert online(site, due_fiches) == 1
        assert "publications" not in site.manage("echeances").stdout
        working.send(signal.SIGKILL)
        working.process.wait()
    until(lambda: site.manage("echeances") and online(site, due_fiches) == 8, every=2)


def test_who_is_stopped_while_it_publishes_gives_the_work_back_at_once(site, due_fiches, lock_rows):
    with lock_rows(f"SELECT id FROM wagtailcore_page WHERE id = {due_fiches[1]}") as waits:
        working = start(site, "echeances", "--boucle")
        until(waits)
        working.send(signal.SIGTERM)
        assert working.process.wait(20) == 128 + signal.SIGTERM
    assert "publications : 7" in site.manage("echeances").stdout
    assert online(site, due_fiches) == 8
