"""A real browser on a real server: the demo's content, gunicorn, the worker, Debian's Chromium."""

import contextlib
import functools
import ipaddress
import itertools
import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.browser.dossiers import demo_with_dossiers as demo_with_dossiers
from tests.browser.dossiers import dossiers as dossiers
from tests.browser.dossiers import draft as draft
from tests.demonstration import SESSIONS, environment
from tests.demonstration import demo as demo
from tests.demonstration import demo_with_sizes as demo_with_sizes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 1280)
SOURCES = itertools.count()
CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    "--force-effective-connection-type=4G",  # or a loaded machine has pictures fetched from further down the page
]
# Optimising the scripts of a page that lives a few seconds takes longer than it saves. Not where a test measures their speed.
UNOPTIMISED = "--js-flags=--no-maglev --no-turbofan"
REFUSED_AUTOSAVE = re.compile(r"/admin/pages/(add/\w+/\w+/\d+|\d+/edit)/$")
TIMEOUT_MS = 30_000
"""Milliseconds for what a loaded machine takes long to do."""


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(demo_with_dossiers, tmp_path_factory):
    """The site on loopback, on its own copy of the demo: ``address``, ``folder`` (database, pictures, mails)."""
    with run_site(demo_with_dossiers[0], tmp_path_factory.mktemp("site")) as site:
        worker = [sys.executable, "manage.py", "db_worker", "--no-startup-delay", "--interval", "0.3"]
        with end_process(subprocess.Popen(worker, cwd=ROOT, env=site.variables), at_once=True):
            yield site


@pytest.fixture(scope="session")
def untouched(demo_with_sizes, tmp_path_factory):
    """The same on another copy, which no test writes in, for those that compare what the demo shows."""
    with run_site(demo_with_sizes, tmp_path_factory.mktemp("untouched"), processes=1) as site:
        yield site


@contextlib.contextmanager
def run_site(demo, folder, *, processes=2, **more):
    """Yields the site of ``folder``, made a copy of the demo, once it has answered. ``more`` are variables of its own."""
    shutil.copytree(demo, folder, dirs_exist_ok=True)
    (folder / "mails").mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with contextlib.closing(sqlite3.connect(folder / "db.sqlite3")) as base, base:
        base.execute("UPDATE wagtailcore_site SET port = ?", [port])  # as `make run` does, whose save() does the rest
        base.execute("UPDATE rallynov_fiches_publication SET contents = NULL")
    # Each test comes from an address of its own (`visit`): none uses up what another may send.
    variables = environment(folder, BASE_URL=address, RALLYNOV_TRUSTED_PROXIES="1", **more)
    web = ["-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}", "-w", str(processes), "--chdir", "site"]
    web += ["--preload", "--graceful-timeout", "2", "--timeout", "120", "--log-level", "warning"]
    with end_process(subprocess.Popen([sys.executable, *web], cwd=ROOT, env=variables)):
        await_server(address)
        yield SimpleNamespace(address=address, folder=folder, variables=variables)


@contextlib.contextmanager
def end_process(process, *, at_once=False):
    """Ends the process, in the midst of what it does with ``at_once``: the worker takes five seconds to leave its work."""
    try:
        yield
    finally:
        (process.kill if at_once else process.terminate)()
        process.wait(15)


def await_server(address):
    """Until it has answered, which is slow the first time, above all on a loaded machine."""
    for _attempt in range(600):
        with contextlib.suppress(OSError), urlopen(f"{address}/plan-du-site/", timeout=60):
            return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


@pytest.fixture(scope="session")
def driver():
    from playwright.sync_api import Locator, expect, sync_playwright

    expect.set_options(timeout=TIMEOUT_MS)
    Locator.click, Locator.press = then_wait_for_page(Locator.click), then_wait_for_page(Locator.press)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver):
    """The same browser without its window, where it is installed: it takes a third less of the processor."""
    with launch_chromium(driver, find_headless_chromium(), UNOPTIMISED) as browser:
        yield browser


def find_headless_chromium():
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@contextlib.contextmanager
def launch_chromium(driver, program, *more):
    browser = driver.chromium.launch(executable_path=program, args=[*CHROMIUM, *more])
    yield browser
    browser.close()


def then_wait_for_page(act):
    """The same act, ended when the page to which it leads is there whole: Playwright ends it at that page's first byte.
    ``no_wait_after=True`` is for a page whose scripts never come."""

    @functools.wraps(act)
    def acted(locator, *args, **options):
        answer = act(locator, *args, **options)
        if not options.get("no_wait_after"):
            locator.page.wait_for_load_state("domcontentloaded")
        return answer

    return acted


@pytest.fixture
def site(request):
    """The site that the test visits: ``server``, or ``untouched``, which no test writes in, if it asks for that one."""
    return request.getfixturevalue("untouched" if "untouched" in request.fixturenames else "server")


@pytest.fixture
def visit(site, chromium):
    """Opens pages: ``visit(width=…, javascript=…, …)`` gives one whose relative addresses are the site's.

    When the test ends, no page may have asked another host for anything, nor have written an error in its console.
    """
    contexts, faults, pages = [], [], []
    source = ipaddress.ip_address("10.0.0.1") + next(SOURCES)

    def open_page(*, width=1280, height=900, javascript=True, **options):
        context = chromium.new_context(
            base_url=site.address,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="fr-FR",
            extra_http_headers={"X-Forwarded-For": str(source)},
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        pages.append(page)
        page.set_default_timeout(TIMEOUT_MS)
        watch(page, site, faults)
        return page

    open_page.faults = faults
    open_page.pages = pages
    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def watch(page, site, faults):
    """Adds to ``faults`` the errors that the page writes in its console, and what it asks another host than the site's."""

    def described(message):
        return f"{message.text} {message.location['url']}"

    def note_foreign(url):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc != urlsplit(site.address).netloc:
            faults.append(f"asked another host: {url}")

    page.on("request", lambda request: note_foreign(request.url))

    def is_fault(message):
        """An autosave that the form refuses, without a title for example, is answered by a 400, which the browser writes down."""
        refused = "400 (Bad Request)" in message.text and REFUSED_AUTOSAVE.search(message.location["url"])
        return message.type == "error" and not refused

    page.on("console", lambda message: is_fault(message) and faults.append(described(message)))
    page.on("pageerror", lambda error: faults.append(str(error)))


@pytest.fixture
def staff(site, visit):
    """``staff("redaction")`` gives a page logged in as that account of the demo."""

    def open_page(account, **options):
        page = visit(**options)
        page.context.add_cookies([session_cookie(site, account)])
        return page

    return open_page


def session_cookie(site, account):
    """Of the session in which that account of the demo is logged in since before the site was copied."""
    sessions = json.loads((site.folder / SESSIONS).read_text())
    return {"name": "sessionid", "value": sessions[account], "url": site.address}


def violations(page, only=None, but=None, inside="html"):
    """What axe finds against WCAG 2.2 A and AA and its best practices, or one rule, or all but one: ``["rule: selector"]``.

    ``inside`` is the selector of the part of the page to look at."""
    if not page.evaluate("'axeOfTests' in window"):  # the admin's forms bring one of their own, set up otherwise
        page.evaluate(
            f"{AXE.read_text()}; window.axeOfTests = window.axe; undefined"
        )  # itself, it is long to bring back
    # Style sheets are not read again by axe: only a rule that is off by default (`css-orientation-lock`) asks for them.
    options = {
        "resultTypes": ["violations"],
        "rules": {"target-size": {"enabled": True}},
        "preload": {"assets": ["media"]},
    }
    if only:
        options |= {"runOnly": [only], "rules": {}}
    if but:
        options["rules"][but] = {"enabled": False}
    found = page.evaluate(
        "([part, options]) => axeOfTests.run(part, options).then(result => result.violations)", [inside, options]
    )
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]


FINISH_ANIMATIONS = """() => {
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const ends = (each) => each.playState === "running" && each.effect.getComputedTiming().endTime <= 2000;
  const finish = () => document.getAnimations().filter(ends).forEach((each) => each.finish());
  return frames().then(finish).then(frames).then(() => undefined);
}"""
"""A badge of the admin's menu is animated for 25 seconds, and isn't ended."""


def wait_until_settled(page):
    """Waits until the page has come, and brings what fades in or slides to its end."""
    page.wait_for_load_state()
    page.evaluate(FINISH_ANIMATIONS)


def at_each_width(page, look):
    """What ``look(page)`` finds in a narrow and in a wide window, with its width: the page is opened once, and left as wide as
    it was."""
    found = []
    for width in sorted(WIDTHS, key=lambda width: width == page.viewport_size["width"]):
        page.set_viewport_size({"width": width, "height": 900})
        wait_until_settled(page)
        found += [f"{width} px: {fault}" for fault in look(page)]
    return found


def violations_light_and_dark(page):
    """What is wrong with the page, at the width it has, in light and in dark."""
    page.emulate_media(color_scheme="light")
    problems = [*violations(page), *horizontal_overflow(page)]
    page.emulate_media(color_scheme="dark")
    return [*problems, *violations(page, only="color-contrast")]


def horizontal_overflow(page):
    """Whether the page scrolls sideways, which no page may (WCAG 1.4.10)."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"scrolls sideways by {overflow} px"] if overflow > 0 else []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that failed says what each of its pages then showed."""
    report = yield
    opened = getattr(item, "funcargs", {}).get("visit")
    if call.when == "call" and report.failed and opened:
        report.sections += [page_text(page) for page in opened.pages if not page.is_closed()]
    return report


def page_text(page):
    from playwright.sync_api import Error

    try:
        return f"page {page.url}", page.inner_text("body", timeout=2000)
    except Error as error:  # the test's own fault is what is to be read
        return f"page {page.url}", str(error)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    """What the tests measured, said at the end: ``record_property("measured", "…")``."""
    reports = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    measures = [value for report in reports for name, value in report.user_properties if name == "measured"]
    if measures:
        terminalreporter.section("measured in the browser")
        for line in measures:
            terminalreporter.line(line)
