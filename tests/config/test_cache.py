"""Without a cache server: each process has its own memory, but all count together who fails to come in."""

import errno

import pytest
from django.core.cache import cache

from config import cache as caches
from config import environment
from config.cache import MachineCache
from tests.factories import FichePageFactory

COUNTED = ("allauth:rl:login_failed", "limites:signaler:1")


@pytest.fixture
def processes(tmp_path):
    """The caches of two processes."""
    params = {"OPTIONS": {"common": str(tmp_path / "compteurs")}}
    both = [MachineCache(name, params) for name in ("one", "two")]
    yield both
    for each in both:
        each.clear()


@pytest.mark.parametrize("key", COUNTED)
def test_what_is_counted_is_counted_for_all_processes(processes, key):
    one, two = processes
    assert (one.add(key, 0, 60), two.add(key, 0, 60)) == (True, False)
    assert [one.incr(key), two.incr(key), one.incr(key)] == [1, 2, 3]
    assert two.get(key) == 3
    one.delete(key)
    assert key not in two
    with pytest.raises(ValueError, match="not found"):
        two.incr(key)


def test_the_rest_stays_in_each_process_s_memory(processes, tmp_path):
    one, two = processes
    one.set("calques:a", "b")
    assert (one.get("calques:a"), two.get("calques:a")) == ("b", None)
    assert not [*(tmp_path / "compteurs").iterdir()]


def test_when_files_cannot_be_written_nothing_is_counted_and_nobody_fails(processes, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr(caches.FileBasedCache, "set", full)
    key, one = COUNTED[0], processes[0]
    assert (one.add(key, 0, 60), one.set(key, [1]), one.get(key, [])) == (True, None, [])
    with pytest.raises(ValueError, match="not found"):  # as Django's caches say; who counts expects it
        one.incr(key)


def test_the_site_has_it_unless_a_server_is_named(monkeypatch):
    monkeypatch.delenv("CACHE_URL", raising=False)
    monkeypatch.setenv("RALLYNOV_COUNTERS_FOLDER", "/dev/shm/rallynov")
    own = environment.cache("CACHE_URL", "locmemcache://rallynov")
    assert (own["BACKEND"], own["OPTIONS"]["common"]) == ("config.cache.MachineCache", "/dev/shm/rallynov")
    monkeypatch.setenv("CACHE_URL", "valkey://cache.example:6379/0")
    assert environment.cache("CACHE_URL")["BACKEND"] == "config.cache.SparingRedisCache"


@pytest.mark.nightly
@pytest.mark.django_db
def test_who_asks_for_many_maps_drives_no_counter_out(tree, client):
    """Stock, 300 entries are all that a cache in memory holds."""
    FichePageFactory(parent=tree.fiches)
    cache.clear()
    for number in range(62):
        assert client.get("/fiches/carte.geojson", {"q": f"recette {number}"}).status_code == 200
    assert len(cache._cache) < 5
    assert cache._max_entries >= 10_000


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [0, 1])
def test_two_visitors_by_ipv4_are_two_where_the_server_listens_on_ipv6(tree, client, settings, proxies):
    settings.RALLYNOV_API_QUOTA, settings.RALLYNOV_TRUSTED_PROXIES = 1, proxies
    header = "HTTP_X_FORWARDED_FOR" if proxies else "REMOTE_ADDR"
    seen = ["::ffff:192.0.2.7", "192.0.2.7", "::ffff:192.0.2.8"]
    assert [client.get("/api/v1/fiches", **{header: address}).status_code for address in seen] == [200, 429, 200]
