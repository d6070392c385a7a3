"""What users say of a model, checked and turned into what is stored."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Tuple

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import labels
from ml_jupyter.sdk.compute_resources import ResourceConfiguration

_SAMPLE_BYTES = 1_000_000


def of(
    *,
    tags: Any = None,
    properties: Any = None,
    description: Any = None,
    datasets: Any = None,
    model_framework: Any = None,
    model_framework_version: Any = None,
    sample_input_dataset: Any = None,
    sample_output_dataset: Any = None,
    resource_configuration: Any = None,
) -> Dict[str, Any]:
    """Fields of a ModelRecord.

    Raises
    ------
    UserErrorException, RunConfigurationException
        Names the parameter that is wrong.
    """
    return {
        "tags": labels.tags_of(tags),
        "properties": labels.properties_of(properties),
        "description": labels.text_or_none(description),
        "framework": labels.text_or_none(model_framework),
        "framework_version": labels.text_or_none(model_framework_version),
        "datasets": datasets_of(datasets),
        "sample_input": sample_of(sample_input_dataset, "sample_input_dataset"),
        "sample_output": sample_of(sample_output_dataset, "sample_output_dataset"),
        "resources": resources_of(resource_configuration),
    }


def datasets_of(datasets: Any) -> Tuple[Any, ...]:
    """``[(purpose, dataset), …]`` as ``[purpose, {"id", "name", "version"}]``.

    Raises
    ------
    UserErrorException
        Not a list of pairs of a text and a dataset.
    """
    found: List[Any] = []
    for item in datasets or ():
        if not isinstance(item, (list, tuple)) or len(item) != 2 or not isinstance(item[0], str):
            raise UserErrorException(
                "datasets must be a list of pairs of a purpose and a dataset.",
                hint='For example [("training", dataset)].',
            )
        purpose, dataset = item
        found.append([purpose, _dataset(dataset, "datasets")])
    return tuple(found)


def sample_of(sample: Any, what: str) -> Any:
    """An example as JSON: values as they are, a dataset as a reference to it.

    Raises
    ------
    UserErrorException
        Neither a dataset nor something that JSON can hold, or larger than 1 MB.
    """
    if sample is None:
        return None
    if hasattr(sample, "tolist"):  # an array or a series
        sample = sample.tolist()
    elif hasattr(sample, "to_dict") and hasattr(sample, "columns"):  # a data frame
        sample = json.loads(sample.to_json(orient="records"))
    try:
        text = json.dumps(sample, allow_nan=False)
    except (TypeError, ValueError):
        return {"dataset": _dataset(sample, what)}
    if len(text) > _SAMPLE_BYTES:
        raise UserErrorException(
            f"{what} is an example of {len(text)} characters; a few rows are enough."
        )
    return json.loads(text)


def resources_of(configuration: Any) -> Optional[Dict[str, Any]]:
    """A ResourceConfiguration as JSON.

    Raises
    ------
    UserErrorException
        Something else.
    RunConfigurationException
        A number out of its range.
    """
    if configuration is None:
        return None
    if not isinstance(configuration, ResourceConfiguration):
        raise UserErrorException(
            "resource_configuration must be a ResourceConfiguration, "
            f"not {type(configuration).__name__}."
        )
    configuration.launch_values()
    return configuration.serialize()


def _dataset(dataset: Any, what: str) -> Dict[str, Any]:
    facts = {name: getattr(dataset, name, None) for name in ("id", "name", "version")}
    if not any(isinstance(value, (str, int)) for value in facts.values()):
        if hasattr(dataset, "register"):
            raise UserErrorException(
                f"{what}: the dataset is not registered.", hint="Call its register() first."
            )
        raise UserErrorException(
            f"{what}: {type(dataset).__name__} is neither a dataset nor a value that JSON can hold."
        )
    return {key: value for key, value in facts.items() if isinstance(value, (str, int))}
