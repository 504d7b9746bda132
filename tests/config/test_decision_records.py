"""Decisions are numbered without a hole and stand in their index; documents name decisions and modules that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/decisions"
ROOMS = ("bench", "docs", "etapes", "fiches", "home", "search", "site", "tests", "tools")
NOT_OURS = {"node_modules", "_site"}  # of docs/frontal
DECISIONS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")


def below(room, pattern):
    return [path for path in (ROOT / room).rglob(pattern) if path.is_file() and NOT_OURS.isdisjoint(path.parts)]


def test_the_numbers_of_decisions_run_without_a_hole_or_a_double():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_index_has_each_decision_under_its_number_and_title():
    titles = {path.name: path.read_text(encoding="utf-8").splitlines()[0] for path in DECISIONS}
    listed = re.findall(r"^- \[(\d{4})\]\((\S+)\): (.+)$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.M)
    assert [(name, f"# {int(number)}. {title}") for number, name, title in listed] == list(titles.items())


def test_a_decision_that_is_referred_to_exists():
    files = [*ROOT.glob("*.md"), ROOT / ".ci/run", *(path for room in ROOMS for path in below(room, "*.*"))]
    texts = (path.read_text(encoding="utf-8") for path in files if path.suffix in {".py", ".md", ""})
    named = {name for text in texts for name in re.findall(r"decisions/(\d{4}[a-z-]*(?:\.md)?)", text)}
    assert len(named) > 3
    for name in named:
        assert any(path.name == name or path.name.startswith(f"{name}-") for path in DECISIONS), name


def test_a_module_that_a_document_names_exists():
    documents = [*ROOT.glob("*.md"), *below("docs", "*.md")]
    texts = {path.name: path.read_text(encoding="utf-8") for path in documents}
    named = {(name, module) for name, text in texts.items() for module in re.findall(r"`((?:[\w-]+/)+\w+\.py)`", text)}
    modules = [f"/{path.relative_to(ROOT)}" for room in ROOMS for path in below(room, "*.py")]
    assert len(named) > 20
    assert [each for each in sorted(named) if not any(path.endswith(f"/{each[1]}") for path in modules)] == []
