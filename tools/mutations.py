"""Finds changes of a module that no test notices: `.venv/bin/python tools/mutations.py MODULE.py TESTS…` (docs/version.md).

Changes the module's source with cosmic-ray's operators, from an environment of their own. The tests run once, to learn which of them
execute each line; then a copy of the process (a fork) runs these with one change. No file of the project is written.
"""

import ast
import contextlib
import importlib
import inspect
import json
import os
import shutil
import signal
import subprocess
import sys
import traceback
import venv
from itertools import groupby, zip_longest
from multiprocessing import forkserver
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import SimpleNamespace
from typing import Any

with contextlib.suppress(ImportError):  # not in the environment of cosmic-ray
    import pytest
    from _pytest.runner import runtestprotocol
    from coverage import Coverage

PROGRAM, ENVIRONMENT = "cosmic-ray==8.7.0", Path("build/mutations")
MOST = 24  # changes of a module, taken at regular intervals
SECONDS = 180  # after which the tests of one change are stopped: it is noticed
OPERATORS = """
Binary:Add_Sub Binary:Sub_Add Binary:Mul_Div Binary:Div_Mul Binary:FloorDiv_Div Binary:BitOr_BitAnd Binary:BitAnd_BitOr
Comparison:Eq_NotEq Comparison:NotEq_Eq Comparison:Lt_LtE Comparison:LtE_Lt Comparison:Gt_GtE Comparison:GtE_Gt Comparison:Is_IsNot
Comparison:IsNot_Is Unary:Delete_Not Unary:USub_UAdd AddNot ReplaceTrueWithFalse ReplaceFalseWithTrue ReplaceAndWithOr ReplaceOrWithAnd
ReplaceBreakWithContinue ReplaceContinueWithBreak NumberReplacer RemoveDecorator ZeroIterationForLoop
"""


def write_changes(path):
    """Prints the changes of a module as JSON: ``[(line, new text of the line, source)]``. Runs in :data:`ENVIRONMENT`."""
    import parso
    from cosmic_ray.ast import ast_nodes
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    class Removal:
        """Removes a call or a refusal that is a statement, or the exceptions that are caught."""

        def mutation_positions(self, node):
            if node.type == "except_clause" or (
                node.type in ("atom_expr", "raise_stmt") and node.parent.type == "simple_stmt"
            ):
                yield node.start_pos, node.end_pos

        def mutate(self, node, _index):
            text = "except ()" if node.type == "except_clause" else "pass"
            return parso.python.tree.Keyword(text, node.start_pos, node.get_first_leaf().prefix)

    source = Path(path).read_text()
    changes: dict[str, tuple] = {}
    names = [name.replace(":", "Operator_") if ":" in name else name for name in OPERATORS.split()]
    names = [f"core/Replace{name}" if "Operator_" in name else f"core/{name}" for name in names]
    for operator in (*(get_operator(name)() for name in names), Removal()):
        positions = [
            (start, is_equivalent(node))
            for node in ast_nodes(parso.parse(source))
            for start, _end in operator.mutation_positions(node)
        ]
        for occurrence, (start, is_skipped) in enumerate(positions):
            code = None if is_skipped else mutate_code(source, operator, occurrence)
            with contextlib.suppress(SyntaxError):
                if code and (meaning := meaning_of(code)) != meaning_of(source):
                    changes.setdefault(meaning, (start, code))
    pairs = sorted(changes.values())
    step = max(1, len(pairs) / MOST)
    chosen = [pairs[int(number * step)] for number in range(min(MOST, len(pairs)))]
    lines = source.splitlines()
    json.dump([(start[0], _new_line(lines, code), code) for start, code in chosen], sys.stdout)


def meaning_of(code):
    return ast.dump(Plain().visit(ast.parse(code)))


class Plain(ast.NodeTransformer):
    """Writes a negated comparison or negation in one way."""

    OPPOSITES = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is}

    def visit_UnaryOp(self, node):
        node, inner = self.generic_visit(node), node.operand
        if isinstance(node.op, ast.Not) and isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.Not):
            return inner.operand
        if isinstance(node.op, ast.Not) and isinstance(inner, ast.Compare) and type(inner.ops[0]) in self.OPPOSITES:
            inner.ops[0] = self.OPPOSITES[type(inner.ops[0])]()
            return inner
        return node


def _new_line(lines, code):
    return next((new for old, new in zip(lines, code.splitlines(), strict=False) if old != new), "").strip()


def is_equivalent(node):
    """Whether a change of this node changes nothing by construction: signatures' marks, annotations, types' imports, logs."""
    if node.type == "if_stmt" and node.children[1].get_code().strip() == "TYPE_CHECKING":
        return True
    while parent := node.parent:
        is_mark = parent.type == "parameters" or (parent.type == "param" and node.type == "operator")
        is_annotation = parent.type in ("annassign", "tfpdef", "funcdef") and node.get_previous_sibling() in (":", "->")
        is_typing = parent.type == "if_stmt" and parent.children[1].get_code().strip() == "TYPE_CHECKING"
        if is_mark and node.type == "operator" or (is_annotation and node.type != "suite") or is_typing:
            return True
        if node.type == "atom_expr" and node.get_code().strip().startswith("logger."):
            return True
        node = parent
    return False


class Trial:
    """The plugin of pytest that tries the changes. Attribute: survivors (their lines)."""

    def __init__(self, path, changes):
        self.path, self.changes, self.survivors, self.bases, self.is_done = path, changes, [], [], False
        self.tree = ast.parse(Path(path).read_text())

    def pytest_runtestloop(self, session):
        self.session, self.items = session, session.items
        self.module = importlib.import_module(self.path.removesuffix(".py").replace("/", "."))
        firsts = [next(group) for _module, group in groupby(self.items, lambda item: item.path)]
        assert self._passes(firsts), "what every test starts from can't be made"
        bases = session.config._tmp_path_factory.getbasetemp().glob("*/tests.sqlite3")
        self.bases = [(base, shutil.copy(base, base.with_suffix(".first"))) for base in bases]
        with NamedTemporaryFile() as measure:
            assert self._fork(lambda: self._measure(measure.name)), "a test fails without a change"
            by_line = {int(line): tests for line, tests in json.load(measure).items()}
        for line, text, code in self.changes:
            tests = [self.items[number] for number in self._tests_of(line, by_line)]
            if not tests or self._fork(lambda code=code: apply(self.module, self.tree, ast.parse(code)), tests):
                self.survivors.append(line)
                print(f"{self.path}:{line}: {text}" + ("" if tests else "  # no test runs this"), flush=True)
        self.is_done = True
        return True

    def _fork(self, prepare, tests=()):
        """Whether what is prepared in a copy of the process, then these tests in it, pass."""
        self.session._setupstate.teardown_exact(until(self.session))
        for base, first in self.bases:
            shutil.copy(first, base)
        child = os.fork()
        if not child:
            signal.alarm(SECONDS)
            vars(forkserver._forkserver).update(vars(forkserver.ForkServer()))  # it starts its own
            status = 1
            try:
                prepare()
                status = 0 if self._passes(tests) else 1
                print(
                    end=self.failure and f"    {self.failure.splitlines()[-1]} ({self.failure.split(':')[2]})\n",
                    flush=True,
                )
            except BaseException:
                traceback.print_exc()
            os._exit(status)
        return os.waitpid(child, 0)[1] == 0

    def _passes(self, items):
        return all(self._pass(item, after) for item, after in zip_longest(items, items[1:]))

    def _pass(self, item, after=None):
        reports = runtestprotocol(item, nextitem=after or until(item.parent), log=False)
        self.failure = next((f"{item.nodeid}: {report.longreprtext}" for report in reports if report.failed), "")
        return not self.failure

    def _measure(self, name):
        """Writes which tests run each line."""
        signal.alarm(0)
        measured = Coverage(data_file=None, include=[self.path], config_file=False)
        measured.start()
        for number, item in enumerate(self.items):
            measured.switch_context(str(number))
            self.session._setupstate.teardown_exact(item)
            assert self._pass(item), print(self.failure)
        measured.stop()
        by_line = measured.get_data().contexts_by_lineno(str(Path(self.path).resolve()))
        Path(name).write_text(json.dumps({line: [*map(int, filter(None, found))] for line, found in by_line.items()}))

    def _tests_of(self, line, by_line):
        """The numbers of the tests that run the statement of a line; all of them outside a function."""
        statements = (node for node in ast.walk(self.tree) if isinstance(node, ast.stmt))
        around: list[Any] = [node for node in statements if _first(node) <= line <= (node.end_lineno or 0)]
        inner = max(around, key=lambda node: (_first(node), -node.end_lineno))
        if not any(isinstance(node, ast.FunctionDef) and node is not inner for node in around):
            return range(len(self.items))
        last = inner.body[0].lineno - 1 if getattr(inner, "body", None) else inner.end_lineno
        lines = range(_first(inner), max(last, line) + 1)
        return sorted({number for each in lines for number in by_line.get(each, [])})


def until(node):
    """The next test as pytest's teardown takes it: what belongs to this collector and those above it stays set up."""
    return SimpleNamespace(listchain=node.listchain)


def _first(node):
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])


def apply(module, old, new):
    """Runs the statement that differs, and those that are computed from it, in the module; gives their new values to all modules."""
    index = next(i for i, pair in enumerate(zip(old.body, new.body, strict=True)) if len(set(map(ast.dump, pair))) == 2)
    before: dict[str, Any] = dict(vars(module))
    changed: set[str] = set()
    for statement in new.body[index:]:
        read = statement.args if isinstance(statement, ast.FunctionDef) else statement
        is_computed = isinstance(statement, ast.Assign | ast.FunctionDef) and changed & _names(read)
        if statement is new.body[index] or is_computed:
            exec(compile(ast.Module([statement], []), module.__file__, "exec"), vars(module))  # noqa: S102 - the mutated code of the project itself
            changed = {name for name, value in vars(module).items() if before.get(name) is not value}
    for name in changed & before.keys():
        value = vars(module)[name]
        if isinstance(value, type):
            vars(module)[name] = before[name]
        exchange(before[name], value)
        for other in list(sys.modules.values()):
            if getattr(other, "__dict__", {}).get(name) is before[name]:
                setattr(other, name, vars(module)[name])


def _names(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def exchange(old, new):
    """Gives a function, or each method of a class, the code of the new one, for those that hold the old one."""
    if isinstance(old, type):
        for name, value in vars(new).items():
            was = vars(old).get(name)  # not a function, where the change removes its decorator
            if inspect.isfunction(value) and value.__code__.co_filename != "<string>" and inspect.isfunction(was):
                exchange(was, value)
            elif not name.startswith("__") or name == "__init__":
                with contextlib.suppress(AttributeError, TypeError):
                    setattr(old, name, value)
        return
    old, new = (inspect.unwrap(getattr(each, "func", each)) for each in (old, new))
    if (
        inspect.isfunction(old)
        and inspect.isfunction(new)
        and len(old.__code__.co_freevars) == len(new.__code__.co_freevars)
    ):
        old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__


def main(place, *tests):
    path, _colon, lines = place.partition(":")
    python = ENVIRONMENT / "bin/python"
    if not (ENVIRONMENT / "ready").exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", PROGRAM], check=True)
        (ENVIRONMENT / "ready").touch()
    changes = json.loads(subprocess.check_output([python, __file__, "--changes", path]))
    changes = [each for each in changes if not lines or str(each[0]) in lines.split(",")]
    trial = Trial(path, changes)
    pytest.main(["-q", "-n0", "--show-capture=no", "-s", *tests], plugins=[trial])
    if not trial.is_done:
        sys.exit("No change was tried.")
    print(f"{path}: {len(changes)} changes, {len(changes) - len(trial.survivors)} noticed")


if __name__ == "__main__":
    write_changes(sys.argv[2]) if sys.argv[1] == "--changes" else main(*sys.argv[1:])
