"""What pip needs during the build on a network with a certificate authority or an index of its own."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path

_CERTIFICATE_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
_OPTION_VARIABLES = {"index-url": "PIP_INDEX_URL", "timeout": "PIP_DEFAULT_TIMEOUT"}

# A path of its own: mounted over the system's bundle, it would break a build that installs ca-certificates.
_CERTIFICATES_INSIDE = "/run/pip-certificates.pem"
_SETTINGS_INSIDE = "/etc/pip.conf"


def pip_mounts(environment: Mapping[str, str], folder: Path) -> list[str]:
    """Options for podman's build that mount pip's settings; none where the environment has none.

    The files are mounted, never copied, so they are in no layer. `folder` receives the settings file.
    """
    settings = {key: environment[name] for key, name in _OPTION_VARIABLES.items() if environment.get(name)}
    mounts = []
    certificates = next((environment[name] for name in _CERTIFICATE_VARIABLES if environment.get(name)), None)
    if certificates and Path(certificates).is_file():
        settings["cert"] = _CERTIFICATES_INSIDE
        mounts += _mount(Path(certificates).resolve(), _CERTIFICATES_INSIDE)
    if not settings:
        return []
    parser = configparser.RawConfigParser()
    parser["global"] = settings
    with (folder / "pip.conf").open("w") as file:
        parser.write(file)
    return mounts + _mount(folder / "pip.conf", _SETTINGS_INSIDE)


def _mount(source: Path, target: str) -> list[str]:
    return ["--volume", f"{source}:{target}:ro"]
