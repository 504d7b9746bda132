"""Writes the description of the API that the tests compare it with, tests/diffusion/openapi.json, after a change of it."""

import json
import os
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
django.setup()

from fiches.diffusion.api.documentation import schema  # noqa: E402 - needs the settings
from fiches.diffusion.api.urls import api  # noqa: E402 - needs the settings

description = json.dumps(schema(api), ensure_ascii=False, indent=1)
Path(__file__).parents[1].joinpath("tests/diffusion/openapi.json").write_text(description + "\n", encoding="utf-8")
