"""Writes down what the tests hold the API against, after a change of it: its description, and the typed client made from it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).parents[1]
DESCRIPTION = ROOT / "tests" / "diffusion" / "openapi.json"
CLIENT = ROOT / "docs" / "clients" / "rallynov.ts"
# What follows this line in the client is written by hand.
BY_HAND = "// --- Le client ---"


def types() -> str:
    """Returns the TypeScript types of the kept description, as openapi-typescript makes them, without its examples, which are four
    fifths of it."""
    described = json.dumps(_without_examples(json.loads(DESCRIPTION.read_text(encoding="utf-8"))))
    command = [ROOT / "node_modules" / ".bin" / "openapi-typescript"]
    return subprocess.run(command, input=described, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def _without_examples(part: Any) -> Any:
    if isinstance(part, list):
        return [_without_examples(item) for item in part]
    if isinstance(part, dict):
        return {key: _without_examples(value) for key, value in part.items() if key not in ("example", "examples")}
    return part


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    django.setup()
    from fiches.diffusion.api import schema
    from fiches.diffusion.api.urls import api

    contact = {"name": "Rally’nov", "url": "http://testserver"}
    description = schema(api)
    assert description["info"]["contact"] == contact, "not the settings of the tests"
    DESCRIPTION.write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    client = CLIENT.read_text(encoding="utf-8")
    CLIENT.write_text(types() + client[client.index(BY_HAND) :], encoding="utf-8")


if __name__ == "__main__":
    main()
