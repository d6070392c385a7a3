"""What runs of a generated workspace are called, who made them, and what went wrong in them."""

from __future__ import annotations

from typing import NamedTuple

#: User and machine of each person; the first is the one who looks.
PEOPLE = (
    ("mara", "workstation"),
    ("jonas", "workstation"),
    ("aiko", "lab-gpu-2"),
    ("oluwaseun", "lab-gpu-2"),
)
EXPERIMENTS = ("digits", "pcam", "vit-finetune", "churn", "segmentation-3d", "nlp_baselines")
MODELS = ("resnet18", "vit_s16", "unet", "gbdt", "mlp", "distilbert")
DATASETS = ("clean", "noisy-labels", "v3", "balanced", "tiny")
BRANCHES = ("main", "augment", "fix-sampler")
TAGS = (
    ("stage", ("baseline", "ablation", "final")),
    ("keep", (None,)),
    ("dataset", DATASETS),
    ("reviewed", ("yes", "no")),
)
REPOSITORY = "https://example.org/team/training.git"

#: 255 letters without a place to break.
LONG_NAME = ("vit_s16-augment-mixup-cutmix-randaugment-lr3e-4-warmup10-" * 5)[:255]
LONG_METRIC = "validation/segmentation/per_class/" + "left_lateral_ventricle_" * 5 + "dice"
LONG_TAG = "why-this-run-was-started-again-after-the-second-review " * 6

RIGHT_TO_LEFT_NAME = "تجربة التعلّم العميق 2 (vit_s16) - ניסוי"
RIGHT_TO_LEFT_TAGS = {"מצב": "טוב מאוד", "ملاحظة": "الدقة 0.94 بعد 30 دورة"}
RIGHT_TO_LEFT_METRIC = "الدقة"
RIGHT_TO_LEFT_LINE = "الدورة {epoch}/30 - الدقة 0.{epoch:02d} - saved to outputs/model.pt"


class Failure(NamedTuple):
    """An error as a job ends with it."""

    code: str
    message: str
    exit_code: int
    reason: str
    traceback: str


def _traceback(line: int, code: str, error: str) -> str:
    return (
        "Traceback (most recent call last):\n"
        '  File "train.py", line 88, in <module>\n    main()\n'
        f'  File "train.py", line {line}, in train\n    {code}\n{error}\n'
    )


FAILURES = (
    Failure(
        "ValueError",
        "Input contains NaN, infinity or a value too large for dtype('float32').",
        1,
        "train.py ended with exit code 1.",
        _traceback(
            41,
            "model.fit(batch, labels)",
            "ValueError: Input contains NaN, infinity or a value too large for dtype('float32').",
        ),
    ),
    Failure(
        "ModuleNotFoundError",
        "No module named 'albumentations'",
        1,
        "train.py ended with exit code 1.",
        _traceback(
            7,
            "import albumentations as A",
            "ModuleNotFoundError: No module named 'albumentations'",
        ),
    ),
    Failure(
        "OutOfMemoryError",
        "CUDA out of memory. Tried to allocate 1.50 GiB. GPU 0 has a total capacity of 23.69 GiB "
        "of which 412.00 MiB is free.",
        1,
        "train.py ended with exit code 1.",
        _traceback(
            57,
            "loss.backward()",
            "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.50 GiB.",
        ),
    ),
    Failure("Signal", "Killed by SIGKILL.", -9, "The job was ended by SIGKILL.", ""),
)
LOST = Failure(
    "JobLost",
    "Nobody held the run's lock any more.",
    -9,
    "The job's supervisor ended without a word; the machine was restarted or it was killed.",
    "",
)
