"""The HTML of the public pages, before any script: as the Nu validator judges it."""

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import ROOT
from tests.browser.pages import TEMPLATES, every_address

pytestmark = pytest.mark.usefixtures("untouched")

VALIDATOR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
NEWER = ("Attribute “popover” not", "Attribute “popovertarget” not", "Attribute “popovertargetaction” not")
"""HTML has had these since 2023; the validator's last release that comes whole from npm is older than its knowing them."""


def test_a_page_of_each_template_is_valid_html_with_one_title(visit, tmp_path):
    assert html_faults(visit(), TEMPLATES, tmp_path) == []


@pytest.mark.nightly
def test_every_page_is_valid_html_with_one_title(visit, tmp_path):
    page = visit()
    assert html_faults(page, every_address(page), tmp_path) == []


def html_faults(page, addresses, folder):
    written, found = {}, []
    for number, address in enumerate(addresses):
        file, text = folder / f"{number}.html", page.request.get(address).text()
        file.write_text(text, encoding="utf-8")
        written[file] = address
        if len(re.findall(r"<h1[\s>]", text)) != 1:
            found.append((address, "not one title"))
    command = [
        "java",
        "-XX:TieredStopAtLevel=1",
        "-jar",
        VALIDATOR,
        "--format",
        "json",
        "--errors-only",
        "--exit-zero-always",
        folder,
    ]
    messages = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stderr)["messages"]
    told = [each for each in messages if not each["message"].startswith(NEWER)]
    return found + [(written[Path(urlsplit(each["url"]).path)], each["message"], each.get("extract")) for each in told]
