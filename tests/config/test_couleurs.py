"""One file writes colours; pages, frames, paper, mails, social cards and the admin take theirs from it."""

import colorsys
import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import override_settings
from PIL import Image

from etapes.carnets import mail_composition
from fiches import colours
from fiches.diffusion.embeds.accent_colours import read_accent
from fiches.diffusion.paper import pdf, social_cards

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("fiches", "etapes", "home", "search", "site", "templates")
COLOUR_FILE = ROOT / "fiches/static" / colours.FILE
LITERAL = re.compile(r"""#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?=[\s;:,."'<)])|\b(?:rgb|hsl)a?\(""", re.IGNORECASE)


def test_no_other_file_writes_a_colour():
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*")]
    read = [
        path
        for path in files
        if path.suffix in {".css", ".js", ".html", ".txt", ".py", ".po"}
        and not {"vendor", "migrations", "demo", "staticfiles"} & set(path.parts)
        and path != COLOUR_FILE
    ]
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in read
        for found in LITERAL.finditer(path.read_text(encoding="utf-8"))
    ]
    assert len(read) > 500
    assert wrong == []


def test_the_night_is_written_the_same_for_readers_who_ask_and_for_frames_that_ask():
    text = COLOUR_FILE.read_text(encoding="utf-8")
    asked, by_system = re.findall(
        r':root\[data-theme="(?:sombre|auto)"\] \{\s*(?:color-scheme: dark;)?\s*(--paper[^}]*)\}', text
    )[:2]
    assert asked.split() == by_system.split()


def test_the_admin_s_first_colour_is_that_of_the_firs():
    text = (ROOT / "site/static/admin/rallynov.css").read_text()
    told = dict(re.findall(r"--w-color-primary-(hue|saturation|lightness): ([\d.]+)", text))
    red, green, blue = (int(colours.colour("fir")[start : start + 2], 16) / 255 for start in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    assert float(told["hue"]) == pytest.approx(360 * hue, abs=0.5)
    assert float(told["saturation"]) == pytest.approx(100 * saturation, abs=0.5)
    assert float(told["lightness"]) == pytest.approx(100 * lightness, abs=0.5)


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


def test_the_colours_of_a_host_are_on_its_social_cards(host):
    shown = {"titre": "La recette", "organisation": "Agrodoubs", "commune": "", "exemple": False}
    with Image.open(BytesIO(social_cards.draw(shown, None))) as card:
        assert card.convert("RGB").getpixel((3, 3)) == (0xDD, 0xE6, 0xFF)


def test_the_example_of_an_accent_is_a_colour_of_the_host(host):
    with pytest.raises(ValueError, match="#4a1a49"):
        read_accent("vert", "clair")


@pytest.mark.django_db
def test_the_component_of_partners_has_the_colours_of_the_site(client):
    text = client.get("/integration/rallynov.js").content.decode()
    for theme in ("clair", "sombre"):
        assert f"--accent: {colours.colour('link', theme)};" in text
        assert f"--carte: {colours.colour('paper-raised', theme)};" in text
