"""The HTML of each public page, before any script: as the Nu validator judges it."""

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import ROOT
from tests.browser.pages import addresses

pytestmark = pytest.mark.usefixtures("untouched")

VALIDATOR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
NEWER = ("Attribute “popover” not", "Attribute “popovertarget” not", "Attribute “popovertargetaction” not")
"""HTML has had these since 2023; the validator's last release that comes whole from npm is older than its knowing them."""


def test_every_page_is_valid_html_with_one_title(visit, tmp_path):
    page = visit()
    told, titles = {}, {}
    for number, address in enumerate(addresses(page)):
        file, text = tmp_path / f"{number}.html", page.request.get(address).text()
        file.write_text(text, encoding="utf-8")
        told[file], titles[address] = address, len(re.findall(r"<h1[\s>]", text))
    assert len(told) > 40
    assert {address: number for address, number in titles.items() if number != 1} == {}
    command = [
        "java",
        "-XX:TieredStopAtLevel=1",
        "-jar",
        VALIDATOR,
        "--format",
        "json",
        "--errors-only",
        "--exit-zero-always",
        tmp_path,
    ]
    messages = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stderr)["messages"]
    found = [each for each in messages if not each["message"].startswith(NEWER)]
    assert [(told[Path(urlsplit(each["url"]).path)], each["message"], each.get("extract")) for each in found] == []
