"""The HTML of each public page, as the Nu validator judges it."""

import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import ROOT
from tests.browser.pages import addresses

pytestmark = pytest.mark.untouched

VALIDATOR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
NEWER = ("Attribute “popover” not", "Attribute “popovertarget” not", "Attribute “popovertargetaction” not")
"""HTML has had these since 2023; the validator's last release that comes whole from npm is older than its knowing them."""


def test_every_page_is_valid_html(visit, tmp_path):
    page = visit()
    told = {}
    for number, address in enumerate(addresses(page)):
        file = tmp_path / f"{number}.html"
        file.write_text(page.request.get(address).text(), encoding="utf-8")
        told[file] = address
    assert len(told) > 40
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
