"""Nothing moves under the reader's eyes when the fonts come after the text."""

import time

import pytest

from tests.browser.conftest import WIDTHS
from tests.browser.pages import ETAPE, FICHE, FICHES, HOME

pytestmark = [pytest.mark.nightly, pytest.mark.usefixtures("untouched")]

MOST = 0.02
"""What Lighthouse takes no point for is 0.1."""

OBSERVED = """window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.mark.parametrize("path", [HOME, FICHES, FICHE, ETAPE])
@pytest.mark.parametrize("width", WIDTHS)
def test_late_fonts_move_nothing(visit, path, width):
    page = visit(width=width, height=740)
    page.add_init_script(OBSERVED)

    def come_late(route):
        time.sleep(0.4)
        route.continue_()

    page.route("**/*.woff2", come_late)
    page.goto(path, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    assert sum(page.evaluate("window.shifts")) < MOST
