"""`python tools/erreurs_nginx.py`: renders nginx's error pages from the site's templates."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "site/static/erreurs"
TEMPLATES = {
    400: "400.html",
    404: "nginx/404.html",
    405: "400.html",
    413: "413.html",
    414: "400.html",
    429: "nginx/429.html",
    502: "503.html",
    503: "503.html",
}


def pages() -> dict[str, str]:
    """Returns ``{file name: HTML}``, in French and without the site's name: nginx knows neither the request's language nor
    RALLYNOV_NOM."""
    from django.template.loader import render_to_string
    from django.utils.translation import override

    with override("fr"):
        return {
            f"{code}.html": render_to_string(name, {"code": code, "of_nginx": True}) for code, name in TEMPLATES.items()
        }


if __name__ == "__main__":
    import django

    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
