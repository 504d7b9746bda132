"""One file writes colours; pages, frames, paper, mails, social cards and the admin take theirs from it."""

import re
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import override_settings

from etapes.carnets import mail_composition
from fiches.diffusion.paper import pdf
from fiches.pages import colours

ROOT = Path(__file__).resolve().parents[2]
COLOUR_FILE = ROOT / "fiches/static" / colours.FILE


@pytest.fixture
def host(tmp_path):
    """A host with a colour file of its own: violet where ours is green, blue where ours is paper."""
    own = tmp_path / colours.FILE
    own.parent.mkdir(parents=True)
    shutil.copy(COLOUR_FILE, own)
    text = own.read_text()
    for name, value in (("fir", "#4a1a49"), ("fir-deep", "#321032"), ("paper", "#dde6ff"), ("link", "#41124a")):
        text = re.sub(rf"(  --{name}): #\w+;", rf"\1: {value};", text, count=1)
    own.write_text(text)
    with override_settings(STATICFILES_DIRS=[tmp_path]):
        assert finders.find(colours.FILE) == str(own)
        yield


def test_the_colours_of_a_host_are_on_its_paper_and_in_its_mails(host):
    assert "#321032" in pdf.styles() and "var(--fir-deep)" not in pdf.styles()
    mail = render_to_string("courriels/message.html", {"texte": "Bonjour."})
    assert "background:#dde6ff" in mail and "color:#4a1a49" in mail
    assert "color:#4a1a49" in mail_composition.inline_styles("<h2>Dole</h2>")
