"""``mlj run submit-script`` and ``mlj runconfig validate``: run configurations of the SDK v1."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ml_jupyter.cli import context, follow, output, runs
from ml_jupyter.cli.findings import told
from ml_jupyter.exceptions import JobFileInvalid, UserErrorException
from ml_jupyter.jobfile.read import load
from ml_jupyter.sdk.conda_dependencies import CondaDependencies
from ml_jupyter.sdk.experiment import Experiment
from ml_jupyter.sdk.run_configuration import RunConfiguration
from ml_jupyter.sdk.script_run_config import ScriptRunConfig

_FOLDERS = (".azureml", "aml_config", ".")
_ENDING = ".runconfig"


@runs.run.command(
    "submit-script",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog=output.examples(
        "mlj run submit-script -c sklearn -e testexperiment train.py",
        "mlj run submit-script -c local --async train.py --lr 0.1",
    ),
)
@click.option("-c", "--run-configuration-name", "configuration", help="Name, or a .runconfig file.")
@click.option("-e", "--experiment-name", help="Default: the name of the source folder.")
@click.option("--path", default=".", show_default=True, help="Folder that holds .azureml.")
@click.option("--source-directory", help="Folder that becomes the snapshot; default: --path.")
@click.option("-d", "--conda-dependencies", help="Conda file to use instead of the named one.")
@click.option("--ct", "--target", "target", help="Compute target instead of the named one.")
@click.option("--async", "in_background", is_flag=True, help="Submit and leave.")
@click.option("-t", "--output-metadata-file", help="Write the run as JSON to this file.")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[SCRIPT] [ARGUMENTS]...")
@output.prints(*runs.COLUMNS)
def submit_script(
    configuration: str | None,
    experiment_name: str | None,
    path: str,
    source_directory: str | None,
    conda_dependencies: str | None,
    target: str | None,
    in_background: bool,
    output_metadata_file: str | None,
    words: tuple[str, ...],
    workspace_name: str | None,
) -> output.Result:
    """Submit a script with a run configuration, follow it, and print the run."""
    folder = Path(source_directory or path)
    if not folder.is_dir():
        raise UserErrorException(f"--source-directory: there is no folder {str(folder)!r}.")
    run_config = _configuration(configuration, Path(path))
    if conda_dependencies is not None:
        run_config.environment.python.conda_dependencies = CondaDependencies(conda_dependencies)
        run_config.environment.python.user_managed_dependencies = False
    if target is not None:
        run_config.target = target
    config = _script(folder, run_config, words)
    workspace = context.workspace(workspace_name)
    name = experiment_name or _experiment_of(folder)
    submitted = Experiment(workspace, name).submit(config)
    if output_metadata_file is not None:
        text = json.dumps(runs.as_json(submitted), indent=1, default=str)
        Path(output_metadata_file).write_text(text, "utf-8")
    if in_background:
        return output.Result(runs.as_json(submitted))
    status = follow.to_the_end(submitted)
    return output.Result(runs.as_json(submitted), exit_code=status)


@click.group()
def runconfig() -> None:
    """Look at run configurations of the SDK v1."""


@runconfig.command(epilog=output.examples("mlj runconfig validate .azureml/sklearn.runconfig"))
@click.argument("file")
@output.prints()
def validate(file: str, workspace_name: str | None) -> output.Result:
    """Say everything that is wrong with a run configuration."""
    return told(lambda: load(file))


def _configuration(name: str | None, folder: Path) -> RunConfiguration:
    if name is None:
        return RunConfiguration()
    file = Path(name) if name.endswith(_ENDING) else None
    for place in _FOLDERS:
        candidate = folder / place / f"{name}{_ENDING}"
        if file is None and candidate.is_file():
            file = candidate
    if file is None or not file.is_file():
        there = sorted(
            item.stem for place in _FOLDERS for item in (folder / place).glob(f"*{_ENDING}")
        )
        raise UserErrorException(
            f"There is no run configuration {name!r} in {folder}.",
            hint=f"There are: {', '.join(there)}." if there else "Make some: mlj folder attach.",
        )
    try:
        checked = load(file)
    except JobFileInvalid as invalid:
        raise UserErrorException(str(invalid)) from invalid
    for finding in checked.warnings:
        output.say(str(finding))
    return RunConfiguration.load(file)


def _script(folder: Path, run_config: RunConfiguration, words: tuple[str, ...]) -> ScriptRunConfig:
    script, arguments = run_config.script, list(run_config.arguments)
    if words:
        script, arguments = words[0], list(words[1:])
    if script is None and not run_config.command:
        raise click.UsageError("Say which script: mlj run submit-script -c NAME train.py")
    return ScriptRunConfig(str(folder), script, arguments, run_config=run_config)


def _experiment_of(folder: Path) -> str:
    name = folder.resolve().name
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name) or "x"
