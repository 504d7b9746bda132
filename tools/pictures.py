"""Makes the pictures of docs/images/pages/ from the demo that `make run` shows: the first screen of each main page."""

import io
import os
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs/images/pages"
# A telephone's window, a laptop's.
WINDOWS = ((360, 720), (1280, 800))
PAGES = {"accueil": "/", "innovations": "/fiches/"}
MORE = {
    "fiche": "/fiches/la-recette-d-une-organisation-partagee/",
    "etapes": "/etapes/",
    "etape": "/etapes/se-deplacer-quand-tout-est-loin/",
    "recherche": "/recherche/?q=cuisine",
    "candidature": "/candidature/",
} | {name: f"/{name}/" for name in ("carnets/carnet-1", "palmares", "partenaires", "bibliographie", "grille")}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width, height in WINDOWS:
            size = ViewportSize(width=width, height=height)
            take(browser, PAGES | MORE, size)
            take(browser, {f"{name}-sombre": path for name, path in PAGES.items()}, size, dark=True)
            take(browser, {"bureau": "/admin/", "bureau-fiches": "/admin/fiches/"}, size, account="moderation")
    print(f"{FOLDER} : {sum(file.stat().st_size for file in FOLDER.iterdir()) / 1e6:.1f} Mo")


def take(browser: Browser, pages: dict[str, str], size: ViewportSize, *, account: str = "", dark: bool = False) -> None:
    """Writes ``<name>-<width>.webp`` for each address of ``pages``; for staff, for the decision that waits first too."""
    page = browser.new_page(
        base_url=os.environ["BASE_URL"],
        viewport=size,
        locale="fr-FR",
        reduced_motion="reduce",
        color_scheme="dark" if dark else "light",
    )

    def write(name: str) -> None:
        page.wait_for_load_state("networkidle")
        file = FOLDER / f"{name.split('/')[0]}-{size['width']}.webp"
        Image.open(io.BytesIO(page.screenshot())).save(file, quality=60, method=6)

    if account:
        page.goto("/admin/login/")
        page.fill("[name=login]", account)
        page.fill("[name=password]", os.environ.get("DEMO_PASSWORD") or (ROOT / ".demo-password").read_text())
        page.press("[name=password]", "Enter")
        page.get_by_role("link", name="Lire et décider").last.click()
        page.wait_for_url("**/innovations/*/")
        write("bureau-decision")
    for name, path in pages.items():
        page.goto(path)
        write(name)


if __name__ == "__main__":
    main()
