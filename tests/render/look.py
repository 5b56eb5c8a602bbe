"""Pictures of the comments as a reviewer sees them, to be looked at by a person.

    python -m tests.render.look FOLDER --css github-markdown.css [NAME...]

draws NAME (one of `cases`; all of them, if none is given) in light and dark with headless Chromium. The
style sheet is `github-markdown.css` of the npm package github-markdown-css, which holds both themes.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path
from shutil import which

from gate.render.markdown import Links, render_comment, render_summary

from .builders import REPOSITORY, SERVER
from .cases import CASES
from .parsed import github_html

COMMENT_WIDTH = 860
"""What a comment's text is wide on a pull request's page, in pixels."""

PAGE = """<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="{theme}">
<style>{css}</style>
<style>body {{ margin: 0; background: {background} }}
.frame {{ width: {width}px; margin: 24px auto; padding: 16px; border: 1px solid #8886; border-radius: 6px }}
</style>
<div class="frame markdown-body">{html}</div>"""

BACKGROUNDS = {"light": "#ffffff", "dark": "#0d1117"}


def main() -> None:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=list(CASES))
    parser.add_argument("--css", type=Path, required=True)
    parser.add_argument("--summary", action="store_true", help="draw the job summary instead of the comment")
    parser.add_argument("--open", action="store_true", help="unfold what is folded")
    parser.add_argument("--height", type=int, default=1000)
    options = parser.parse_intermixed_args()
    browser = which("chromium") or which("google-chrome")
    if browser is None:
        parser.error("chromium is not installed")
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.names:
        verdict = CASES[name]()
        links = Links(SERVER, REPOSITORY, verdict.commit)
        comment = render_comment(verdict, links, key="default")
        html = github_html(render_summary(verdict, links) if options.summary else comment)
        if options.open:
            html = html.replace("<details>", "<details open>")
        for theme in BACKGROUNDS:
            page = options.folder / f"{name}-{theme}.html"
            page.write_text(framed(html, options.css.read_text(), theme))
            photograph(browser, page, options.height)


def framed(html: str, css: str, theme: str) -> str:
    """A page with the comment as wide as on GitHub."""
    # The sheet holds both themes behind a media query, which headless Chromium cannot be told to prefer.
    for other in BACKGROUNDS:
        css = css.replace(f"(prefers-color-scheme: {other})", "all" if other == theme else "not all")
    return PAGE.format(theme=theme, css=css, background=BACKGROUNDS[theme], width=COMMENT_WIDTH, html=html)


def photograph(browser: str, page: Path, height: int) -> None:
    """Write the page's picture beside it."""
    subprocess.run(
        [
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--window-size={COMMENT_WIDTH + 80},{height}",
            f"--screenshot={page.with_suffix('.png')}",
            page.resolve().as_uri(),
        ],
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    main()
