"""Pictures of the comments as a reviewer sees them, to be looked at by a person.

    python -m tests.render.look FOLDER --css github-markdown.css [NAME...]

draws NAME (`100-modules`, or one of `cases`) in light and dark with headless Chromium, FOLDER/NAME-light.png
and -dark.png, and makes them small with pngquant. `make look` draws those of the documentation. The style
sheet is `github-markdown.css` of the npm package github-markdown-css, which holds both themes.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from shutil import which

from gate.render.markdown import Links, render_comment, render_summary
from gate.verdict import Verdict

from . import crowd
from .builders import REPOSITORY, SERVER
from .cases import CASES
from .parsed import github_html

COMMENT_WIDTH = 860
"""What a comment's text is wide on a pull request's page, in pixels."""

MARGIN = 24

# The title tells how high the frame is, which only the browser knows.
PAGE = """<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="{theme}">
<style>{css}</style>
<style>body {{ margin: 0; background: {background} }}
.frame {{ width: {width}px; margin: {margin}px auto; padding: 16px }}
.frame {{ border: 1px solid #8886; border-radius: 6px }}
</style>
<div class="frame markdown-body">{html}</div>
<script>document.title = document.querySelector(".frame").offsetHeight</script>"""

BACKGROUNDS = {"light": "#ffffff", "dark": "#0d1117"}

DRAWABLE: dict[str, Callable[[], Verdict]] = {**CASES, "100-modules": lambda: crowd.many(100)}
DOCUMENTED = ("pass", "fail", "error", "100-modules")


def main() -> None:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=DOCUMENTED)
    parser.add_argument("--css", type=Path, required=True)
    parser.add_argument("--summary", action="store_true", help="draw the job summary instead of the comment")
    parser.add_argument("--open", action="store_true", help="unfold what is folded")
    options = parser.parse_intermixed_args()
    browser = which("chromium") or which("chromium-browser") or which("google-chrome")
    if browser is None or which("pngquant") is None:
        parser.error("chromium or pngquant is not installed: apt-get install chromium pngquant")
    if unknown := set(options.names) - set(DRAWABLE):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(DRAWABLE)}")
    options.folder.mkdir(parents=True, exist_ok=True)
    css = options.css.read_text()
    for name in options.names:
        verdict = DRAWABLE[name]()
        links = Links(SERVER, REPOSITORY, verdict.commit)
        comment = render_comment(verdict, links, key="default")
        html = github_html(render_summary(verdict, links) if options.summary else comment)
        if options.open:
            html = html.replace("<details>", "<details open>")
        for theme in BACKGROUNDS:
            photograph(browser, framed(html, css, theme), options.folder / f"{name}-{theme}.png")


def framed(html: str, css: str, theme: str) -> str:
    """A page with the comment as wide as on GitHub."""
    # The sheet holds both themes behind a media query, which headless Chromium cannot be told to prefer.
    for other in BACKGROUNDS:
        css = css.replace(f"(prefers-color-scheme: {other})", "all" if other == theme else "not all")
    return PAGE.format(
        theme=theme, css=css, background=BACKGROUNDS[theme], width=COMMENT_WIDTH, margin=MARGIN, html=html
    )


def photograph(browser: str, page: str, picture: Path) -> None:
    """Write the page's picture, as high as the page is."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(page)
        title = re.search("<title>([0-9]+)</title>", _chromium(browser, file, "--dump-dom"))
        if title is None:
            raise ValueError("the browser told no height")
        height = int(title[1]) + 2 * MARGIN
        _chromium(browser, file, f"--screenshot={picture.resolve()}", height=height)
    subprocess.run(["pngquant", "--force", "--strip", "--ext=.png", picture], check=True)


def _chromium(browser: str, page: Path, *options: str, height: int = 1000) -> str:
    return subprocess.run(
        [
            *(browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            f"--window-size={COMMENT_WIDTH + 80},{height}",
            *options,
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


if __name__ == "__main__":
    main()
