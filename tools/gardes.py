"""Removes the guards of tests/gardes.toml in turn: `.venv/bin/python tools/gardes.py [NUMBER…] [--tests PATH…]`.

Works in a copy of the folder. Prints for each guard whether a test fails without it. Exits with 1 if one was not seen, with 2 if a file
lacks it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

PYTEST = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-m", "not services and not nightly and not browser"]


def is_seen(guard: dict, tests: list[str]) -> bool:
    """Runs the tests without the guard, then restores its file.

    :raises SystemExit: the guard is not in its file once, or the tests could not run.
    """
    path = Path(guard["file"])
    source = path.read_text()
    if source.count(guard["old"]) != 1:
        stop(f"{path} holds {source.count(guard['old'])} times: {guard['old']}")
    path.write_text(source.replace(guard["old"], guard["new"]))
    done = subprocess.run([*PYTEST, *tests], capture_output=True, text=True)
    path.write_text(source)
    lines = done.stdout.splitlines()
    if done.returncode not in (0, 1) or not lines:
        stop(done.stdout + done.stderr)
    sys.stdout.writelines(f"   {line}\n" for line in lines if line.startswith(("FAILED", "ERROR")))
    return done.returncode == 1


def stop(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, help="of the guards, from 1; all by default")
    parser.add_argument("--tests", nargs="+", help="instead of those of the list")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(
            ".", f"{folder}/copy", symlinks=True, ignore=shutil.ignore_patterns(".git", ".venv", "node_modules")
        )
        os.chdir(copy)
        remove_in_turn(options)


def remove_in_turn(options: argparse.Namespace) -> None:
    """Removes each guard that the options name, and exits with whether all were seen."""
    guards = tomllib.loads(Path("tests/gardes.toml").read_text())["guards"]
    seen = []
    for number in options.numbers or range(1, len(guards) + 1):
        guard, start = guards[number - 1], time.monotonic()
        seen.append(is_seen(guard, options.tests or guard["tests"]))
        answer = "seen" if seen[-1] else "NOT SEEN"
        print(f"{number:2} {answer} {time.monotonic() - start:.0f} s: {guard['rule']}", flush=True)
    raise SystemExit(not all(seen))


if __name__ == "__main__":
    main()
