"""What only a person can judge (does this text say what the picture shows? is this label clear?) was read, and what was read is
kept in ``reviewed_texts/``: a text that is new or has changed fails until somebody reads it. ``RELEVER=1`` writes those files anew.
"""

import os
from pathlib import Path

REVIEWED = Path(__file__).parent / "reviewed_texts"

CONTROLS = """() => {
  const text = (each) => (each?.textContent ?? "").replace(/\\s+/g, " ").trim();
  const own = (each) => !each.closest("header, footer, .facet, .map__layer");
  const fields = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(own).map((each) => {
    const label = [...(each.labels ?? [])].map(text).join(" ") || each.getAttribute("aria-label") || "";
    const group = text(each.closest("fieldset")?.querySelector("legend"));
    return ["champ", group ? `${group} : ${label}` : label, each.autocomplete];
  });
  const buttons = [...document.querySelectorAll("button, [type=submit]")].filter(own).filter((each) => each.offsetParent)
    .map((each) => ["bouton", each.getAttribute("aria-label") ?? text(each), ""]);
  const groups = [...document.querySelectorAll("legend, .facet__name")].map((each) => ["groupe", text(each), ""]);
  return [...fields, ...buttons, ...groups];
}"""
"""The fields with their groups, the buttons and the groups of a page: ``[kind, name, autocomplete]``; facets and the layers of the map are content."""


def named(controls):
    """``{"kind : name"}`` of what `CONTROLS` gives, address by address; none may be without a name."""
    nameless = [f"{address}: {kind}" for address, all_of in controls.items() for kind, name, _ in all_of if not name]
    assert nameless == []
    return {f"{kind} : {name}" for all_of in controls.values() for kind, name, _ in all_of}


def compare(name, texts):
    """:raises AssertionError: for a text that nobody has read yet, or one that is no longer there."""
    file = REVIEWED / f"{name}.txt"
    lines = sorted({" ".join(each.split()) for each in texts})
    if os.environ.get("RELEVER"):
        REVIEWED.mkdir(exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == file.read_text(encoding="utf-8").splitlines()
