"""Real servers for the tests of faults: PostgreSQL, a cache, and the site itself, on loopback.

Each has its own folder and a free port, and is gone at the end. Those that refuse to run as root run as `postgres`.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

ROOT = Path(__file__).parents[3]
PASSWORD = "mot-de-passe-des-tests"
AS_ROOT = os.getuid() == 0


def free_port():
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def until(condition, *, seconds=30, every=0.05):
    """What ``condition()`` gives once it is true; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{condition} is not true after {seconds} s"
        time.sleep(every)
    return found


def listens(port):
    with contextlib.closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def owned_folder():
    """A folder in the hands of who runs the database, gone at the end; pytest's own are root's alone."""
    with tempfile.TemporaryDirectory(prefix="rallynov-pannes-", ignore_cleanup_errors=True) as name:
        if AS_ROOT:
            shutil.chown(name, "postgres", "postgres")
        yield Path(name)


def as_owner(*command, check=True, **options):
    """Runs ``command`` as someone that PostgreSQL accepts."""
    prefix = ["runuser", "-u", "postgres", "--"] if AS_ROOT else []
    return subprocess.run([*prefix, *map(str, command)], check=check, cwd="/", capture_output=True, **options)


class Process:
    """A server in the foreground, its output in a file."""

    def __init__(self, command, *, log, env=None, cwd=ROOT):
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd, env=env, stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self):
        return self.process.pid

    def ended(self):
        return self.process.poll() is not None

    def send(self, number):
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM, seconds=15):
        self.send(signal.SIGCONT)
        self.send(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # who did not end
        return self.process.wait()


class CommandProcess:
    """A process of the site that takes orders, one JSON a line, and answers each with a line once it is done."""

    def __init__(self, module, *, env, log):
        self.env, self.log = dict(env), log
        with log.open("ab") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, text=True,
            )  # fmt: skip
        assert self._answer() == "ready"

    def __call__(self, order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        assert line, self.log.read_text()[-3000:]
        return json.loads(line)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


class PostgreSQL:
    bin = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)

    def __init__(self, folder):
        self.folder = folder
        self.data = folder / "data"
        self.port = free_port()

    def create(self):
        as_owner(
            self.bin / "initdb", "--pgdata", self.data, "--username", "site", "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C.UTF-8",
        )  # fmt: skip
        return self

    def start(self, **options):
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder,
            "fsync": "off", "full_page_writes": "off", "shared_buffers": "32MB", "max_wal_senders": 3, **options,
        }  # fmt: skip
        words = " ".join(f"-c {name}={value}" for name, value in settings.items())
        command = [self.bin / "pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "start", "-o", words]
        as_owner(*command, timeout=60)
        return self

    def stop(self, mode="immediate"):
        as_owner(self.bin / "pg_ctl", "-D", self.data, "-m", mode, "-w", "stop", check=False, timeout=60)

    def query(self, text, base="postgres"):
        command = ["psql", "-h", "127.0.0.1", "-p", self.port, "-U", "site", "-d", base, "-AtX", "-c", text]
        return as_owner(*command, text=True).stdout.strip()

    def migrated_base(self, name):
        """A base with its tables: a copy of the one that `run-postgres` made, where it did; else the seed migrates."""
        self.query(f'CREATE DATABASE "{name}"')
        if made := os.environ.get("RALLYNOV_MIGREE"):
            copied = f"{self.bin}/pg_dump --no-owner {made} | {self.bin}/psql -qX -v ON_ERROR_STOP=1 {self.url(name)}"
            subprocess.run(["bash", "-o", "pipefail", "-c", copied], check=True, stdout=subprocess.DEVNULL)

    def copy_base(self, name, template):
        # By files, and so with checkpoints: copied row by row, sequences would go back when the server is killed.
        self.query(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def url(self, base, more=""):
        return f"postgres://site@127.0.0.1:{self.port}/{base}{more}"


class Valkey(Process):
    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        command = ["valkey-server", "--port", self.port, "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        super().__init__(command, log=folder / "valkey.log")
        self.url = f"valkey://127.0.0.1:{self.port}/0"
        until(lambda: listens(self.port))


class Site:
    """The site with its own folder: application servers, worker, commands."""

    def __init__(self, folder, database, **env):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.running, self.asked = [], None
        self.port = free_port()
        self.env = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "PYTHONDONTWRITEBYTECODE": "1",
            "DATABASE_URL": database,
            "RALLYNOV_DONNEES": str(folder),
            "EMAIL_URL": f"filemail:///{folder / 'mails'}",
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "WEB_CONCURRENCY": "3",
            **{name: str(value) for name, value in env.items()},
        }
        self.use(ROOT, sys.executable)

    def use(self, tree, python):
        """Runs the servers and commands of ``tree`` with ``python`` from now on; nothing may run yet."""
        self.tree, self.python = tree, python
        self.env["PYTHONPATH"] = f"{tree}:{tree / 'site'}"

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def serve(self, *, port=None, **env):
        """The application server, once it answers."""
        port = port or self.port
        config = self.tree / "site/deploy/gunicorn.conf.py"
        bind = f"--bind=127.0.0.1:{port}"
        return self._answering(port, [self.python, "-m", "gunicorn", bind, "--config", config, "config.wsgi"], env)

    def run(self):
        """The application server, the worker and the periodic work, as `make run` starts them."""
        command = [self.python, "-m", "honcho", "--env", "/dev/null", "--procfile", "tools/Procfile", "start"]
        path = f"{Path(self.python).parent}:{os.environ['PATH']}"
        return self._answering(self.port, command, {"PORT": self.port, "PATH": path})

    def _answering(self, port, command, env):
        env = {**self.env, **{name: str(value) for name, value in env.items()}}
        process = Process(command, log=self.folder / f"web-{port}.log", env=env, cwd=self.tree)
        self.running.append(process)
        until(lambda: process.ended() or self._answers(port), seconds=60)
        assert not process.ended(), process.log.read_text()[-3000:]
        return process

    @staticmethod
    def _answers(port):
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"http://127.0.0.1:{port}/sante/vivant", timeout=5).status_code == 200

    def work(self, **env):
        """A worker for the queue."""
        process = Process(
            [self.python, "manage.py", "db_worker", "--no-startup-delay", "--interval", "0.2"],
            log=self.folder / "worker.log",
            env={**self.env, **env},
            cwd=self.tree,
        )
        self.running.append(process)
        return process

    def manage(self, *arguments, check=True, **env):
        done = subprocess.run(
            [self.python, "manage.py", *map(str, arguments)],
            cwd=self.tree, env={**self.env, **env}, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def command(self, *arguments, check=True):
        """The same in a fork of a process that has started already: for a test that wants more than one."""
        code, out, err = self.ask([str(argument) for argument in arguments])
        assert not check or code == 0, out + err
        return subprocess.CompletedProcess(arguments, code, out, err)

    def ask(self, order):
        """An expression evaluated in a process of the site, as JSON; see `interroge.py` for the names."""
        if self.asked is None or self.asked.env != self.env:
            self._end_asked()
            self.asked = CommandProcess(
                "tests.services.pannes.interroge", env=self.env, log=self.folder / "interroge.log"
            )
        value, error = self.asked(order)
        assert error is None, error
        return value

    def fingerprints(self):
        """``{table: fingerprint of its rows}``."""
        return self.ask("fingerprints()")

    @staticmethod
    def workers(process):
        """The processes of an application server that answer."""
        return [
            int(pid)
            for pid in subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
        ]

    def get(self, path, **options):
        return requests.get(self.address + path, **{"timeout": 30, "allow_redirects": False, **options})

    def browser(self, address=None):
        return Browser(address or self.address)

    def stop(self):
        """No server is left; what the database says can still be asked."""
        for process in self.running:
            process.stop(seconds=10)
        self.running.clear()

    def close(self):
        self.stop()
        self._end_asked()

    def _end_asked(self):
        if self.asked:
            self.asked.stop()
            self.asked = None


class Browser(requests.Session):
    """Someone with cookies; forms carry their token."""

    def __init__(self, address):
        super().__init__()
        self.address = address
        self.trust_env = False

    def request(self, method, url, **options):
        url = self.address + url if url.startswith("/") else url
        return super().request(method, url, **{"timeout": 30, "allow_redirects": False, **options})

    def get(self, url, **options):
        """Follows no redirection, where the library's own would."""
        return self.request("GET", url, **options)

    def token(self, page):
        answer = self.get(page)
        answer.raise_for_status()
        _before, mark, rest = answer.text.partition('name="csrfmiddlewaretoken" value="')
        if not mark:
            raise requests.HTTPError(f"{page}: {answer.status_code} without a form")
        return rest.partition('"')[0]

    def submit(self, path, data=None, *, form=None, **options):
        data = data or {}
        if "csrfmiddlewaretoken" not in data:
            data = {"csrfmiddlewaretoken": self.token(form or path), **data}
        return self.post(path, data=data, headers={"Referer": self.address + path}, **options)

    def log_in(self, name="admin", password=PASSWORD):
        answer = self.submit("/admin/login/", {"login": name, "password": password})
        assert answer.status_code == 302, answer.text
        return self
