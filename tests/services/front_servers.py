"""What stands in front of the site, for its tests: nginx, as site/deploy ships it, and an editor behind."""

import shutil
import subprocess
import time

from tests.services.pannes.serveurs import ROOT, CommandProcess, Process, Site, free_port, listens, until

DEPLOY = ROOT / "site/deploy"


class Nginx(Process):
    """The shipped configuration, in front of 127.0.0.1:``ports``, one or two, for the host « rallynov.test »."""

    host = "rallynov.test"

    def __init__(self, folder, *ports, media, static):
        folder.mkdir(parents=True)
        self.http, self.https = free_port(), free_port()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={self.host}",
             "-addext", f"subjectAltName=DNS:{self.host}", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
        values = {
            "RALLYNOV_UPSTREAM": "; server ".join(f"127.0.0.1:{port} fail_timeout=3s" for port in ports),
            "RALLYNOV_HTTP_PORT": f"127.0.0.1:{self.http}",
            "RALLYNOV_HTTPS_PORT": f"127.0.0.1:{self.https}",
            "RALLYNOV_HOSTS": self.host,
            "RALLYNOV_CERTIFICATE": folder / "cert.pem",
            "RALLYNOV_CERTIFICATE_KEY": folder / "key.pem",
            "RALLYNOV_LOG": folder / "access.log",
            "RALLYNOV_STATIC": static,
            "RALLYNOV_MEDIA": media,
            "RALLYNOV_PROXY_CONF": DEPLOY / "nginx/rallynov-proxy.conf",
        }
        text = (DEPLOY / "nginx/rallynov.conf.template").read_text()
        for name, own in {"RALLYNOV_HTTP_PORT": self.http, "RALLYNOV_HTTPS_PORT": self.https}.items():
            text = text.replace(f"[::]:${{{name}}}", f"[::1]:{own}")
        for name, value in values.items():
            text = text.replace(f"${{{name}}}", str(value))
        (folder / "rallynov.conf").write_text(text)
        self.access = folder / "access.log"
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
        super().__init__(["nginx", "-c", folder / "nginx.conf", "-p", folder], log=folder / "nginx.log")
        until(lambda: listens(self.https))

    @property
    def address(self):
        return f"https://{self.host}:{self.https}"


MAIN = """user root;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/rallynov.conf;
}}
"""


class Editor(CommandProcess):
    """Someone who publishes, in another process than those that answer."""

    def __init__(self, site):
        super().__init__("tests.services.editeur", env=site.env, log=site.folder / "editor.log")

    def __call__(self, *order):
        """``(what it answered, when it was done)``."""
        return super().__call__(order), time.monotonic()


def filled(site):
    """Gives a migrated ``site`` a few pages; the addresses of its picture."""
    editor = Editor(site)
    picture, _when = editor("seed")
    editor.stop()
    return picture


def copy_of(model, folder, **env):
    """A :class:`Site` of its own on the content of ``model``."""
    made, _picture = model
    shutil.copytree(made, folder)
    base = f"sqlite:///{folder / 'site.sqlite3'}"
    return Site(folder, base, WEB_CONCURRENCY=1, **env)
