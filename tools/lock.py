"""`make lock`: writes requirements.txt, with exact versions and hashes of all packages that pyproject.toml requires.

One resolution of uv determines all versions; locked versions are kept, unless `UPGRADE=1` is set. The file has parts, so that an
installation contains only what it uses (tools/environment.sh): each contains the packages that it needs beyond the first part,
`tests` and `dist` those beyond all parts before them.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.txt"
# {part: arguments of uv}.
PARTS = {
    "site": ["--group", "site", "--extra", "headless"],
    "pdf": ["--extra", "pdf"],
    "heic": ["--extra", "heic"],
    "postgresql": ["--group", "postgresql"],
    "s3": ["--group", "s3"],
    "node": ["--group", "node"],
    "tests": ["--group", "tests"],
    "dist": ["--group", "dist"],
}
# Wagtail requires it but works without it; it contains a library under the GPL.
GPL = "pillow-heif"


def resolve(target: Path, *arguments: str) -> dict[str, str]:
    """Returns ``{name==version and marker: whole entry}`` of a resolution, whose text ``target`` keeps."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--output-file", str(target), "pyproject.toml", *arguments]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    entries = re.findall(r"^[\w.-]+==.*(?:\n {4}--hash=.*)+\n", target.read_text(), re.MULTILINE)
    return {entry.partition(" \\")[0]: entry for entry in entries}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, "whole.txt")
        whole.write_text(LOCK.read_text())
        upgrade = ["--upgrade"] if os.environ.get("UPGRADE") == "1" else []
        resolve(whole, *upgrade, *(word for arguments in PARTS.values() for word in arguments))
        text = "# Made by `make lock` from pyproject.toml: change that file, never this one.\n"
        written: dict[str, set[str]] = {}
        for part, arguments in PARTS.items():
            left_out = [] if part == "heic" else ["--no-emit-package", GPL]
            words = [*PARTS["site"], *arguments, *left_out, "--constraint", str(whole)]
            before = set().union(*written.values()) if part in ("tests", "dist") else written.get("site", set())
            entries = resolve(Path(folder, f"{part}.txt"), *words)
            written[part] = entries.keys() - before
            text += f"\n# --- {part}\n" + "".join(entry for name, entry in entries.items() if name in written[part])
    LOCK.write_text(text)


if __name__ == "__main__":
    main()
