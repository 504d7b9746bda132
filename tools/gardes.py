"""Removes the guards of tests/gardes.toml in turn: `.venv/bin/python tools/gardes.py [NUMBER…] [--tests PATH…]`.

Prints for each whether a test fails without it. Exits with 1 if a guard was not seen, with 2 if a file has changes or lacks the guard.
"""

import argparse
import subprocess
import sys
import time
import tomllib
from pathlib import Path

PYTEST = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-m", "not services and not nightly and not browser"]


def is_seen(guard: dict, tests: list[str]) -> bool:
    """Runs the tests without the guard, then restores its file.

    :raises SystemExit: the file has changes, the guard is not in it once, or the tests could not run.
    """
    path = Path(guard["file"])
    source = path.read_text()
    if subprocess.run(["git", "diff", "--quiet", "HEAD", "--", path]).returncode:
        stop(f"{path} has changes.")
    if source.count(guard["old"]) != 1:
        stop(f"{path} holds {source.count(guard['old'])} times: {guard['old']}")
    try:
        path.write_text(source.replace(guard["old"], guard["new"]))
        done = subprocess.run([*PYTEST, *tests], capture_output=True, text=True)
    finally:
        subprocess.run(["git", "checkout", "--quiet", "--", path], check=True)
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
