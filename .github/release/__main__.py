"""The steps of release.yml and of the Makefile: `PYTHONPATH=.github python -m release STEP`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from .changelog import release_notes
from .errors import ReleaseError
from .licence_page import write_page
from .prepare import prepare
from .rehearsal import rehearse
from .tags import publish_tags
from .version import check_declared, parse_tag

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build/release"

_PATH = click.Path(exists=True, path_type=Path)


@click.group()
def release() -> None:
    """Make a release, step by step."""


@release.command()
@click.argument("tag")
def check(tag: str) -> None:
    """Refuse a tag that is not this source's version, or has no notes; print the notes."""
    version = parse_tag(tag)
    check_declared(version, ROOT)
    click.echo(release_notes((ROOT / "CHANGELOG.md").read_text(), version), nl=False)


@release.command("prepare")
@click.argument("tag")
@click.argument("layouts", nargs=-1, type=_PATH, required=True)
@click.option("--image", required=True, help="Name in the registry, without tag.")
def prepare_release(tag: str, layouts: tuple[Path, ...], image: str) -> None:
    """Fill build/release from the LAYOUTS; print `name=value` lines for the workflow's next steps."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    action = (ROOT / "action.yml").read_bytes()
    prepared = prepare(action, parse_tag(tag), image, list(layouts), created=datetime.now(UTC), folder=FOLDER)
    for name, value in prepared.outputs().items():
        click.echo(f"{name}={value}")


@release.command()
@click.argument("tag")
@click.argument("source")
@click.argument("action", type=_PATH)
@click.option("--pinned", required=True, help="The reference that ACTION must hold.")
def tags(tag: str, source: str, action: Path, pinned: str) -> None:
    """Make the release commit of ACTION upon SOURCE, and push its tags to origin."""
    released = publish_tags(
        ROOT, "origin", parse_tag(tag), source=source, action=action.read_bytes(), pinned=pinned
    )
    click.echo(f"{' and '.join(released.tags)} name {released.commit}")


@release.command()
def rehearsal() -> None:
    """Do all that needs no registry, for the declared version."""
    click.echo(rehearse(ROOT, FOLDER), nl=False)


@release.command()
def licences() -> None:
    """Write docs/licences.md anew, from the lock and from the image that a rehearsal left."""
    write_page(ROOT, FOLDER)


if __name__ == "__main__":
    try:
        release()
    except ReleaseError as error:
        sys.exit(f"release: {error}")
