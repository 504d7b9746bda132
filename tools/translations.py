"""Translations: `compile` makes the .mo files, `extract` brings the .po files up to date, `check` judges them.

`check` refuses a missing or doubtful translation, and two translations of one message. It extracts the messages again, in a copy, and compares: a text added
in code or templates and not in its .po is an error too. Both need gettext's programs; `compile` doesn't. Languages
beside French hold what visitors read (see `public_texts`), in whichever room's catalogue, and nothing is missing there.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

sys.path.insert(0, str(Path(__file__).parent))
from public_texts import public_texts

ROOT = Path(__file__).resolve().parents[1]
BESIDE_FRENCH = ("de",)  # English texts are the messages themselves
ROOMS = ("home", "search", "etapes", "fiches", "site")
# Where each catalogue's texts are: a room's own folder, less the rooms inside it that have their own catalogue.
INSIDE = {
    "fiches": ["fiches/candidatures", "fiches/palmares", "fiches/diffusion"],
    "etapes": ["etapes/carnets"],
    "site": ["site/demo"],
}


def catalogues(language: str = "fr") -> list[Path]:
    return sorted(po for room in ROOMS for po in (ROOT / room).glob(f"**/locale/{language}/LC_MESSAGES/*.po"))


def read(po: Path) -> polib.POFile:
    return polib.pofile(str(po), wrapwidth=0)


def compile_all() -> None:
    for po in (po for language in ("fr", *BESIDE_FRENCH) for po in catalogues(language)):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime <= po.stat().st_mtime:
            read(po).save_as_mofile(str(mo))


def holes(catalogue: polib.POFile) -> list[str]:
    """The messages without a translation, or with a doubtful one."""
    return [message.msgid for message in catalogue if not message.translated()]


def extracted(po: Path) -> polib.POFile:
    """The messages that code and templates hold, without translations."""
    room = po.parents[3].relative_to(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / room.name
        shutil.copytree(ROOT / room, copy, ignore=shutil.ignore_patterns("*.mo", "vendor", "__pycache__"))
        for inner in INSIDE.get(str(room), []):
            if (ROOT / inner / "locale").exists():
                shutil.rmtree(copy / Path(inner).name)
        if str(room) == "site":
            shutil.copytree(ROOT / "templates", copy / "templates")
        command = [sys.executable, "-m", "django", "makemessages", "--locale=fr", f"--domain={po.stem}"]
        command += ["--no-location", "--no-wrap", "--no-obsolete", "--verbosity=0"]
        subprocess.run(command, cwd=copy, check=True)
        return read(copy / "locale/fr/LC_MESSAGES" / po.name)


def absent(po: Path) -> list[str]:
    """The messages that code and templates hold and the catalogue doesn't."""
    known = {(message.msgid, message.msgctxt) for message in read(po)}
    return sorted(message.msgid for message in extracted(po) if (message.msgid, message.msgctxt) not in known)


def disagreements(language: str) -> list[str]:
    """The messages that two catalogues translate differently: Django shows the first one's translation in every room."""
    known: dict[tuple[str, str | None], list[str]] = {}
    found = set()
    for po in catalogues(language):
        for message in read(po):
            said = list(message.msgstr_plural.values()) or [message.msgstr]
            first = known.setdefault((message.msgid, message.msgctxt), said)
            if any(one != other for one, other in zip(first, said, strict=False)):
                found.add(message.msgid)
    return sorted(found)


def check() -> int:
    if not shutil.which("xgettext"):
        print("Il manque gettext : apt-get install gettext", file=sys.stderr)
        return 1
    faults = 0
    for po in catalogues():
        for kind, messages in (("à traduire ou à relire", holes(read(po))), ("absent du catalogue", absent(po))):
            for message in messages:
                print(f"{po.relative_to(ROOT)} : {kind} : {message!r}")
                faults += 1
    for language in ("fr", *BESIDE_FRENCH):
        for message in disagreements(language):
            print(f"{language} : traduit de deux façons : {message!r}")
            faults += 1
    for language in BESIDE_FRENCH:
        for room, message in untranslated(language):
            print(f"{room}/locale/{language} : ce que lit le public est à traduire : {message!r}")
            faults += 1
    return min(faults, 1)


def untranslated(language: str) -> list[tuple[str, str]]:
    """The texts that visitors read and ``language`` lacks, each with its room."""
    known = {message.msgid for po in catalogues(language) for message in read(po) if message.translated()}
    found = [(room, text) for room, texts in public_texts().items() for text in texts]
    return [(room, str(text)) for room, text in found if (text if isinstance(text, str) else text[0]) not in known]


def extract() -> None:
    """Brings every catalogue up to date with code and templates; what is new waits for its translation."""
    for po in catalogues():
        fresh, catalogue = extracted(po), read(po)
        wanted, known = ({(message.msgid, message.msgctxt): message for message in each} for each in (fresh, catalogue))
        catalogue[:] = [message for name, message in known.items() if name in wanted]
        catalogue.extend(message for name, message in wanted.items() if name not in known)
        catalogue.save()


COMMANDS = {"check": check, "compile": compile_all, "extract": extract}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]]())
