"""What Lighthouse finds on a telephone: 95 or better in each of its four categories, on one page of each kind."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.browser.conftest import HERE, ROOT
from tests.browser.pages import FICHE, FICHES, HOME

pytestmark = [pytest.mark.untouched, pytest.mark.release]

ETAPE = "/etapes/la-foret-l-atelier-et-le-voisin/"
MEASURED = (HOME, FICHES, FICHE, ETAPE, "/carnets/carnet-1/", "/candidature/")
# Where the machine has no Node, that of `tools/packages.sh`.
NODE = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
CATEGORIES = {"performance", "accessibility", "best-practices", "seo"}
ENOUGH = 95


def test_lighthouse_gives_each_page_95_or_better_in_every_category(untouched, record_property):
    addresses = [untouched.address + path for path in MEASURED]
    for address in addresses:
        urlopen(address, timeout=60).close()  # the first answer of a new server is no reader's
    command = [NODE, HERE / "lighthouse.mjs", shutil.which("chromium"), *addresses]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300)
    found = {each["address"]: each for each in map(json.loads, answer.stdout.splitlines())}
    assert list(found) == addresses
    for path, address in zip(MEASURED, addresses, strict=True):
        scores = found[address]["scores"]
        record_property("measured", f"{path}: {', '.join(f'{name} {score}' for name, score in scores.items())}")
        assert set(scores) == CATEGORIES
        assert min(scores.values()) >= ENOUGH, (path, scores, found[address]["faults"])
