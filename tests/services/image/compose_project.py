"""site/deploy/compose.yaml as an operator runs it, in a folder of its own: variables, certificate, `docker compose`."""

import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.services.pannes.serveurs import ROOT, Browser

HOST = "rallynov.test"
PROJECT = "rallynov-essai"
# The network's gateway: this machine, as the containers see it.
GATEWAY = "172.28.50.1"
VARIABLES = {
    "SECRET_KEY": "tests-only-k3Jx7wQz9vL2mN8bR5tY1uP4sD6fG0hA-not-a-secret-51",
    # In an address, each of these characters would end it or have to be escaped.
    "MOT_DE_PASSE_BASE": "'#@/?:%23$x &'",
    "ALLOWED_HOSTS": f"{HOST},www.{HOST}",
    "BASE_URL": f"https://{HOST}",
    "RALLYNOV_FROM_EMAIL": f"'Rally’nov <ne-pas-repondre@{HOST}>'",
    "RALLYNOV_MFA_REQUIRED": "0",
}


class ComposeProject:
    """The services, once :meth:`up` returned; :meth:`down` removes them and their volumes."""

    def __init__(self, folder: Path, mail_port: int) -> None:
        self.folder = folder / "deploy"
        shutil.copytree(ROOT / "site/deploy", self.folder, ignore=shutil.ignore_patterns(".env", "certificats"))
        self.certificate = self.folder / "certificats/site.pem"
        self.certificate.parent.mkdir()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
             "-addext", f"subjectAltName=DNS:{HOST},DNS:www.{HOST}",
             "-keyout", self.certificate.with_suffix(".key"), "-out", self.certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        self.variables = VARIABLES | {"EMAIL_URL": f"smtp://{GATEWAY}:{mail_port}"}
        self.ended = threading.Event()

    def choose(self, image: str) -> None:
        """Writes .env, with the image to run."""
        lines = [f"{name}={value}\n" for name, value in (self.variables | {"IMAGE": image}).items()]
        (self.folder / ".env").write_text("".join(lines))

    def compose(self, *arguments: str, check: bool = True) -> str:
        """Runs `docker compose`; returns what it printed."""
        command = ["docker", "compose", "-f", self.folder / "compose.yaml", "-p", PROJECT, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900)
        if check and done.returncode:
            logs = self.compose("logs", "--tail", "20", check=False)
            pytest.fail(f"{arguments}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}\n{logs}")
        return done.stdout

    def up(self) -> None:
        self._remove()  # what a run that was killed left
        if not Path("/run/systemd/system").is_dir():
            threading.Thread(target=self._check_health, daemon=True).start()
        self.compose("up", "-d")

    def manage(self, *arguments: str) -> str:
        return self.compose("exec", "-T", "site", "python", "manage.py", *arguments)

    def down(self) -> None:
        self.ended.set()
        self._remove()

    def _remove(self) -> None:
        self.compose("--profile", "sauvegarde", "down", "-v", "-t", "5", check=False)

    def _check_health(self) -> None:
        """Does what systemd's timers do for podman."""
        selection = ["--filter", f"label=com.docker.compose.project={PROJECT}"]
        while not self.ended.wait(1):
            listed = subprocess.run(["podman", "ps", "-q", *selection], capture_output=True, text=True)
            for container in listed.stdout.split():
                subprocess.run(["podman", "healthcheck", "run", container], capture_output=True)

    def browser(self) -> Browser:
        browser = Browser(f"https://{HOST}")
        browser.verify = str(self.certificate)
        return browser


class Reader(threading.Thread):
    """Somebody who asks for one page again and again: ``errors``, the moments (``time.monotonic()``) of failures."""

    def __init__(self, project: ComposeProject, path: str) -> None:
        super().__init__(daemon=True)
        self.browser, self.path = project.browser(), path
        self.asked, self.errors, self.ended = 0, [], threading.Event()
        self.start()

    def run(self) -> None:
        while not self.ended.wait(0.1):
            self.asked += 1
            moment = time.monotonic()
            try:
                served = self.browser.get(self.path).status_code == 200
            except OSError:  # what `requests` raises is one
                served = False
            if not served:
                self.errors.append(moment)

    def unserved(self) -> float:
        """Seconds from the first error to the last."""
        return self.errors[-1] - self.errors[0] if self.errors else 0.0

    def stop(self) -> str:
        """Returns what it saw, in one line."""
        self.ended.set()
        self.join(60)
        return f"{self.path} : {len(self.errors)} erreurs sur {self.asked} demandes, pendant {self.unserved():.0f} s"
