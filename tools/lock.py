"""`make lock`: writes requirements.txt, the exact versions and fingerprints of every package that pyproject.toml asks for.

One resolution decides all the versions; each part of the file then holds what a machine with that part needs beyond the
first, so that a server or a first try installs no more than it uses (tools/environment.sh). Versions that already stand
there stay, unless `UPGRADE=1` is set. The packages of `make dist` are apart, in tools/dist.txt: nothing runs on them.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK, TOOLS = ROOT / "requirements.txt", ROOT / "tools/dist.txt"
HEAD = "# Made by `make lock` from pyproject.toml: change that file, never this one.\n"
# ``{part: what uv is told}``: each is installed with the first, the last with all.
PARTS = {
    "site": ["--group", "site"],
    "pdf": ["--extra", "pdf"],
    "heic": ["--extra", "heic"],
    "postgresql": ["--group", "postgresql"],
    "s3": ["--group", "s3"],
    "node": ["--group", "node"],
    "tests": ["--group", "tests"],
}
# ``{package: the only part that has it}``. Wagtail asks for it, and works without: it holds a library under the GPL.
# Since the file names every package, what it installs is installed without looking for what else each asks for.
LEFT_OUT = {"pillow-heif": "heic"}


def resolve(target: Path, *arguments: str) -> str:
    """What `uv pip compile` answers: each package with its fingerprints; versions that ``target`` holds are kept."""
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") == "1" else []
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--output-file", str(target), *upgrade, *arguments]
    done = subprocess.run(command, cwd=ROOT, text=True, stderr=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"Le choix des versions a échoué :\n{done.stderr}")
    return target.read_text()


def entries(text: str) -> dict[str, str]:
    """``{name==version with its marker: the whole entry}``, in the order of the file."""
    found = re.findall(r"^[\w.-]+==.*(?:\n {4}--hash=.*)+\n", text, re.MULTILINE)
    return {entry.partition(" \\")[0]: entry for entry in found}


def divided(resolutions: dict[str, str]) -> str:
    """The file's text, of ``{part: its resolution}``: each part without what stands in the first, the last without what
    stands in any."""
    first, *_, last = resolutions
    written: dict[str, set[str]] = {}
    text = HEAD
    for part, resolution in resolutions.items():
        before = set().union(*written.values()) if part == last else written.get(first, set())
        here = {
            name: entry
            for name, entry in entries(resolution).items()
            if name not in before and LEFT_OUT.get(name.partition("==")[0], part) == part
        }
        written[part] = set(here)
        text += f"\n# --- {part}\n" + "".join(here.values())
    return text


def main() -> None:
    folder = ROOT / "build/lock"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    whole = folder / "whole.txt"
    whole.write_text(LOCK.read_text())
    first, *_, last = PARTS
    everything = [word for arguments in PARTS.values() for word in arguments]
    resolve(whole, "pyproject.toml", *everything)
    resolutions = {}
    for part, arguments in PARTS.items():
        chosen = {first: PARTS[first], part: arguments}
        words = everything if part == last else [word for each in chosen.values() for word in each]
        resolutions[part] = resolve(folder / f"{part}.txt", "pyproject.toml", *words, "--constraint", str(whole))
    LOCK.write_text(divided(resolutions))
    TOOLS.write_text(
        HEAD.replace("pyproject.toml", "tools/dist.in") + "".join(entries(resolve(TOOLS, "tools/dist.in")).values())
    )


if __name__ == "__main__":
    main()
