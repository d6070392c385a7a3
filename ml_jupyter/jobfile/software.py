"""``environment`` of a job file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Mapping, Optional, Tuple

from ml_jupyter.jobfile import document
from ml_jupyter.jobfile.context import V2, Context
from ml_jupyter.jobfile.cursor import Cursor, one_of, optional
from ml_jupyter.jobfile.model import EnvironmentChoice

_NAMED = re.compile(r"azureml:(?P<name>[\w.-]+)(?::(?P<version>[\w.-]+)|@(?P<label>[\w.-]+))?\Z")
_REGISTRY = re.compile(
    r"azureml://registries/[\w.-]+/environments/(?P<name>[\w.-]+)"
    r"(?:/versions/(?P<version>[\w.-]+)|/labels/(?P<label>[\w.-]+))?\Z"
)
#: Keys of an environment.
KEYS = (
    "name", "version", "description", "tags", "os_type", "inference_config", "image", "build",
    "docker", "conda_file", "properties", "python",
)  # fmt: skip
DOCKER_KEYS = ("image", "build")
BUILD_KEYS = ("dockerfile", "context", "path", "local_path", "dockerfile_path")


def read_environment(cursor: Optional[Cursor], context: Context) -> Optional[EnvironmentChoice]:
    """The software that a job asks for; None: the Python that submits."""
    if cursor is None:
        return None
    if cursor.is_map:
        made = _inline(cursor, context)
        return replace(made, is_reference=True) if _is_only_named(made) else made
    text = cursor.text() or ""
    if text.startswith("file:"):
        return _from_file(cursor, context)
    match = _NAMED.match(text) or _REGISTRY.match(text)
    if match is None:
        hint = f"azureml:{text}:VERSION or azureml:{text}@latest"
        cursor.error(f"{text!r} is no environment", hint if re.fullmatch(r"[\w.-]+", text) else
                     "azureml:NAME:VERSION, azureml:NAME@latest, file:PATH, or a map")  # fmt: skip
        return None
    version = match["version"] or match["label"] or "latest"
    return EnvironmentChoice(name=match["name"], version=version, is_reference=True)


def _from_file(cursor: Cursor, context: Context) -> Optional[EnvironmentChoice]:
    path = context.local(cursor, kind="file")
    if path is None or not path.is_file():
        return None
    tree = document.parse(path.read_bytes(), str(path), cursor.report)
    if tree is None:
        return None
    beside = Context(path.parent, context.dialect, context.check_paths)
    return _inline(Cursor(tree, "", cursor.report), beside)


def _is_only_named(made: EnvironmentChoice) -> bool:
    return made.name is not None and made == EnvironmentChoice(made.name, made.version)


def _inline(cursor: Cursor, context: Context) -> EnvironmentChoice:
    cursor.expect_keys(("$schema", *KEYS))
    docker = cursor.get("docker")
    if docker is not None:
        context.old_spelling(docker, "image: or build: directly in environment")
        docker.expect_keys(DOCKER_KEYS)
    image = one_of([cursor.get("image"), None if docker is None else docker.get("image")])
    build = one_of([cursor.get("build"), None if docker is None else docker.get("build")])
    if image is not None and build is not None:
        build.error("image and build together", "a job runs in one image")
    dockerfile, folder = (None, None) if build is None else _build(build, context)
    return EnvironmentChoice(
        name=optional(cursor.get("name"), Cursor.text),
        version=optional(cursor.get("version"), Cursor.scalar_text),
        image=optional(image, Cursor.text),
        dockerfile=dockerfile,
        context=folder,
        conda=optional(cursor.get("conda_file"), lambda item: read_conda(item, context)),
    )


def _build(cursor: Cursor, context: Context) -> Tuple[Optional[str], Optional[Path]]:
    """Text of the Dockerfile, and the folder that it copies from."""
    cursor.expect_keys(BUILD_KEYS)
    place = one_of([cursor.get("path"), cursor.get("local_path"), cursor.get("context")])
    folder = context.folder if place is None else context.local(place, kind="folder")
    inside = Context(folder or context.folder, V2, context.check_paths)
    given = one_of([cursor.get("dockerfile"), cursor.get("dockerfile_path")])
    if given is None:
        path: Optional[Path] = inside.folder / "Dockerfile"
        if context.check_paths and path is not None and not path.is_file():
            cursor.error(f"there is no Dockerfile in {inside.folder}", "dockerfile_path: names it")
    else:
        text = given.text() or ""
        if "\n" in text.strip() or text.lstrip().upper().startswith("FROM "):
            return text, folder
        old = given.key.endswith(".dockerfile")
        path = (context if old else inside).local(given, kind="file")
    if path is None or not path.is_file():
        return None, folder
    return path.read_text("utf-8", "replace"), folder


def read_conda(cursor: Cursor, context: Context) -> Optional[Mapping[str, Any]]:
    """A conda specification, given as a map or as the path of a file."""
    if cursor.is_map:
        return _checked_conda(cursor)
    path = context.local(cursor, kind="file")
    if path is None or not path.is_file():
        return None
    tree = document.parse(path.read_bytes(), str(path), cursor.report)
    return None if tree is None else _checked_conda(Cursor(tree, "", cursor.report))


def _checked_conda(cursor: Cursor) -> Optional[Mapping[str, Any]]:
    cursor.expect_keys(("name", "channels", "dependencies", "prefix", "variables"), only_warn=True)
    if not cursor.is_map:
        return None
    dependencies = cursor.get("dependencies")
    if dependencies is None:
        cursor.error("the conda file has no dependencies", "dependencies: with a list of packages")
        return None
    for item in dependencies.items():
        if item.is_map:
            item.expect_keys(("pip",))
            for package in () if item.get("pip") is None else item.members()["pip"].items():
                package.text()
        else:
            item.text()
    value: Mapping[str, Any] = cursor.plain
    return value
