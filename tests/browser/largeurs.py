"""What is wrong with the state that a page is in, narrow and wide, looked at without coming back to it."""

from tests.browser.conftest import at_each_width, horizontal_overflow, violations

WAGTAILS_OWN = {
    "label: ['.ui-autocomplete-input']": "the field where keywords are typed",
    "aria-input-field-name: ['.notranslate']": "the rich text of a block",
    "aria-input-field-name: ['div[aria-describedby=\"placeholder-": "the same, where there are several",
    "scrollable-region-focusable": "tables scroll sideways on a narrow screen",
    "aria-allowed-role: ['h2[role=\"alert\"]']": "how many lines were found",
    "label-content-name-mismatch: ['.w-slim-header-action-button']": "the number of filters in use, beside their button",
    "label-content-name-mismatch: ['.w-dropdown__toggle']": "the same, where the screen has no other menu",
    "color-contrast: ['.no']": "in dark, a button that destroys, beside others",
    "target-size: ['#w-minimap-toggle']": "the button that opens the outline of a form",
    "target-size: ['button[aria-describedby=\"panel-": "the arrow that folds a panel",
}
"""What axe finds in the parts of the admin's screens that Wagtail draws."""


def faults(page, *, but=()):
    """What axe finds at each width, but what begins with one of ``but``; and whether the page scrolls sideways."""

    def look(page):
        here = [*violations(page), *horizontal_overflow(page)]
        return [f"{page.url}: {each}" for each in here if not each.startswith(tuple(but))]

    return at_each_width(page, look)


def faults_for_staff(page):
    """The same of a screen of the admin, but what is Wagtail's."""
    return faults(page, but=WAGTAILS_OWN)
