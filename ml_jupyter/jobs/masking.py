"""Secrets do not get into stored or shown text: they are replaced by ``***``.

What counts as one: the value of a name that says so (``--api-key X``, ``HF_TOKEN=X``), and text
with the form of a well-known kind of key, wherever it stands.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Sequence

MASK = "***"

_NAME = re.compile(
    r"(?:^|[-_.])(?:(?:auth|access|api|bearer|hub|id|refresh|sas|session)?[-_]?token|pass(?:word|wd|phrase)|pwd"
    r"|secrets?|credentials?|(?:api|access|account|private|secret|signing|encryption)[-_]?keys?"
    r"|connection[-_]?string|authorization)(?:$|[-_.])",
    re.IGNORECASE,
)
#: What a language model's options call a token is none of ours.
_NO_SECRET = re.compile(
    r"(?:^|[-_.])(?:pad|bos|eos|unk|mask|sep|cls|special|per|max|min|num|next|image|stop|start|end)[-_]?token(?:$|[-_.])",
    re.IGNORECASE,
)
#: Public forms: GitHub, OpenAI and the like, AWS, Slack, Hugging Face, GitLab, JSON web tokens.
_FORM = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|sk-[A-Za-z0-9_-]{16,}|(?:AKIA|ASIA)[A-Z0-9]{16}"
    r"|xox[abprs]-[A-Za-z0-9-]{10,}|hf_[A-Za-z0-9]{20,}|glpat-[\w-]{16,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"
)
_URL = re.compile(
    r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)(?P<user>[^\s/@:]*):(?P<word>[^\s/@]+)@", re.IGNORECASE
)
#: A long user name without a password is a token, as package feeds take them; so is conda's /t/….
_TOKEN_USER = re.compile(r"(?P<scheme>\bhttps?://)[^\s/@:]{16,}@", re.IGNORECASE)
_TOKEN_PATH = re.compile(r"(?P<before>\bhttps?://[^\s/]+/t/)[^\s/]+(?=/)", re.IGNORECASE)
_OPTION = re.compile(
    r"(?P<name>-{1,2}[A-Za-z][\w.-]*|[A-Za-z_]\w*)(?P<sep>=|\s+)(?P<value>'[^']*'|\"[^\"]*\"|[^\s-]\S*)"
)


def is_secret_name(name: str) -> bool:
    """Whether the name of an option or a variable says that its value is secret."""
    bare = name.lstrip("-")
    return _NAME.search(bare) is not None and _NO_SECRET.search(bare) is None


def value(text_: str) -> str:
    """``text_`` with every known form of key, and passwords and tokens in URLs, masked."""
    shown = _URL.sub(lambda m: f"{m['scheme']}{m['user']}:{MASK}@", _FORM.sub(MASK, text_))
    shown = _TOKEN_USER.sub(lambda m: f"{m['scheme']}{MASK}@", shown)
    return _TOKEN_PATH.sub(lambda m: f"{m['before']}{MASK}", shown)


def text(command: str) -> str:
    """A command line with the values of secret options and assignments masked too."""

    def option(match: re.Match[str]) -> str:
        spaced = match["sep"] != "=" and not match["name"].startswith("-")
        if spaced or not is_secret_name(match["name"]):
            return match[0]
        return f"{match['name']}{match['sep']}{MASK}"

    return value(_OPTION.sub(option, command))


def arguments(items: Sequence[Any]) -> List[str]:
    """A list of arguments: what follows a secret option, or its ``=``, is masked."""
    shown: List[str] = []
    after_secret = False
    for item in map(str, items):
        name, equals, _ = item.partition("=")
        if after_secret and not item.startswith("--"):
            shown.append(MASK)
        elif equals and is_secret_name(name):
            shown.append(f"{name}={MASK}")
        else:
            shown.append(value(item))
        after_secret = item.startswith("-") and not equals and is_secret_name(item)
    return shown


def variables(items: Mapping[str, str]) -> Dict[str, str]:
    """Environment variables: the values of secret names are masked."""
    return {
        name: MASK if is_secret_name(name) else value(str(item)) for name, item in items.items()
    }


def definition(item: Any, name: str = "") -> Any:
    """A JSON value of any shape, masked by the rules above."""
    if isinstance(item, Mapping):
        return {key: definition(inner, str(key)) for key, inner in item.items()}
    if isinstance(item, (list, tuple)):
        if all(isinstance(inner, (str, int, float)) for inner in item) and name in (
            "arguments",
            "command",
        ):
            return [
                inner if not isinstance(inner, str) else shown
                for inner, shown in zip(item, arguments(item))
            ]
        return [definition(inner) for inner in item]
    if isinstance(item, str):
        if name and is_secret_name(name):
            return MASK
        return text(item) if name == "command" else value(item)
    return item
