"""Under which licence each package comes, as it says itself. `check` fails on one that is unknown or that we can't take;
`list` prints them all.

What runs on a server or goes to browsers may be under any licence that asks for no more than a notice, or that keeps to
its own files (MPL) or library (LGPL). What only tests and checks run may be under the GPL too: nobody is given it.

A wheel can hold libraries of others, under other licences than its own: those of what runs are read too, and each must be
in ``LIBRARIES``.
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
TAKEN = {*NOTICE_ONLY.split(), "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-1.1", "MPL-2.0"}
TAKEN_FOR_TESTS = {*TAKEN, "GPL-3.0-or-later"}

# What a package says in a way that can't be read, and what its licence file says.
SAID = {
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",  # the whole text where the name should stand
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


# Of the libraries that wheels hold, as each one's own licence file says. One that is not here is to be looked up.
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
    """``[(library, licence)]`` of what an installed wheel holds beside its own code: the libraries in its ``*.libs``, and a
    text of the GPL among its licence files where the package itself offers no other choice."""
    files = [Path(str(file)) for file in distribution(name).files or ()]
    libraries = sorted(
        {re.split(r"[-.]", file.name)[0] for file in files if file.parent.name.endswith((".libs", ".dylibs"))}
    )
    known = {library: licence for licence, names in LIBRARIES.items() for library in names.split()}
    found = [(f"{name} ({library})", known.get(library, "")) for library in libraries]
    if " OR " in of_python(name):
        return found
    for file in files:
        if any(part.endswith(".dist-info") for part in file.parts) and re.match(
            r"(?i)licen[cs]e|copying|notice", file.name
        ):
            text = Path(str(distribution(name).locate_file(file))).read_text(errors="replace")
            if said := GPL_TEXT.search(text):
                found.append((f"{name} ({file.name})", f"{'AGPL' if said[1] else 'GPL'}-{said[2]}.0-or-later"))
    return found


def of_python(name):
    """What an installed package says: an expression, else a name, else its classifiers. ``""`` when it says nothing.

    :raises PackageNotFoundError: when it isn't installed.
    """
    said = cast(Message, metadata(name))
    written = SAID.get(name.lower()) or said.get("License-Expression") or said.get("License") or ""
    classifiers = [
        each.split(" :: ")[-1] for each in said.get_all("Classifier", []) if each.startswith("License :: OSI")
    ]
    if not written or "\n" in written:
        written = " AND ".join(_spelled(each) for each in classifiers if each != "OSI Approved")
    return _spelled(written)


def _spelled(name):
    return SPELLINGS.get(name.strip().lower(), name.strip())


# Parts that no server of ours has. An operator may choose the first, whose library is under the GPL.
NOT_GIVEN = {"heic", "tests"}


def parts(text):
    """``{part: [requirement]}`` of requirements.txt, for this machine. Without the part `node`: npm, where there is none."""
    found = {}
    for part in re.split(r"^# --- ", text, flags=re.MULTILINE)[1:]:
        name, _, entries = part.partition("\n")
        asked = map(Requirement, re.findall(r"^[\w.-]+==[^\\\n]+", entries, re.MULTILINE))
        found[name] = [each for each in asked if not each.marker or each.marker.evaluate()]
    found.pop("node", None)
    return found


def python_packages(text):
    """``{name: is it for tests only}`` of the requirements."""
    return {each.name: part in NOT_GIVEN for part, asked in parts(text).items() for each in asked}


def browser_packages(lock):
    """``[(name, licence, is it for tests only)]`` of a package-lock.json."""
    return [
        (name, SAID.get(name) or package.get("license") or "", bool(package.get("dev")))
        for path, package in lock["packages"].items()
        if (name := path.rpartition("node_modules/")[2])
    ]


def is_taken(licence, allowed):
    """Whether an SPDX expression leaves a choice among ``allowed``: one of those joined by OR, all of those joined by AND."""
    while inner := re.search(r"\(([^()]*)\)", licence):
        verdict = "MIT" if is_taken(inner[1], allowed) else ""  # an answer in the words of the question
        licence = licence[: inner.start()] + verdict + licence[inner.end() :]
    return any(all(part.strip() in allowed for part in choice.split(" AND ")) for choice in licence.split(" OR "))


def packages():
    """``[(name, licence, is it for tests only)]`` of all; a package that isn't installed has none."""
    found = []
    for name, for_tests in python_packages((ROOT / "requirements.txt").read_text()).items():
        try:
            found.append((name, of_python(name), for_tests))
            found += [] if for_tests else [(*library, False) for library in bundled(name)]
        except PackageNotFoundError:
            found.append((name, "", for_tests))
    return found + browser_packages(json.loads((ROOT / "package-lock.json").read_text()))


def refused(found):
    """What can't be taken among ``packages()``, in words."""
    return [
        f"{name} : {licence or 'sans licence lisible'}"
        for name, licence, for_tests in found
        if not is_taken(licence, TAKEN_FOR_TESTS if for_tests else TAKEN)
    ]


def main(order):
    found = packages()
    if order == "list":
        for name, licence, for_tests in sorted(found, key=lambda each: (each[2], each[0].lower())):
            print(f"{name:45}{licence:45}{'tests' if for_tests else ''}".rstrip())
    if problems := refused(found):
        sys.exit("Licences à revoir (tools/licences.py) :\n" + "\n".join(problems))
    print(f"{len(found)} paquets, toutes les licences conviennent.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "check")
