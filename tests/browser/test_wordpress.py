"""What an editor of a real WordPress pastes becomes a frame as high as its content, with and without our plugin.

Needs Debian's wordpress, mariadb-server and php-mysql: ``sh tools/system.sh nightly``.
"""

import json
import os
import shutil
import subprocess
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen

import pytest

from tests.browser.conftest import ROOT, end_process
from tests.browser.screens import free_port, until

HERE = Path(__file__).parent / "wordpress"
WORDPRESS = Path("/usr/share/wordpress")
# WordPress asks no machine of its own network: the tests' site is one.
LOOPBACK = """<?php
add_filter('http_request_host_is_external', '__return_true');
add_filter('http_allowed_safe_ports', fn ($ports) => [...$ports, %d]);
"""
CONFIG = """<?php
define('DB_NAME', '%s'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', 'localhost:%s');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', ''); $table_prefix = 'wp_';
define('WP_HTTP_BLOCK_EXTERNAL', true); define('WP_ACCESSIBLE_HOSTS', '127.0.0.1'); define('DISABLE_WP_CRON', true);
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require ABSPATH . 'wp-settings.php';
"""
PASTED = {
    "fiche": "/fiches/la-recette-d-une-organisation-partagee/",
    "liste": "/fiches/?departement=25&par_page=2",
    "etapes": "/etapes/",
    "etape": "/etapes/travailler-autrement-dans-les-petites-entreprises/",
    "accueil": "/",
}
# WordPress itself makes no frame higher, nor lower.
HIGHEST, LOWEST = 1000, 200

pytestmark = [pytest.mark.nightly, pytest.mark.usefixtures("untouched")]


@contextmanager
def database(folder):
    """A MariaDB in ``folder``; yields its socket."""
    data, socket = folder / "data", folder / "s"
    user = ["--user=root"] if os.geteuid() == 0 else []
    make = [
        "mariadb-install-db",
        "--no-defaults",
        f"--datadir={data}",
        "--auth-root-authentication-method=normal",
        *user,
    ]
    subprocess.run(make, check=True, capture_output=True)
    serve = ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking", *user]
    with end_process(subprocess.Popen(serve, stderr=subprocess.DEVNULL)):
        ping = ["mariadb-admin", f"--socket={socket}", "ping"]
        until(lambda: subprocess.run(ping, capture_output=True).returncode == 0)
        yield socket


def answers(address):
    with suppress(OSError):
        return urlopen(address, timeout=60).status == 200


@contextmanager
def blog(folder, socket, name, site, contents):
    """A WordPress of its own; yields ``{name: address of the page that shows it}``."""
    subprocess.run(["mariadb", f"--socket={socket}", "-e", f"CREATE DATABASE {name}"], check=True)
    shutil.copytree(WORDPRESS, folder, ignore=shutil.ignore_patterns("wp-config.php", "wp-content"))
    shutil.copytree(HERE / "theme", folder / "wp-content" / "themes" / "essai")
    for part in ("plugins", "mu-plugins"):
        (folder / "wp-content" / part).mkdir()
    shutil.copy(ROOT / "docs" / "clients" / "rallynov.php", folder / "wp-content" / "plugins")
    port = int(site.address.rpartition(":")[2])
    (folder / "wp-content" / "mu-plugins" / "loopback.php").write_text(LOOPBACK % port)
    (folder / "wp-config.php").write_text(CONFIG % (name, socket))
    shutil.copy(HERE / "prepare.php", folder)
    address = f"http://127.0.0.1:{free_port()}"
    plugin = "1" if name == "avec" else ""
    made = subprocess.run(
        ["php", "prepare.php", address, site.address, plugin],
        cwd=folder,
        input=json.dumps(contents),
        capture_output=True,
        text=True,
        check=True,
    )
    environment = {**os.environ, "PHP_CLI_SERVER_WORKERS": "3"}
    serve = ["php", "-S", address.removeprefix("http://"), "-t", folder]
    with end_process(subprocess.Popen(serve, env=environment, stderr=subprocess.DEVNULL)):
        until(lambda: answers(f"{address}/wp-login.php"))
        yield json.loads(made.stdout)


@pytest.fixture(scope="module")
def blogs(untouched, tmp_path_factory):
    """``sans`` and ``avec`` the plugin: the pages of each."""
    folder = tmp_path_factory.mktemp("wp")
    pasted = {name: f"{untouched.address}{path}" for name, path in PASTED.items()}
    written = {
        "bloc": '<!-- wp:rallynov/integration {"type":"carte"} /-->',
        "code court": '[rallynov type="liste" filtres="departement=39&amp;par_page=3"]',
    }
    for path in PASTED.values():
        urlopen(
            f"{untouched.address}/oembed?url={untouched.address}{path}".replace("&par", "%26par"), timeout=120
        ).close()
    with ExitStack() as stack:
        socket = stack.enter_context(database(folder))
        without = stack.enter_context(blog(folder / "sans", socket, "sans", untouched, pasted))
        with_it = stack.enter_context(blog(folder / "avec", socket, "avec", untouched, pasted | written))
        yield SimpleNamespace(sans=without, avec=with_it)


def framed(chromium, address, width):
    """``(height of the frame, of its content, page, frame)`` on a page of the blog, once they no longer change."""
    page = chromium.new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(address)
    element = page.locator("iframe").first
    element.scroll_into_view_if_needed()
    frame = element.element_handle().content_frame()
    frame.wait_for_load_state()
    frame.locator(".cadre__credit").wait_for()
    before = None
    while before != (
        now := (element.evaluate("e => e.offsetHeight"), frame.locator(".cadre").evaluate("e => e.offsetHeight"))
    ):
        before = now
        page.wait_for_timeout(400)
    return *now, page, frame


@pytest.mark.parametrize("width", [280, 1200])
@pytest.mark.parametrize("name", PASTED)
def test_a_pasted_address_is_a_frame_as_high_as_its_content(chromium, blogs, name, width):
    height, content, page, _frame = framed(chromium, blogs.sans[name], width)
    assert page.locator("blockquote:visible").count() == 0
    assert abs(height - min(HIGHEST, max(LOWEST, content))) <= 2
    height, content, page, _frame = framed(chromium, blogs.avec[name], width)
    assert abs(height - content) <= 2


def test_with_the_plugin_a_block_and_a_shortcode_are_frames_too(chromium, blogs):
    for name in ("bloc", "code court"):
        height, content, _page, _frame = framed(chromium, blogs.avec[name], 1200)
        assert abs(height - content) <= 2


def test_the_map_is_not_empty(chromium, blogs):
    _height, _content, _page, frame = framed(chromium, blogs.avec["bloc"], 1200)
    frame.locator(".map__group").first.wait_for()
