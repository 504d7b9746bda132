"""Forms as a browser would send them: with all that the page put in them."""

from bs4 import BeautifulSoup


def filled_form(response, selector="form[data-edit-form]"):
    """The form of an answer as the data that a browser posts when nothing is typed; its buttons are left out."""
    form = BeautifulSoup(response.content, "html.parser").select_one(selector)
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
            data[name] = field.text.strip("\n") if field.name == "textarea" else field.get("value", "")
    # Blocks are drawn by a script: an empty body has these only.
    data |= {f"{name}-count": "0" for name in ("corps", "programme", "compte_rendu")}
    return data
