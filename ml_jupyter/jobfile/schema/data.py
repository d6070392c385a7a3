"""``inputs`` and ``outputs``."""

from __future__ import annotations

from ml_jupyter.jobfile import data
from ml_jupyter.jobfile.schema.words import (
    Schema,
    anything,
    either,
    given,
    keys,
    named,
    text,
    truth,
    word,
)

_NAME = "^[A-Za-z_][A-Za-z0-9_]*$"
_PATH = text(
    "A local path, relative to this file, a URL, or registered data: azureml:NAME:VERSION."
)
_LOCAL = text("A local file or folder, stored with the job when it is submitted.")
_INPUT = {
    "type": word(
        "What it is: a file, a folder, or a value of the given type.",
        data.DATA_TYPES + data.LITERAL_TYPES,
    ),
    "path": _PATH,
    "mode": word("How it reaches the job: read-only (mount), as a copy (download), or as its "
                 "address (direct).", data.INPUT_MODES),
    "description": anything("What it is, for people."),
    "default": anything("The value of a literal when no other is given."),
    "value": anything("The value of a literal."),
    "optional": truth("It may be missing; parts of the command in $[[ ]] that name it go with it."),
    "data": either(
        "Spelling of May 2021: the data itself.",
        given(_PATH),
        keys(("path", "local_path"), {"path": _PATH, "local_path": _LOCAL}),
    ),
    "file": text("Spelling of December 2021 for path with type: uri_file."),
    "folder": text("Spelling of December 2021 for path with type: uri_folder."),
    "dataset": text("Spelling of December 2021 for registered data."),
}  # fmt: skip
_OUTPUT = {
    "type": word("What the job writes.", data.DATA_TYPES),
    "path": text("Where it is kept."),
    "mode": word("How it is written.", data.OUTPUT_MODES),
    "description": anything("What it is, for people."),
    "name": text("Registers the output under this name when the job has completed."),
    "version": text("Version to register it as; needs name."),
    "data": either("Spelling of May 2021.", keys(("path",), {"path": _PATH})),
}


def inputs() -> Schema:
    """Data and literals by name."""
    literal: Schema = {"type": ["string", "number", "boolean"]}
    return named(
        "What the job reads: the command says ${{inputs.NAME}}.",
        {"anyOf": [keys(data.INPUT_KEYS, _INPUT), literal]},
        pattern=_NAME,
    )


def outputs() -> Schema:
    """Folders by name."""
    return named(
        "What the job writes: the command says ${{outputs.NAME}}. A name alone has all defaults.",
        {"anyOf": [keys(data.OUTPUT_KEYS, _OUTPUT), {"type": "null"}]},
        pattern=_NAME,
    )
