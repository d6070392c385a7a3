"""What a user has told pip counts for uv too, which does not read pip's settings by itself.

Source: pip's documentation, "Configuration": files by precedence, ``PIP_*`` variables above them.
"""

from __future__ import annotations

import configparser
import os
from typing import Dict, List, Mapping, Tuple

#: pip's option → uv's variable.
_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
}
_OLD_NAMES = {
    "UV_DEFAULT_INDEX": ("UV_INDEX_URL",),
    "UV_INDEX": ("UV_EXTRA_INDEX_URL",),
    "UV_FIND_LINKS": (),
}
#: uv separates addresses by blanks, folders of wheels by commas.
_SEPARATOR = {"UV_FIND_LINKS": ","}


def variables(environment: Mapping[str, str]) -> Dict[str, str]:
    """Variables for uv that say what pip's files and variables say.

    What the user has told uv itself goes before. Folders that do not exist are left out: pip
    passes them over, uv would stop.

    Parameters
    ----------
    environment : mapping of str to str
        The submitter's.
    """
    options = _from_files(environment)
    for name in (*_TO_UV, "cert"):
        value = environment.get("PIP_" + name.upper().replace("-", "_"))
        if value:
            options[name] = value
    found: Dict[str, str] = {}
    for name, variable in _TO_UV.items():
        told = any(environment.get(key) for key in (variable, *_OLD_NAMES[variable]))
        places = [item for item in options.get(name, "").split() if _is_there(item)]
        if places and not told:
            found[variable] = _SEPARATOR.get(variable, " ").join(places)
    if options.get("cert") and not environment.get("SSL_CERT_FILE"):
        found["SSL_CERT_FILE"] = options["cert"]
    return found


def _from_files(environment: Mapping[str, str]) -> Dict[str, str]:
    options: Dict[str, str] = {}
    if environment.get("PIP_CONFIG_FILE") == os.devnull:
        return options
    for path in _files(environment):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, "utf-8")
        except (configparser.Error, UnicodeDecodeError, OSError):
            continue
        for section in ("global", "install"):
            if parser.has_section(section):
                options.update(dict(parser.items(section)))
    return options


def _files(environment: Mapping[str, str]) -> List[str]:
    home = environment.get("HOME") or os.path.expanduser("~")
    config = environment.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    found: Tuple[str, ...] = (
        "/etc/pip.conf",
        os.path.join(home, ".pip", "pip.conf"),
        os.path.join(config, "pip", "pip.conf"),
    )
    return [*found, *filter(None, [environment.get("PIP_CONFIG_FILE")])]


def _is_there(place: str) -> bool:
    if place.startswith("file://"):
        place = place[len("file://") :]
    return "://" in place or os.path.isdir(place)
