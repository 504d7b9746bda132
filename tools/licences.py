"""Checks the licences of all Python and npm packages. `check` fails on one that is unknown or not allowed; `list` prints all.

Allowed for packages that run on servers or in browsers: licences that only require a notice, or whose copyleft is limited to
their own files (MPL) or library (LGPL). Packages that only tests and checks use may also be under the GPL, since they are not
distributed.

Wheels may bundle libraries under other licences. Those of packages that run on servers are checked too, and must be listed in
``LIBRARIES``.
"""

import json
import re
import sys
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path
from typing import cast

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]

NOTICE_ONLY = """
0BSD Apache-2.0 BSD BSD-2-Clause BSD-3-Clause BSD-Attribution-HPND-disclaimer BlueOak-1.0.0 CC0-1.0 CNRI-Python FTL IJG ISC
MIT MIT-0 MIT-CMU OFL-1.1 OLDAP-2.8 PSF-2.0 PostgreSQL Python-2.0 Unlicense libpng-2.0 libtiff
"""
ALLOWED = {*NOTICE_ONLY.split(), "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-1.1", "MPL-2.0"}
ALLOWED_FOR_TESTS = {*ALLOWED, "GPL-3.0-or-later"}

# Licences, according to their licence files, of packages whose metadata can't be parsed.
CORRECTIONS = {
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",  # its metadata contains the whole text
    "parse-cache-control": "BSD-3-Clause",  # in its LICENSE file only
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",  # classifiers say "and" and "or" alike
    "pytest-django": "BSD-3-Clause",  # a sentence
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",  # "Dual License"
    "svg-tags": "MIT",  # in its LICENSE file only
    "qrcode": "BSD-3-Clause",  # its second classifier is about a trade mark
}

SPELLINGS = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd license": "BSD",
    "gnu lesser general public license v2 or later (lgplv2+)": "LGPL-2.1-or-later",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}


# Licences of the libraries bundled in wheels, according to their own licence files. Add one that is missing here.
LIBRARIES = {
    "Apache-2.0": "libcrypto libssl",
    "0BSD": "liblzma",
    "BSD-2-Clause": "libavif libopenjp2",
    "BSD-3-Clause": "libsharpyuv libwebp libwebpdemux libwebpmux libzstd",
    "BSD-Attribution-HPND-disclaimer": "libsasl2",
    "FTL": "libfreetype",
    "GPL-2.0-or-later": "libx264 libx265",
    "IJG AND BSD-3-Clause": "libjpeg",
    "LGPL-2.1-or-later": "libcrypt libkeyutils",
    "LGPL-3.0-or-later": "libde265 libheif",
    "MIT": "libXau libbrotlicommon libbrotlidec libcom_err libgssapi_krb5 libharfbuzz libk5crypto libkrb5 libkrb5support"
    " liblcms2 libxcb",
    "OLDAP-2.8": "liblber libldap",
    "PostgreSQL": "libpq",
    "libpng-2.0": "libpng16",
    "libtiff": "libtiff",
}
GPL_TEXT = re.compile(r"^\s*GNU (AFFERO )?GENERAL PUBLIC LICENSE\s+Version (\d)", re.MULTILINE)


def bundled(name):
    """Returns ``[(library, licence)]`` bundled in an installed wheel: the libraries in its ``*.libs`` folder, and any GPL text
    among its licence files, unless the package's own licence is a choice."""
    files = [Path(str(file)) for file in distribution(name).files or ()]
    libraries = sorted(
        {re.split(r"[-.]", file.name)[0] for file in files if file.parent.name.endswith((".libs", ".dylibs"))}
    )
    known = {library: licence for licence, names in LIBRARIES.items() for library in names.split()}
    licences = [(f"{name} ({library})", known.get(library, "")) for library in libraries]
    if " OR " in licence_of(name):
        return licences
    for file in files:
        if any(part.endswith(".dist-info") for part in file.parts) and re.match(
            r"(?i)licen[cs]e|copying|notice", file.name
        ):
            text = Path(str(distribution(name).locate_file(file))).read_text(errors="replace")
            if match := GPL_TEXT.search(text):
                licences.append((f"{name} ({file.name})", f"{'AGPL' if match[1] else 'GPL'}-{match[2]}.0-or-later"))
    return licences


def licence_of(name):
    """The licence of an installed package, from its metadata: expression, else name, else classifiers; ``""`` if unknown.

    :raises PackageNotFoundError: the package is not installed.
    """
    fields = cast(Message, metadata(name))
    licence = CORRECTIONS.get(name.lower()) or fields.get("License-Expression") or fields.get("License") or ""
    classifiers = [
        each.split(" :: ")[-1] for each in fields.get_all("Classifier", []) if each.startswith("License :: OSI")
    ]
    if not licence or "\n" in licence:
        licence = " AND ".join(_normalised(each) for each in classifiers if each != "OSI Approved")
    return _normalised(licence)


def _normalised(name):
    return SPELLINGS.get(name.strip().lower(), name.strip())


# Parts of requirements.txt that our servers do not install. An operator may choose "heic", whose library is under the GPL.
NOT_DISTRIBUTED = {"heic", "tests"}


def parts(text):
    """Returns ``{part: [Requirement]}`` of requirements.txt, for this platform, without the part `node` (npm itself)."""
    by_part = {}
    for part in re.split(r"^# --- ", text, flags=re.MULTILINE)[1:]:
        name, _, entries = part.partition("\n")
        requirements = map(Requirement, re.findall(r"^[\w.-]+==[^\\\n]+", entries, re.MULTILINE))
        by_part[name] = [each for each in requirements if not each.marker or each.marker.evaluate()]
    by_part.pop("node", None)
    return by_part


def python_packages(text):
    """Returns ``{name: whether it is for tests only}`` of requirements.txt."""
    return {each.name: part in NOT_DISTRIBUTED for part, requirements in parts(text).items() for each in requirements}


def browser_packages(lock):
    """Returns ``[(name, licence, whether it is for tests only)]`` of a package-lock.json."""
    return [
        (name, CORRECTIONS.get(name) or package.get("license") or "", bool(package.get("dev")))
        for path, package in lock["packages"].items()
        if (name := path.rpartition("node_modules/")[2])
    ]


def is_allowed(licence, allowed):
    """Whether an SPDX expression is satisfied by the licences in ``allowed``."""
    while inner := re.search(r"\(([^()]*)\)", licence):
        # Replaces the parentheses by an allowed licence, or by none.
        verdict = "MIT" if is_allowed(inner[1], allowed) else ""
        licence = licence[: inner.start()] + verdict + licence[inner.end() :]
    return any(all(part.strip() in allowed for part in choice.split(" AND ")) for choice in licence.split(" OR "))


def packages():
    """Returns ``[(name, licence, whether it is for tests only)]`` of all packages; the licence is "" if one is not installed."""
    licences = []
    for name, for_tests in python_packages((ROOT / "requirements.txt").read_text()).items():
        try:
            licences.append((name, licence_of(name), for_tests))
            licences += [] if for_tests else [(*library, False) for library in bundled(name)]
        except PackageNotFoundError:
            licences.append((name, "", for_tests))
    return licences + browser_packages(json.loads((ROOT / "package-lock.json").read_text()))


def refused(licences):
    """Messages about the entries of :func:`packages` that are not allowed."""
    return [
        f"{name} : {licence or 'sans licence lisible'}"
        for name, licence, for_tests in licences
        if not is_allowed(licence, ALLOWED_FOR_TESTS if for_tests else ALLOWED)
    ]


def main(order):
    licences = packages()
    if order == "list":
        for name, licence, for_tests in sorted(licences, key=lambda each: (each[2], each[0].lower())):
            print(f"{name:45}{licence:45}{'tests' if for_tests else ''}".rstrip())
    if problems := refused(licences):
        sys.exit("Licences à revoir (tools/licences.py) :\n" + "\n".join(problems))
    print(f"{len(licences)} paquets, toutes les licences conviennent.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "check")
