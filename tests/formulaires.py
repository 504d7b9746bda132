"""Forms as a browser would send them: with all that the page put in them."""

import json
import re

from bs4 import BeautifulSoup

# What says which form it is, and what it sends: a tenth of the page of an edit form.
ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
FIELDS = re.compile(
    rf"<!--.*?-->|<script\b.*?</script>|(<textarea\b.*?</textarea>|</?(?:main|template|form|button|select|option|input)\b{ATTRIBUTES}>"
    rf"|<\w+[^>]*\bdata-w-block-arguments-value={ATTRIBUTES}>)",
    re.DOTALL,
)


def filled_form(response, selector=""):
    """The form of an answer, by default the admin's, as the data that a browser posts when nothing is typed; its buttons are
    left out."""
    page = BeautifulSoup("".join(FIELDS.findall(response.content.decode())), "html.parser")
    form = page.select_one(selector) if selector else page.find("form", attrs={"data-edit-form": True})
    data = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = field["name"], field.get("type", "")
        if field.name == "select":
            chosen = [option.get("value", "") for option in field.select("option[selected]")]
            data[name] = chosen[0] if chosen else ""
        elif kind in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                data.setdefault(name, []).append(field.get("value", "on"))
        elif kind not in {"submit", "button", "file"}:
            data[name] = field.text.removeprefix("\n") if field.name == "textarea" else field.get("value", "")
    for stream in form.select("[data-w-block-arguments-value]"):  # a script draws its blocks
        data |= blocks(stream["id"], json.loads(stream["data-w-block-arguments-value"])[0])
    return {name: sent_as(value) for name, value in data.items()}


def sent_as(value):
    """A browser ends each line with two characters."""
    return value.replace("\r\n", "\n").replace("\n", "\r\n") if isinstance(value, str) else value


def blocks(prefix, value):
    """What the fields of a block hold: of a list, of something chosen, of a group, or of a single one."""
    if isinstance(value, dict) and "id" in value:
        return {prefix: value["id"]}
    if isinstance(value, dict):
        return {name: text for child, part in value.items() for name, text in blocks(f"{prefix}-{child}", part).items()}
    if isinstance(value, bool):
        return {prefix: "on"} if value else {}
    if not isinstance(value, list):
        return {prefix: "" if value is None else value}
    data = {f"{prefix}-count": str(len(value))}
    for number, block in enumerate(value):
        here = f"{prefix}-{number}"
        data |= {f"{here}-type": block.get("type", ""), f"{here}-id": block["id"], f"{here}-order": str(number)}
        data |= {f"{here}-deleted": "", **blocks(f"{here}-value", block["value"])}
    return data


# A field in which Enter presses a button, and the buttons that it may press.
TYPED = (
    "input:not([type]), input[type=text], input[type=email], input[type=search], input[type=url], input[type=number]"
)
SUBMITS = "button:not([type=button]):not([type=reset]), input[type=submit]"
FORMS = re.compile(
    rf"<!--.*?-->|<script\b.*?</script>|(</?(?:form|template)\b{ATTRIBUTES}>|<input\b{ATTRIBUTES}>|<button\b.*?</button>)",
    re.DOTALL,
)


def first_buttons(response):
    """The words of the first button of each form in which Enter would press one of several. A form of method "dialog" sends nothing."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return
    for form in BeautifulSoup("".join(FORMS.findall(response.content.decode())), "html.parser").find_all("form"):
        buttons = form.select(SUBMITS)
        if len(buttons) > 1 and form.select(TYPED) and buttons[0].get("formmethod") != "dialog":
            yield " ".join((buttons[0].get_text() or buttons[0].get("value", "")).split())


def completed_form(response):
    """The form of the admin's page, with « Fait » where the drafts of a new site say « À compléter »; rich text is JSON."""

    def completed(value):
        return value.replace(r"\u00c0 compl\u00e9ter", "Fait") if isinstance(value, str) else value

    return {name: completed(value) for name, value in filled_form(response).items()}
