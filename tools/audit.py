"""`make audit`: the known holes of the packages, asked of the Python and npm registries. Not part of `make check`: it needs them.

Ends with 0 when every package was looked up and none has a hole, 1 when one has, 2 when some could not be looked up, and
says why: a network that doesn't let the question through is never taken for "no hole".
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PIP_AUDIT = "pip-audit==2.10.1"
# Of its own: what audits the packages isn't one of them.
ENVIRONMENT = ROOT / "build" / "audit"


def of_python(answer):
    """``(holes, packages not looked up)``, in words, of what `pip-audit --format json` printed."""
    packages = json.loads(answer)["dependencies"]
    holes = [
        f"{package['name']} {package['version']} : {hole['id']}, corrigé en {', '.join(hole['fix_versions']) or '(rien encore)'}"
        for package in packages
        for hole in package.get("vulns", ())
    ]
    return holes, [package["name"] for package in packages if "skip_reason" in package]


def of_npm(answer):
    """The same of what `npm audit --json` printed; it looks all up, or none."""
    answer = json.loads(answer)
    if "vulnerabilities" not in answer:
        return [], [answer.get("message") or answer.get("error", {}).get("summary") or "npm n’a rien répondu"]
    return [f"{name} : {hole['severity']}" for name, hole in answer["vulnerabilities"].items()], []


def ask_python():
    pip_audit = ENVIRONMENT / "bin" / "pip-audit"
    if not pip_audit.exists():
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        pip: list[str | Path] = [
            ENVIRONMENT / "bin" / "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            PIP_AUDIT,
        ]
        subprocess.run(pip, check=True)
    command = [pip_audit, "--requirement", "requirements.txt", "--no-deps", "--disable-pip", "--format", "json"]
    return _answer([*command, "--progress-spinner", "off"])


def ask_npm():
    path = f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"  # where the wheel that carries Node puts it
    return _answer(["npm", "audit", "--json", "--package-lock-only"], PATH=path)


def _answer(command, **env):
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, timeout=600)
    if not done.stdout.strip():
        raise OSError((done.stderr.strip() or "aucune réponse").splitlines()[-1])
    return done.stdout


def main():
    found = unseen = False
    for what, ask, read in (("Python", ask_python, of_python), ("npm", ask_npm, of_npm)):
        try:
            holes, unknown = read(ask())
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            holes, unknown = [], [str(error)]
        for hole in holes:
            print(f"{what} : FAILLE CONNUE : {hole}")
        if unknown:
            few = ", ".join(unknown[:3]) + ("…" if len(unknown) > 3 else "")
            print(f"{what} : NON VÉRIFIÉ ({len(unknown)}) : le réseau ou le registre ne le permet pas : {few}")
        if not holes and not unknown:
            print(f"{what} : aucune faille connue.")
        found, unseen = found or bool(holes), unseen or bool(unknown)
    return 1 if found else 2 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
