"""How a model is served: what the deployer hands to the service's process (``payload.json``)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Dict, Mapping, Tuple

#: Name of the fact of a run by which a service says what it does now.
FACT = "service"
TRANSITIONING, HEALTHY, UNHEALTHY, FAILED = "Transitioning", "Healthy", "Unhealthy", "Failed"
#: Bytes that a request may have.
MOST_BYTES = 100 * 1024 * 1024
#: Folder of the models below the service's working folder.
MODELS = "azureml-models"
#: Variables by which an entry script finds its model.
MODEL_DIR, MODELS_VARIABLE = "AZUREML_MODEL_DIR", "ML_JUPYTER_MODELS"


@dataclass(frozen=True)
class ServingPlan:
    """A service, complete.

    Attributes
    ----------
    service : str
        Its name.
    models : tuple of (str, int)
        Name and version of each.
    framework : str
        How the one model is loaded without code; empty: by ``entry_script``.
    entry_script : str
        Python file with ``init()`` and ``run(data)``, below the working folder.
    interpreter : str
        Python that loads the model; empty: the environment's ``python``.
    host : str
        Address that it listens on.
    port : int
        Port; 0: any that is free, kept when it starts again.
    port_before : int
        Port of the service before an update, taken when ``port`` is 0 and it is free.
    auth : bool
        Calls need one of the keys.
    timeout_s : float
        Seconds that an answer may take; then the model's process is started again.
    load_timeout_s : float
        Seconds that loading may take.
    sample_input : object
        An example, for the description of the service.
    description : str
        What the service is about.
    """

    service: str
    models: Tuple[Tuple[str, int], ...]
    framework: str = ""
    entry_script: str = ""
    interpreter: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    port_before: int = 0
    auth: bool = True
    timeout_s: float = 60.0
    load_timeout_s: float = 600.0
    sample_input: Any = None
    description: str = ""

    def to_json(self) -> Dict[str, Any]:
        """As it stands in the payload."""
        return {**asdict(self), "models": [list(item) for item in self.models]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ServingPlan:
        """The plan that ``to_json`` described; unknown keys are passed over."""
        names = {item.name for item in fields(cls)}
        known = {key: item for key, item in value.items() if key in names}
        known["models"] = tuple((str(name), int(number)) for name, number in known["models"])
        return cls(**known)
