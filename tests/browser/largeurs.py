"""What is wrong with the state that a page is in, narrow and wide, looked at without coming back to it."""

from tests.browser.conftest import at_each_width, horizontal_overflow, violations


def faults(page, *, but=()):
    """What axe finds at each width, but what begins with one of ``but``; and whether the page scrolls sideways."""

    def look(page):
        here = [*violations(page), *horizontal_overflow(page)]
        return [f"{page.url}: {each}" for each in here if not each.startswith(tuple(but))]

    return at_each_width(page, look)
