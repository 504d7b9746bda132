"""The application server: `gunicorn --config site/deploy/gunicorn.conf.py config.wsgi`. Each figure can be set by a variable.

The application is loaded once and its processes are forked from it: one that dies is replaced at once, and memory is
shared. So a reload (SIGHUP) takes in no new code: a new version is a restart, one instance after the other.
"""

import gc
import os
import shutil
import sys
import tempfile

chdir = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, chdir)

from config import environment  # noqa: E402 - found in the folder above

bind = environment.socket("RALLYNOV_BIND", "127.0.0.1:8000")
workers = environment.processes("RALLYNOV_PROCESSUS")
preload_app = True
limit_request_line = 8190
backlog = 2048
# A request that takes longer ends with its process: nginx and Varnish, too, wait sixty seconds. The first PDF of a
# long fiche may take a busy machine more than thirty.
timeout = 60
# How long a stop or a reload waits for the uploads under way.
graceful_timeout = 30
max_requests = 50_000
max_requests_jitter = 5_000
worker_tmp_dir = environment.memory_folder()  # a heartbeat; never on a slow disk
control_socket_disable = True
# The site writes one line a request itself, without addresses.
accesslog = None


# Where the processes add up what they count (site/config/metriques.py): memory where there is some, anew at each start. A
# reload reads this file again, and goes on counting.
own = f"rallynov-metriques-{os.getpid()}-"
figures = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
if not os.path.basename(figures).startswith(own):
    figures = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=own, dir=worker_tmp_dir)
# And where they count together who fails to log in, without Valkey (site/config/cache.py).
os.environ["RALLYNOV_COMPTEURS"] = os.path.join(figures, "compteurs")


class Beating:
    """A streamed answer, each part of which says that its process lives, as each request does: an export of fifty thousand rows
    goes on for longer than ``timeout``."""

    def __init__(self, parts, notify):
        self.parts, self.notify = parts, notify

    def __iter__(self):
        for part in self.parts:
            self.notify()
            yield part

    def close(self):
        self.parts.close()


def post_worker_init(worker):
    application = worker.wsgi

    def answering(environ, start_response):
        answer = application(environ, start_response)
        return Beating(answer, worker.notify) if getattr(answer, "streaming", False) else answer

    worker.wsgi = answering


def child_exit(server, worker):
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server):
    shutil.rmtree(figures, ignore_errors=True)


def when_ready(server):
    """Every address is read before the first process is forked, and what is loaded is left alone by the collector."""
    from django.urls import get_resolver

    get_resolver()._populate()
    gc.collect()
    gc.freeze()


def pre_fork(server, worker):
    """No connection is shared between processes."""
    from django.db import connections

    connections.close_all()
