"""Without a cache server, the processes of a machine share files: they count together who fails to come in."""

import errno
from concurrent.futures import ThreadPoolExecutor

import pytest

from config import cache as caches
from config import environment
from config.cache import MachineCache

KEY = "limites:signaler:1"


@pytest.fixture
def processes(tmp_path, monkeypatch):
    """The caches of two processes."""
    monkeypatch.setattr(caches, "_ask_again", {})
    return [MachineCache(str(tmp_path / "cache"), {}) for _process in range(2)]


def test_what_is_counted_is_counted_for_all_processes(processes):
    one, two = processes
    assert (one.add(KEY, 0, 60), two.add(KEY, 0, 60)) == (True, False)
    assert [one.incr(KEY), two.incr(KEY), one.incr(KEY)] == [1, 2, 3]
    assert two.get(KEY) == 3
    one.delete(KEY)
    assert KEY not in two
    with pytest.raises(ValueError, match="not found"):
        two.incr(KEY)


def test_no_count_is_lost_when_processes_count_at_once(processes):
    processes[0].add(KEY, 0)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: processes[number % 2].incr(KEY), range(80)))
    assert processes[1].get(KEY) == 80


def test_when_files_cannot_be_written_nothing_is_counted_and_nobody_fails(processes, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr(caches.FileBasedCache, "set", full)
    one = processes[0]
    assert (one.add(KEY, 0, 60), one.set(KEY, [1]), one.get(KEY, [])) == (True, None, [])
    with pytest.raises(ValueError, match="not found"):  # as Django's caches say; who counts expects it
        one.incr(KEY)


def test_counters_and_pages_are_kept_apart_in_the_folder_or_on_the_server_that_is_named(monkeypatch):
    monkeypatch.setenv("CACHE_URL", "filecache:///var/cache/rallynov")
    read = environment.caches("CACHE_URL")
    assert {read[name]["BACKEND"] for name in ("default", "pages")} == {"config.cache.MachineCache"}
    assert [read[name]["LOCATION"] for name in ("default", "pages")] == [
        "/var/cache/rallynov",
        "/var/cache/rallynov/pages",
    ]
    monkeypatch.setenv("CACHE_URL", "valkey://cache.example:6379/0")
    read = environment.caches("CACHE_URL")
    assert {read[name]["BACKEND"] for name in ("default", "pages")} == {"config.cache.SparingRedisCache"}
    assert read["default"].get("KEY_PREFIX") != read["pages"]["KEY_PREFIX"]


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [0, 1])
def test_two_visitors_by_ipv4_are_two_where_the_server_listens_on_ipv6(tree, client, settings, proxies):
    settings.RALLYNOV_API_QUOTA, settings.RALLYNOV_TRUSTED_PROXIES = 1, proxies
    header = "HTTP_X_FORWARDED_FOR" if proxies else "REMOTE_ADDR"
    seen = ["::ffff:192.0.2.7", "192.0.2.7", "::ffff:192.0.2.8"]
    assert [client.get("/api/v1/fiches", **{header: address}).status_code for address in seen] == [200, 429, 200]
