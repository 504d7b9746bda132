"""`make lock`: writes requirements.txt, with exact versions and hashes of all packages that pyproject.toml requires.

One resolution determines all versions. The file has parts; each contains the packages that it needs beyond the first part,
so that an installation contains only what it uses (tools/environment.sh). Locked versions are kept, unless `UPGRADE=1` is
set. The packages of `make dist` are in tools/dist.txt.
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
# {part: arguments of uv}. Each part is installed together with the first, the last part with all.
PARTS = {
    "site": ["--group", "site", "--extra", "headless"],
    "pdf": ["--extra", "pdf"],
    "heic": ["--extra", "heic"],
    "postgresql": ["--group", "postgresql"],
    "s3": ["--group", "s3"],
    "node": ["--group", "node"],
    "tests": ["--group", "tests"],
}
# {package: the only part that contains it}. Wagtail requires it but works without it; it contains a library under the GPL.
# Packages are installed without resolving dependencies, since the file lists them all.
LEFT_OUT = {"pillow-heif": "heic"}


def resolve(target: Path, *arguments: str) -> str:
    """Runs `uv pip compile` and returns ``target``'s new text; versions in ``target`` are kept. Exits if it fails."""
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") == "1" else []
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--output-file", str(target), *upgrade, *arguments]
    process = subprocess.run(command, cwd=ROOT, text=True, stderr=subprocess.PIPE)
    if process.returncode:
        sys.exit(f"Le choix des versions a échoué :\n{process.stderr}")
    return target.read_text()


def entries(text: str) -> dict[str, str]:
    """Returns ``{name==version and marker: whole entry}``, in the order of the file."""
    matches = re.findall(r"^[\w.-]+==.*(?:\n {4}--hash=.*)+\n", text, re.MULTILINE)
    return {entry.partition(" \\")[0]: entry for entry in matches}


def divided(resolutions: dict[str, str]) -> str:
    """Returns the text of requirements.txt from ``{part: its resolution}``: each part without the packages of the first, the
    last without those of any other."""
    first, *_, last = resolutions
    written: dict[str, set[str]] = {}
    text = HEAD
    for part, resolution in resolutions.items():
        before = set().union(*written.values()) if part == last else written.get(first, set())
        own = {
            name: entry
            for name, entry in entries(resolution).items()
            if name not in before and LEFT_OUT.get(name.partition("==")[0], part) == part
        }
        written[part] = set(own)
        text += f"\n# --- {part}\n" + "".join(own.values())
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
