"""What a sweep searches, for what, and when it stops a trial."""

from __future__ import annotations

from typing import Dict, Mapping

from ml_jupyter.jobfile import distributions, sweep
from ml_jupyter.jobfile.schema.words import (
    Schema,
    either,
    given,
    items,
    keys,
    number,
    text,
    whole,
    word,
)

_ABOUT = {
    distributions.CHOICE: "One of a list, each as likely.",
    "randint": "A whole number from 0 to upper - 1.",
    "uniform": "A number between min_value and max_value.",
    "quniform": "round(uniform / q) * q.",
    "loguniform": "exp(uniform): min_value and max_value are exponents.",
    "qloguniform": "round(loguniform / q) * q.",
    "normal": "A normal number of mean mu and deviation sigma.",
    "qnormal": "round(normal / q) * q.",
    "lognormal": "exp of a normal number.",
    "qlognormal": "round(lognormal / q) * q.",
}
_NUMBERS: Mapping[str, Schema] = {
    "upper": given(whole("The numbers are below it.", 1)),
    "min_value": given(number("Least value.")),
    "max_value": given(number("Greatest value.")),
    "q": number("Width of a step.", above=0),
    "mu": given(number("Mean.")),
    "sigma": given(number("Standard deviation.", above=0)),
}


def space() -> Schema:
    """Parameters by name."""
    kinds = [_distribution(kind) for kind in distributions.NUMBERS]
    return {
        "description": "Parameters that trials differ in.",
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"anyOf": kinds},
    }


def objective() -> Schema:
    """The metric that counts."""
    described = {
        "primary_metric": given(text("Metric that the trials log.")),
        "goal": given(word("Whether less or more of it is better.", ("minimize", "maximize"))),
    }
    return keys(described, described, *described, about="What the search is for.")


def algorithm(about: str) -> Schema:
    """How parameters are chosen."""
    kind = word("Draws by chance, every combination, or learning from trials.", sweep.ALGORITHMS)
    described = {
        "type": kind,
        "rule": word("How random search draws: by chance, or spread evenly.", sweep.RULES),
        "seed": whole("Makes the trials repeatable.", 0),
        "logbase": {
            "anyOf": [{"enum": ["e"]}, number("Base of logarithmic distributions.", above=1)]
        },
    }
    return either(about, given(kind), keys(sweep.ALGORITHM_KEYS, described))


def early_termination() -> Schema:
    """Policies that stop trials."""
    slack: Dict[str, Schema] = {
        "slack_factor": number("How far behind the best a trial may be, as a ratio.", above=0),
        "slack_amount": number("How far behind the best a trial may be.", above=0),
    }
    part = {"truncation_percentage": given(whole("Part that is stopped, in percent.", 1, 99))}
    one = {"anyOf": [{"required": [name]} for name in slack]}
    cut = ("truncation", "truncation_selection")
    return either(
        "When a trial that does badly is stopped.",
        {**_policy(("bandit",), slack), **one},
        _policy(("median_stopping",), {}),
        _policy(cut, part, *part),
    )


def _distribution(kind: str) -> Schema:
    described = {"type": given(word(_ABOUT[kind], (kind,)))}
    if kind == distributions.CHOICE:
        described["values"] = given(items("What to choose from.", least=1))
        return keys(described, described, "type", "values")
    wanted = distributions.NUMBERS[kind]
    described.update((name, _NUMBERS[name]) for name in wanted)
    made = keys(described, described, "type", *(name for name in wanted if name != "q"))
    if "q" not in wanted:
        return made
    made["properties"]["quantization"] = _NUMBERS["q"]
    return {**made, "anyOf": [{"required": ["q"]}, {"required": ["quantization"]}]}


def _policy(names: tuple[str, ...], own: Mapping[str, Schema], *required: str) -> Schema:
    described = {
        "type": given(word("Which policy.", names)),
        "evaluation_interval": whole("Applied at each multiple of so many values.", 1),
        "delay_evaluation": whole("Not before so many values.", 0),
        **own,
    }
    return keys(described, described, "type", *required)
