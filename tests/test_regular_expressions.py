"""No regular expression of the product, nor of an address of the site, takes a time that grows out of hand with what is sent to it."""

import ast
import importlib
import re
import signal
import sys
from pathlib import Path
from re import _constants as op
from re import _parser

import pytest
from django.urls import URLResolver, get_resolver

ROOT = Path(__file__).parents[1]
ROOMS = ("etapes", "fiches", "home", "search", "site/config")
FUNCTIONS = {"compile", "sub", "subn", "match", "fullmatch", "search", "split", "findall", "finditer"}
REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
SIGNS = "aA0 \n\t_-.,;:/&<>\"'()[]{}=@%#!?é’\u00a0"
SECONDS = 0.2
"""Of processor, for one hostile text of ``LENGTH`` characters: a hundred times what a linear expression takes."""
LENGTH = 2000


class TooLongError(Exception):
    """An expression is still at its text after ``SECONDS``."""


def product_expressions():
    """``{(expression, flags): where it is}`` of the calls of `re` in the product, read with the names of their module."""
    found = {}
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        parts = (
            path.relative_to(ROOT / "site" if "site" in path.parts[len(ROOT.parts) :] else ROOT).with_suffix("").parts
        )
        if "migrations" in parts or "re." not in path.read_text():
            continue
        for call in ast.walk(ast.parse(path.read_text())):
            if not (
                isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in FUNCTIONS
            ):
                continue
            if not (isinstance(call.func.value, ast.Name) and call.func.value.id == "re"):
                continue
            name = ".".join(parts).removesuffix(".__init__")
            names = vars(sys.modules.get(name) or importlib.import_module(name))
            position = {"compile": 1, "match": 2, "fullmatch": 2, "search": 2, "findall": 2, "finditer": 2}.get(
                call.func.attr
            )
            flags = [each.value for each in call.keywords if each.arg == "flags"]
            flags += call.args[position : position + 1] if position else []
            try:
                expression, *flags = [value_of(node, names) for node in (call.args[0], *flags)]
            except NameError:  # it is made of what a function is given
                continue
            found[expression, int(sum(flags))] = f"{path.relative_to(ROOT)}:{call.lineno}"
    return found


def value_of(node, names):
    """What an expression of Python is worth among the names of a module."""
    return eval(compile(ast.Expression(node), "<expression>", "eval"), dict(names))


def address_expressions(resolver=None, before=""):
    """``{(expression, flags): address}`` of every address that the site answers at, with those of its libraries."""
    found = {}
    for each in (resolver or get_resolver()).url_patterns:
        found[each.pattern.regex.pattern, each.pattern.regex.flags] = f"{before}{each.pattern}"
        if isinstance(each, URLResolver):
            found |= address_expressions(each, f"{before}{each.pattern}")
    return found


def samples(sequence, most=24):
    """Texts that match a parsed expression: each branch, each repetition absent and once, a few signs of each class."""
    texts = [""]
    for code, argument in sequence:
        if code in REPEATS:
            least, greatest, body = argument
            once = [text * max(least, 1) for text in samples(body)]
            ends = once if least else [*once, ""]
        elif code is op.BRANCH:
            ends = [text for branch in argument[1] for text in samples(branch)]
        elif code is op.SUBPATTERN:
            ends = samples(argument[3])
        elif code is op.ATOMIC_GROUP:
            ends = samples(argument)
        elif code in (op.IN, op.LITERAL, op.NOT_LITERAL, op.ANY):
            ends = signs_of((code, argument))
        else:  # a place (start, end, before, after), or what a group held
            continue
        # Each end follows one text at least; the rest of the combinations is left out.
        pairs = [(text, end) for end in ends for text in texts]
        texts = [
            text + end
            for text, end in (pairs if len(pairs) <= most else [*zip(texts * most, ends, strict=False), *pairs][:most])
        ]
    return list(dict.fromkeys(texts))


def signs_of(part):
    """The signs that one place of an expression takes: its own first, then a few of each kind."""
    code, argument = part
    own = [chr(value) for kind, value in (argument if code is op.IN else [part]) if kind is op.LITERAL]
    own += [
        chr(first) for kind, (first, _last) in ((k, v) for k, v in (argument if code is op.IN else []) if k is op.RANGE)
    ]
    state = _parser.State()
    one = _parser.SubPattern(state, [part])
    takes = re._compiler.compile(one, 0).fullmatch
    return [sign for sign in dict.fromkeys([*own[:12], *SIGNS]) if takes(sign)][:16] or own[:1]


def hostile_texts(sequence, before=""):
    """For each repetition: what leads to it, then what it repeats many times, then what it can't take."""
    for code, argument in sequence:
        if code in REPEATS and argument[1] > LENGTH // 10:
            pumps = filter(None, samples(argument[2]))
            yield from (before + pump * (LENGTH // len(pump)) + "\0" for pump in pumps)
        for part in parts_of(code, argument):
            yield from hostile_texts(part, before)
        before += max(samples([(code, argument)]), key=len)


def parts_of(code, argument):
    """The expressions within one place of an expression."""
    if code is op.BRANCH:
        return argument[1]
    if code is op.ATOMIC_GROUP:
        return [argument]
    return [argument[-1]] if code in {*REPEATS, op.SUBPATTERN, op.ASSERT, op.ASSERT_NOT} else []


def stop(_number, _frame):
    raise TooLongError


def slow_text(expression, flags):
    """The hostile text that an expression takes too long over, cut short to be read; None."""
    parsed = _parser.parse(expression, flags)
    compiled = re.compile(expression, flags)
    for text in dict.fromkeys(hostile_texts(parsed)):
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            compiled.search(text if isinstance(expression, str) else text.encode("latin-1", "replace"))
        except TooLongError:
            return f"{text[:60]!r}…"
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return None


@pytest.fixture
def alarm():
    """The processor's time of this process is what stops an expression."""
    former = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.signal(signal.SIGVTALRM, former)


@pytest.mark.usefixtures("alarm")
@pytest.mark.parametrize("expressions", [product_expressions, address_expressions])
def test_no_expression_takes_long_over_a_hostile_text(expressions):
    all_of_them = expressions()
    assert len(all_of_them) > 100
    slow = {place: slow_text(*expression) for expression, place in all_of_them.items()}
    assert {place: text for place, text in slow.items() if text} == {}


@pytest.mark.usefixtures("alarm")
@pytest.mark.parametrize(
    "expression",
    [
        r"(a+)+$",
        r"^(?:a|a)*b",
        r"^\w+\s*\n*\s*\n*\s*,",
        # of copied links, once: a run of « &gt; »
        r"^(?:[\w-]+/)+[A-Za-z0-9_-]{43,}(?:/[a-z-]+)?(?:/?(?:[\s.,;:!?>)\]»”]|&(?:gt|lt|amp|quot|nbsp|\#39);?)+/?|//+)$",
    ],
)
def test_an_expression_that_backtracks_out_of_hand_is_found(expression):
    assert slow_text(expression, 0)
