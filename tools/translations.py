"""Translations: `compile` writes the .mo files, `extract` updates the .po files, `check` reports errors.

`check` refuses a missing or fuzzy translation, a message in code or templates that is missing in its .po file or is no longer in them (it
extracts the messages again in a copy), two translations of one message, and an ordinary space inside « », at which a line may break. What
visitors read has a German translation (tests/langues/test_rien_en_francais.py looks for French on the German pages). English texts are
the messages, unless `en` translates them: those for visitors must contain none of the domain's French words. `extract` and
`check` need gettext's programs; `compile` does not.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
OTHER_LANGUAGES = ("de",)
# The domain's French words, which have an English word in docs/glossaire.md.
FRENCH_WORDS = re.compile(
    r"\b(étape|fiche|dossier|carnet|chapô|porteur|grille|commune)s?\b|palmarès|\bbons? à tirer\b", re.IGNORECASE
)
# What a reader does not see of a message (places to fill), and addresses.
PLACES = re.compile(r"\{\w+\}|%\(\w+\)s|/\w+")
ROOMS = ("home", "search", "etapes", "fiches", "site")
# Words of Wagtail and Django that the site translates anew: nothing is extracted into it.
OF_LIBRARIES = ROOT / "site/locale_wagtail"
# Folders inside a room that have a catalogue of their own, excluded from the room's.
INSIDE = {
    "fiches": ["fiches/candidatures", "fiches/palmares", "fiches/diffusion"],
    "etapes": ["etapes/carnets"],
    "site": ["site/demo"],
}


def catalogues(language: str = "fr") -> list[Path]:
    own = (po for room in ROOMS for po in (ROOT / room).glob(f"**/locale/{language}/LC_MESSAGES/*.po"))
    return sorted([*own, *OF_LIBRARIES.glob(f"{language}/LC_MESSAGES/*.po")])


def read(po: Path) -> polib.POFile:
    return polib.pofile(str(po), wrapwidth=0)


def compile_all() -> None:
    for po in (po for language in ("fr", "en", *OTHER_LANGUAGES) for po in catalogues(language)):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime <= po.stat().st_mtime:
            read(po).save_as_mofile(str(mo))


def incomplete(catalogue: polib.POFile) -> list[str]:
    """The messages without a translation, or with a fuzzy one."""
    return [message.msgid for message in catalogue if not message.translated()]


def breaks(text: str) -> bool:
    """Whether a line may break at an ordinary space inside « »."""
    return "« " in text or " »" in text


def breakable(catalogue: polib.POFile) -> list[str]:
    """The translations in which a line may break inside « »."""
    return [text for each in catalogue for text in (each.msgstr, *each.msgstr_plural.values()) if breaks(text)]


def breakable_templates() -> list[str]:
    """``file:line`` of the templates' lines that may break inside « »."""
    folders = [ROOT / "templates", *(folder for room in ROOMS for folder in (ROOT / room).glob("**/templates"))]
    files = sorted({file for folder in folders for kind in ("html", "txt") for file in folder.rglob(f"*.{kind}")})
    return [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if breaks(line)
    ]


def extracted(po: Path) -> polib.POFile:
    """Extracts the messages of a catalogue's code and templates, without translations."""
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


def differences(po: Path) -> dict[str, list[str]]:
    """The messages in code and templates that are missing in the catalogue, and those of the catalogue that are no longer in them."""
    if po.is_relative_to(OF_LIBRARIES):
        return {}
    wanted, known = ({(message.msgid, message.msgctxt) for message in each} for each in (extracted(po), read(po)))
    names = {"absent du catalogue": wanted - known, "n’est plus dans le code": known - wanted}
    return {fault: sorted(msgid for msgid, _context in messages) for fault, messages in names.items()}


def disagreements(language: str) -> list[str]:
    """The messages that two catalogues translate differently: Django would use one of them everywhere."""
    known: dict[tuple[str, str | None], list[str]] = {}
    conflicting = set()
    for po in catalogues(language):
        for message in read(po):
            translation = list(message.msgstr_plural.values()) or [message.msgstr]
            first = known.setdefault((message.msgid, message.msgctxt), translation)
            if any(one != other for one, other in zip(first, translation, strict=False)):
                conflicting.add(message.msgid)
    return sorted(conflicting)


def check() -> int:
    if not shutil.which("xgettext"):
        print("Il manque gettext : apt-get install gettext", file=sys.stderr)
        return 1
    faults = [*_faults_of_french(), *_faults_of_the_others()]
    for fault in faults:
        print(fault)
    return min(len(faults), 1)


def _faults_of_french() -> Iterator[str]:
    for place in breakable_templates():
        yield f"{place} : espace sécable dans « »"
    for po in catalogues():
        catalogue = read(po)
        messages_by_fault = {
            "à traduire ou à relire": incomplete(catalogue),
            "espace sécable dans « »": breakable(catalogue),
        }
        for kind, messages in (messages_by_fault | differences(po)).items():
            yield from (f"{po.relative_to(ROOT)} : {kind} : {message!r}" for message in messages)


def _faults_of_the_others() -> Iterator[str]:
    for text in french_words():
        yield f"en : mot français dans ce que lit le public (docs/glossaire.md a le mot anglais) : {text!r}"
    for language in ("fr", "en", *OTHER_LANGUAGES):
        yield from (f"{language} : traduit de deux façons : {message!r}" for message in disagreements(language))
    for po in (po for language in OTHER_LANGUAGES for po in catalogues(language)):
        yield from (
            f"{po.relative_to(ROOT)} : à traduire ou à relire : {message!r}" for message in incomplete(read(po))
        )


def french_words() -> list[str]:
    """The English texts for visitors, which are in German too, that contain a French word of the domain."""
    english = {
        (message.msgid, message.msgctxt): [message.msgstr, *message.msgstr_plural.values()]
        for po in catalogues("en")
        for message in read(po)
    }
    public = {(message.msgid, message.msgctxt) for po in catalogues("de") for message in read(po)}
    for message in (message for po in catalogues() for message in read(po)):
        if (name := (message.msgid, message.msgctxt)) in public:
            english.setdefault(name, [message.msgid, message.msgid_plural])
    return [text for forms in english.values() for text in forms if FRENCH_WORDS.search(PLACES.sub("", text))]


def extract() -> None:
    """Updates all catalogues from code and templates: adds new messages without translation, removes obsolete ones."""
    for po in (po for po in catalogues() if not po.is_relative_to(OF_LIBRARIES)):
        fresh, catalogue = extracted(po), read(po)
        wanted, known = ({(message.msgid, message.msgctxt): message for message in each} for each in (fresh, catalogue))
        catalogue[:] = [message for name, message in known.items() if name in wanted]
        catalogue.extend(message for name, message in wanted.items() if name not in known)
        catalogue.save()


COMMANDS = {"check": check, "compile": compile_all, "extract": extract}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]]())
