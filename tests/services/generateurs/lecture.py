"""Reads every resource with the client that `openapi-python-client` made: ``lecture.py <site> <questions.json>``.

The questions are ``[[operation, {parameter: value}]]``; writes ``[[operation, status, name of what was read, keys of the first item]]``.
"""

import importlib
import json
import pkgutil
import re
import sys
import typing
from enum import Enum
from pathlib import Path
from uuid import UUID

import client.api
from client import Client


def modules():
    """``{operation's name: its module}``."""
    found = pkgutil.walk_packages(client.api.__path__, "client.api.")
    return {each.name.rpartition(".")[2]: importlib.import_module(each.name) for each in found}


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).replace("-", "_").lower()


def typed(value, hint):
    """``value`` as the client wants it: a member of an enumeration, an identifier, a list of them."""
    for option in (hint, *typing.get_args(hint)):
        if typing.get_origin(option) is list:
            return [typed(item, typing.get_args(option)[0]) for item in value]
        if isinstance(option, type) and issubclass(option, (Enum, UUID)):
            return option(value)
    return value


def main(site, questions):
    found, reader = modules(), Client(base_url=site)
    told = []
    for operation, arguments in json.loads(Path(questions).read_text()):
        ask = found[snake(operation)].sync_detailed
        hints = typing.get_type_hints(ask)
        known = {snake(name): value for name, value in arguments.items()}
        answer = ask(client=reader, **{name: typed(value, hints[name]) for name, value in known.items()})
        items = answer.parsed.to_dict().get("items")
        told.append([operation, int(answer.status_code), type(answer.parsed).__name__, [*(items or [{}])[0]]])
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
