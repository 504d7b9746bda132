"""Configuration of gunicorn: `gunicorn --config site/deploy/gunicorn.conf.py config.wsgi`.

The application is preloaded and workers are forked from it: a worker that dies is replaced at once, and memory is shared. So
a reload (SIGHUP) does not load new code: a new version needs a restart, one instance after the other.
"""

import gc
import os
import shutil
import sys
import tempfile

chdir = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, chdir)

if "WEB_CONCURRENCY" not in os.environ:  # gunicorn's own variable
    workers = 2 * (os.cpu_count() or 1) + 1
preload_app = True
limit_request_line = 8190
backlog = 2048
# Seconds after which a worker that does not answer is killed, as long as nginx waits. The first PDF of a long
# fiche may take more than thirty seconds on a busy machine.
timeout = 60
# Seconds that a stop or a reload waits for requests under way, for instance uploads.
graceful_timeout = 30
max_requests = 50_000
max_requests_jitter = 5_000
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - heartbeats must not wait for a disk
control_socket_disable = True
# The site logs one line per request itself, without IP addresses.
accesslog = None


# Without a Valkey server, the folder of the cache that workers share (site/config/cache.py), new at each start. A reload reads this
# file again and keeps it.
OWN_CACHE = "filecache://" + os.path.join(tempfile.gettempdir(), "rallynov-cache-")
if not os.environ.get("CACHE_URL"):
    os.environ["CACHE_URL"] = f"filecache://{tempfile.mkdtemp(prefix='rallynov-cache-')}"


class HeartbeatIterator:
    """A streamed response body that sends the worker's heartbeat with each part, since an export of fifty thousand rows takes
    longer than ``timeout``."""

    def __init__(self, parts, notify):
        self.parts, self.notify = parts, notify

    def __iter__(self):
        for part in self.parts:
            self.notify()
            yield part

    def close(self):
        self.parts.close()


def post_worker_init(worker):
    """Wraps the WSGI application so that streamed responses send heartbeats."""
    application = worker.wsgi

    def with_heartbeat(environ, start_response):
        response = application(environ, start_response)
        return HeartbeatIterator(response, worker.notify) if getattr(response, "streaming", False) else response

    worker.wsgi = with_heartbeat


def on_exit(server):
    if os.environ["CACHE_URL"].startswith(OWN_CACHE):
        shutil.rmtree(os.environ["CACHE_URL"].removeprefix("filecache://"), ignore_errors=True)


def when_ready(server):
    """Before workers are forked: loads all URLs, and excludes the objects loaded so far from garbage collection."""
    from django.urls import get_resolver

    get_resolver()._populate()
    gc.collect()
    gc.freeze()


def pre_fork(server, worker):
    """Closes database connections, which processes must not share."""
    from django.db import connections

    connections.close_all()
