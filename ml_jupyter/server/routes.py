"""Every route: its address, its handler, and the action that each verb needs.

One row describes an address completely; the OpenAPI document and the checks of input are made from
it. Longer than most files here: it is one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jupyter_server.base.handlers import JupyterHandler

from ml_jupyter.server import handlers_activity as activity
from ml_jupyter.server import handlers_code as code
from ml_jupyter.server import handlers_compare as compare
from ml_jupyter.server import handlers_curves as curves
from ml_jupyter.server import handlers_export as exported
from ml_jupyter.server import handlers_files as files
from ml_jupyter.server import handlers_log as logs
from ml_jupyter.server import handlers_machine as machine
from ml_jupyter.server import handlers_metrics as metrics
from ml_jupyter.server import handlers_models as models
from ml_jupyter.server import handlers_queue as queues
from ml_jupyter.server import handlers_runs as runs
from ml_jupyter.server import handlers_schemas as schemas
from ml_jupyter.server import handlers_tensorboard as boards
from ml_jupyter.server import handlers_trials as trials
from ml_jupyter.server import handlers_use as use
from ml_jupyter.server import handlers_views as saved
from ml_jupyter.server import handlers_workspaces as workspaces
from ml_jupyter.server import inputs, run_query
from ml_jupyter.server.base import Operation
from ml_jupyter.server.schemas import FLAG, NAME, Parameter
from ml_jupyter.server.socket import SocketHandler

PREFIX = "ml-jupyter"


@dataclass(frozen=True, slots=True)
class Route:
    """One address.

    Attributes
    ----------
    path : str
        Below the prefix; ``{name}`` is one part of it, ``{path}`` the rest of it.
    handler : type
        Whose verbs answer.
    operations : mapping of str to Operation
        By verb.
    """

    path: str
    handler: type[JupyterHandler]
    operations: Mapping[str, Operation]

    @property
    def pattern(self) -> str:
        """Regular expression of the address below the prefix."""
        parts = self.path.replace("{path}", "(.+)").split("/")
        return "/".join("([^/]+)" if part.startswith("{") else part for part in parts)


_RUN = "workspaces/{workspace_id}/runs/{run_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "openapi.json",
        machine.OpenApiHandler,
        {
            "GET": Operation("read", "This document", answer="OpenApi"),
        },
    ),
    Route(
        "schemas",
        schemas.SchemasHandler,
        {
            "GET": Operation("read", "JSON Schemas of job files", answer="Schemas"),
        },
    ),
    Route(
        "schemas/{schema_name}",
        schemas.SchemaHandler,
        {
            "GET": Operation("read", "A JSON Schema, for editors", answer="Schema"),
        },
    ),
    Route(
        "machine",
        machine.MachineHandler,
        {
            "GET": Operation(
                "read", "Cores, memory and GPUs, and who holds them", answer="Machine"
            ),
        },
    ),
    Route(
        "gpu-processes",
        machine.GpuProcessesHandler,
        {
            "GET": Operation("read", "Every process on every GPU", answer="GpuProcesses"),
        },
    ),
    Route(
        "workspaces",
        workspaces.WorkspacesHandler,
        {
            "GET": Operation("read", "Workspaces that this user has opened", answer="Workspaces"),
        },
    ),
    Route(
        "workspaces/{workspace_id}/beside",
        workspaces.BesideHandler,
        {
            "POST": Operation(
                "read",
                "Open a workspace that lies near a notebook",
                body=inputs.BESIDE,
                answer="Workspace",
                errors=(404,),
            ),
        },
    ),
    Route(
        "workspaces/{workspace_id}/experiments",
        workspaces.ExperimentsHandler,
        {
            "GET": Operation(
                "read",
                "Experiments of a workspace",
                parameters=(
                    Parameter("archived", FLAG, "The archived ones instead.", default=False),
                ),
                answer="Experiments",
            ),
        },
    ),
    Route(
        "workspaces/{workspace_id}/experiments/{experiment_id}",
        workspaces.ExperimentHandler,
        {
            "PATCH": Operation(
                "write",
                "Archive, describe or tag an experiment",
                body=inputs.EXPERIMENT_CHANGE,
                answer="Experiment",
            ),
        },
    ),
    Route(
        "workspaces/{workspace_id}/experiments/{experiment_id}/columns",
        workspaces.ExperimentColumnsHandler,
        {
            "GET": Operation(
                "read",
                "Metrics, tags and parameters that an experiment's runs have",
                answer="ExperimentColumns",
            ),
        },
    ),
    Route(
        "workspaces/{workspace_id}/models",
        models.ModelsHandler,
        {
            "GET": Operation(
                "read",
                "The newest version of each model",
                parameters=(Parameter("run", NAME, "All versions that this run registered."),),
                answer="Models",
            )
        },
    ),
    Route(
        "workspaces/{workspace_id}/models/{name}",
        models.ModelHandler,
        {"GET": Operation("read", "All versions of a model", answer="ModelVersions")},
    ),
    Route(
        "workspaces/{workspace_id}/models/{name}/{version}",
        models.ModelVersionHandler,
        {"DELETE": Operation("execute", "Delete a version that no service uses", status=204)},
    ),
    Route(
        "workspaces/{workspace_id}/models/{name}/{version}/files/{path}",
        models.ModelFileHandler,
        {
            verb: Operation(
                "read",
                summary,
                parameters=(Parameter("download", FLAG, "Offer it for saving.", default=False),),
                answer="bytes",
                errors=(206, 304, 416),
            )
            for verb, summary in (
                ("GET", "A file of a model"),
                ("HEAD", "Headers of a file of a model"),
            )
        },
    ),
    Route(
        "workspaces/{workspace_id}/services",
        models.ServicesHandler,
        {"GET": Operation("read", "Deployed models and their states", answer="Services")},
    ),
    Route(
        "workspaces/{workspace_id}/services/{name}",
        models.ServiceHandler,
        {"DELETE": Operation("execute", "Stop a service and forget it", status=204)},
    ),
    Route(
        "workspaces/{workspace_id}/activity",
        activity.ActivityHandler,
        {
            "GET": Operation("read", "When runs at work last printed or logged", answer="Activity"),
        },
    ),
    Route(
        "workspaces/{workspace_id}/runs",
        runs.RunsHandler,
        {
            "GET": Operation(
                "read", "Runs that match", parameters=run_query.PARAMETERS, answer="RunPage"
            ),
            "POST": Operation(
                "execute",
                "Submit a job",
                body=inputs.SUBMISSION,
                status=201,
                answer="RunDetail",
                errors=(409, 422),
            ),
        },
    ),
    Route(
        _RUN,
        runs.RunHandler,
        {
            "GET": Operation("read", "One run", answer="RunDetail"),
            "PATCH": Operation(
                "write",
                "Rename, describe, tag or archive a run",
                body=inputs.RUN_CHANGE,
                answer="RunDetail",
            ),
            "DELETE": Operation(
                "execute", "Move an ended run to the trash", status=204, errors=(409,)
            ),
        },
    ),
    Route(
        f"{_RUN}/cancel",
        runs.CancelHandler,
        {
            "POST": Operation(
                "execute",
                "Stop a run",
                body=inputs.EMPTY,
                status=202,
                answer="RunDetail",
                errors=(409,),
            ),
        },
    ),
    Route(
        f"{_RUN}/queue",
        runs.QueuePlaceHandler,
        {
            "PATCH": Operation(
                "execute",
                "Hold or release a run that waits, or change its priority",
                body=inputs.QUEUE_ORDER,
                answer="RunDetail",
            ),
        },
    ),
    Route(
        f"{_RUN}/rerun",
        runs.RerunHandler,
        {
            "POST": Operation(
                "execute",
                "Submit a run again",
                body=inputs.EMPTY,
                status=201,
                answer="RunDetail",
                errors=(409, 422),
            ),
        },
    ),
    Route(
        f"{_RUN}/metrics",
        metrics.MetricsHandler,
        {
            "GET": Operation(
                "read", "Metrics for charts", parameters=inputs.METRICS, answer="Metrics"
            ),
        },
    ),
    Route(
        f"{_RUN}/children",
        curves.ChildrenHandler,
        {
            "GET": Operation(
                "read", "All children, and the settings in which they differ", answer="Children"
            ),
        },
    ),
    Route(
        f"{_RUN}/children/curves",
        curves.ChildCurvesHandler,
        {
            "GET": Operation(
                "read",
                "Some metrics of all children, packed",
                parameters=inputs.CHILD_CURVES,
                answer="ChildCurves",
            ),
        },
    ),
    Route(
        f"{_RUN}/log",
        logs.LogHandler,
        {
            "GET": Operation("read", "Bytes of a log", parameters=inputs.LOG, answer="bytes"),
        },
    ),
    Route(
        f"{_RUN}/log/times",
        logs.LogTimesHandler,
        {
            "GET": Operation(
                "read", "When a log was printed", parameters=inputs.LOG_TIMES, answer="LogTimes"
            ),
        },
    ),
    Route(
        f"{_RUN}/log/search",
        logs.LogSearchHandler,
        {
            "GET": Operation(
                "read",
                "Lines of a log that match",
                parameters=inputs.LOG_SEARCH,
                answer="LogSearch",
            ),
        },
    ),
    Route(
        f"{_RUN}/ranks",
        use.RanksHandler,
        {
            "GET": Operation("read", "Processes of a distributed job", answer="Ranks"),
        },
    ),
    Route(
        f"{_RUN}/system",
        use.SystemHandler,
        {
            "GET": Operation("read", "What a run uses", parameters=inputs.SYSTEM, answer="System"),
        },
    ),
    Route(
        f"{_RUN}/finding",
        use.FindingHandler,
        {
            "GET": Operation("read", "Why a run failed", answer="FindingAnswer"),
        },
    ),
    Route(
        f"{_RUN}/trials",
        trials.TrialsHandler,
        {
            "GET": Operation("read", "A sweep and its trials", answer="Trials"),
        },
    ),
    Route(
        f"{_RUN}/importance",
        trials.ImportanceHandler,
        {
            "GET": Operation("read", "Which parameters of a sweep mattered", answer="Importance"),
        },
    ),
    Route(
        f"{_RUN}/packages",
        runs.PackagesHandler,
        {
            "GET": Operation("read", "Packages that were installed", answer="Packages"),
        },
    ),
    Route(
        f"{_RUN}/files",
        files.FilesHandler,
        {
            "GET": Operation("read", "Files of a run", answer="Files"),
        },
    ),
    Route(
        f"{_RUN}/files/{{path}}",
        files.FileHandler,
        {
            verb: Operation(
                "read",
                summary,
                parameters=(Parameter("download", FLAG, "Offer it for saving.", default=False),),
                answer="bytes",
                errors=(206, 304, 416),
            )
            for verb, summary in (
                ("GET", "A file of a run"),
                ("HEAD", "Headers of a file of a run"),
            )
        },
    ),
    Route(
        f"{_RUN}/code",
        code.CodeHandler,
        {
            "GET": Operation("read", "Files of a run's snapshot", answer="Code"),
        },
    ),
    Route(
        f"{_RUN}/code/{{path}}",
        code.CodeFileHandler,
        {
            verb: Operation(
                "read",
                summary,
                parameters=(Parameter("download", FLAG, "Offer it for saving.", default=False),),
                answer="bytes",
                errors=(206, 304, 416),
            )
            for verb, summary in (
                ("GET", "A file of a run's snapshot"),
                ("HEAD", "Headers of a file of a run's snapshot"),
            )
        },
    ),
    Route(
        f"{_RUN}/folder",
        code.FolderHandler,
        {
            "GET": Operation("write", "Files of a run's folder as they are now", answer="Code"),
        },
    ),
    Route(
        f"{_RUN}/folder/{{path}}",
        code.FolderFileHandler,
        {
            "GET": Operation(
                "write",
                "A file of a run's folder as it is now",
                parameters=(Parameter("download", FLAG, "Offer it for saving.", default=False),),
                answer="bytes",
                errors=(206, 304, 416),
            )
        },
    ),
    Route(
        "workspaces/{workspace_id}/compare",
        compare.CompareHandler,
        {
            "GET": Operation(
                "read", "Many runs side by side", parameters=inputs.COMPARED, answer="Comparison"
            ),
        },
    ),
    Route(
        "workspaces/{workspace_id}/export",
        exported.ExportHandler,
        {
            "GET": Operation(
                "read",
                "Runs as one HTML file that needs no server",
                parameters=inputs.EXPORTED,
                answer="bytes",
            ),
        },
    ),
    Route(
        "workspaces/{workspace_id}/compare/metrics",
        compare.CompareMetricsHandler,
        {
            "GET": Operation(
                "read",
                "Curves of many runs",
                parameters=inputs.COMPARED_METRICS,
                answer="ComparedMetrics",
            ),
        },
    ),
    Route(
        "workspaces/{workspace_id}/views",
        saved.ViewsHandler,
        {
            "GET": Operation("read", "Saved views", parameters=inputs.VIEWS, answer="Views"),
            "POST": Operation(
                "write", "Save a new view", body=inputs.NEW_VIEW, status=201, answer="View"
            ),
        },
    ),
    Route(
        "workspaces/{workspace_id}/views/{view_id}",
        saved.ViewHandler,
        {
            "GET": Operation("read", "One saved view", answer="View"),
            "PATCH": Operation(
                "write",
                "Rename or change a saved view",
                body=inputs.VIEW_CHANGE,
                answer="View",
                errors=(409,),
            ),
            "DELETE": Operation("write", "Delete a saved view", status=204),
        },
    ),
    Route(
        "workspaces/{workspace_id}/queue",
        queues.QueueHandler,
        {
            "GET": Operation("read", "What waits, and why", answer="Queue"),
        },
    ),
    Route(
        "workspaces/{workspace_id}/queue/move",
        queues.QueueMoveHandler,
        {
            "POST": Operation(
                "execute",
                "Put a run that waits before another one",
                body=inputs.QUEUE_MOVE,
                answer="Queue",
            ),
        },
    ),
    Route(
        "workspaces/{workspace_id}/queue/history",
        queues.QueueHistoryHandler,
        {
            "GET": Operation(
                "read",
                "What ran when, on which GPUs and cores",
                parameters=inputs.SPAN,
                answer="QueueHistory",
            ),
        },
    ),
    Route(
        "machine/history",
        queues.MachineHistoryHandler,
        {
            "GET": Operation(
                "read",
                "What the machine was used for over time",
                parameters=inputs.SPAN,
                answer="MachineHistory",
            ),
        },
    ),
    Route(
        "tensorboards",
        boards.TensorBoardsHandler,
        {
            "GET": Operation("read", "Running TensorBoards", answer="TensorBoards"),
            "POST": Operation(
                "execute",
                "Start a TensorBoard for some runs",
                body=inputs.BOARD,
                status=201,
                answer="TensorBoard",
                errors=(502,),
            ),
        },
    ),
    Route(
        "tensorboards/{board_id}",
        boards.TensorBoardHandler,
        {
            "DELETE": Operation("execute", "End a TensorBoard", status=204),
        },
    ),
    Route(
        "tensorboards/{board_id}/{path}",
        boards.ProxyHandler,
        {
            verb: Operation("read", "TensorBoard's own pages", answer="bytes", errors=(502,))
            for verb in ("GET", "HEAD", "POST")
        },
    ),
    Route(
        "socket",
        SocketHandler,
        {
            "GET": Operation("read", "WebSocket of a page", status=101),
        },
    ),
)
#: Answers whatever no row names.
FALLBACK = machine.NotFoundHandler
