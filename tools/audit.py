"""`make audit`: looks up known vulnerabilities of the Python and npm packages. Needs the network, so not part of `make check`.

Exit code: 0 if all packages were looked up and none is vulnerable, 1 if one is, 2 if some could not be looked up. A network
failure is never taken for "no vulnerability".
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PIP_AUDIT = "pip-audit==2.10.1"
# A virtual environment of its own, since pip-audit is not one of the project's packages.
ENVIRONMENT = ROOT / "build" / "audit"


def read_pip_audit(output):
    """Reads the output of `pip-audit --format json`: returns ``(vulnerabilities, packages not looked up)``, as texts."""
    packages = json.loads(output)["dependencies"]
    vulnerabilities = [
        f"{package['name']} {package['version']} : {each['id']}, corrigé en {', '.join(each['fix_versions']) or '(rien encore)'}"
        for package in packages
        for each in package.get("vulns", ())
    ]
    return vulnerabilities, [package["name"] for package in packages if "skip_reason" in package]


def read_npm_audit(output):
    """Reads the output of `npm audit --json`: returns ``(vulnerabilities, errors)``, as texts. npm looks up all packages or
    none."""
    output = json.loads(output)
    if "vulnerabilities" not in output:
        return [], [output.get("message") or output.get("error", {}).get("summary") or "npm n’a rien répondu"]
    return [f"{name} : {vulnerability['severity']}" for name, vulnerability in output["vulnerabilities"].items()], []


def run_pip_audit():
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
    return _output([*command, "--progress-spinner", "off"])


def run_npm_audit():
    path = f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"  # npm may come from a Python wheel
    return _output(["npm", "audit", "--json", "--package-lock-only"], PATH=path)


def _output(command, **env):
    process = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, timeout=600)
    if not process.stdout.strip():
        raise OSError((process.stderr.strip() or "aucune réponse").splitlines()[-1])
    return process.stdout


def main():
    vulnerable = incomplete = False
    for what, run, read in (("Python", run_pip_audit, read_pip_audit), ("npm", run_npm_audit, read_npm_audit)):
        try:
            vulnerabilities, unknown = read(run())
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            vulnerabilities, unknown = [], [str(error)]
        for vulnerability in vulnerabilities:
            print(f"{what} : FAILLE CONNUE : {vulnerability}")
        if unknown:
            few = ", ".join(unknown[:3]) + ("…" if len(unknown) > 3 else "")
            print(f"{what} : NON VÉRIFIÉ ({len(unknown)}) : le réseau ou le registre ne le permet pas : {few}")
        if not vulnerabilities and not unknown:
            print(f"{what} : aucune faille connue.")
        vulnerable, incomplete = vulnerable or bool(vulnerabilities), incomplete or bool(unknown)
    return 1 if vulnerable else 2 if incomplete else 0


if __name__ == "__main__":
    sys.exit(main())
