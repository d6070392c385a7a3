"""Deployed models: real services of real models, called over HTTP."""

from __future__ import annotations

import json
import os
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from ml_jupyter import Environment, Model, ResourceConfiguration, Workspace
from ml_jupyter.core.model import InferenceConfig
from ml_jupyter.core.webservice import LocalWebservice, Webservice
from ml_jupyter.exceptions import UserErrorException, WebserviceException
from ml_jupyter.jobs.queue_view import slot_use
from ml_jupyter.testing.isolation import eventually, job_processes
from tests import package_lab

pytestmark = pytest.mark.slow
X, Y = load_iris(return_X_y=True)
SCRIPT = """\
import json, os
from pathlib import Path
from ml_jupyter import Model, Run
from helper import double

def init():
    global text
    text = next(Path(os.environ["AZUREML_MODEL_DIR"]).iterdir()).read_text()
    assert Path(Model.get_model_path("words")).read_text() == text
    print("loaded", text, Run.get_context().id)

def run(data):
    value = json.loads(data)
    if value == "crash":
        os.kill(os.getpid(), 9)
    if value == "hang":
        import time
        time.sleep(60)
    if value == "bug":
        return {}["missing"]
    if value == "greeting":
        return os.environ["GREETING"]
    return {"answer": double(float(value)), "model": text}
"""


@pytest.fixture
def model(workspace: Workspace, here: Path) -> Model:
    joblib.dump(LogisticRegression(max_iter=200).fit(X, Y), here / "iris.pkl")
    return Model.register(
        workspace, "iris.pkl", "iris", model_framework=Model.Framework.SCIKITLEARN,
        sample_input_dataset=X[:2], resource_configuration=ResourceConfiguration(cpu=1),
    )  # fmt: skip


@pytest.fixture
def words(workspace: Workspace, here: Path) -> Model:
    (here / "words.txt").write_text("hello")
    return Model.register(workspace, "words.txt", "words")


@pytest.fixture
def scripted(here: Path) -> InferenceConfig:
    (here / "code").mkdir()
    (here / "code" / "score.py").write_text(SCRIPT)
    (here / "code" / "helper.py").write_text("def double(x):\n    return 2 * x\n")
    return InferenceConfig("score.py", source_directory="code")


def fetch(uri: str | None, data: Any = None, **headers: str) -> tuple[int, Any]:
    body = None if data is None else data if isinstance(data, bytes) else json.dumps(data).encode()
    request = urllib.request.Request(str(uri), body, headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=20) as answer:
            text = answer.read().decode()
            return answer.status, json.loads(text) if text[:1] in "{[" else text
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def refused(service: Any, data: Any) -> tuple[int | None, str]:
    with pytest.raises(WebserviceException) as caught:
        service.run(data)
    return caught.value.status_code, str(caught.value)


def test_a_model_of_scikit_learn_answers_without_code(workspace: Workspace, model: Model) -> None:
    service = Model.deploy(workspace, "iris-service", [model])
    assert service.state == "Transitioning"
    service.wait_for_deployment(timeout_sec=60)
    assert service.run(json.dumps({"data": X[:3].tolist()})) == {"predict": [0, 0, 0]}
    assert slot_use(workspace._settings).free == 2  # of 2: a service leaves the cores to runs
    probabilities = service.run({"data": X[:1], "method": "predict_proba"})["predict_proba"]
    assert np.allclose(sum(probabilities[0]), 1)
    assert refused(service, {"data": [[1, 2]]}) == (
        400,
        "The service answered with 400: The model takes rows of 4 values; the data has 2.",
    )
    for bad, said in (
        ("no json", "not JSON"),
        ({"rows": []}, '"data"'),
        ({"data": []}, "at least one row"),
        ({"data": [["a", "b", "c", "d"]]}, "refused the data"),
        ({"data": [[1, 2, 3, 4]], "method": "fit"}, '"method"'),
        ({"data": [[1, 2, 3, 4], [1]]}, "different lengths"),
    ):
        status, text = refused(service, bad)
        assert (status, said in text) == (400, True), text

    key = service.get_keys()[0]
    bearer = {"Authorization": f"Bearer {key}"}
    assert fetch(service.scoring_uri, {"data": X[:1].tolist()})[0] == 401
    assert fetch(service.scoring_uri, {}, Authorization="Bearer wrong")[0] == 401
    assert fetch(service.scoring_uri, {"data": X[:1].tolist()}, **bearer)[0] == 200
    root = str(service.scoring_uri)[: -len("score")]
    assert fetch(root) == (200, "Healthy")
    assert fetch(root, None, Host="attacker.example")[0] == 403
    assert fetch(root + "nothing")[0] == 404
    status, swagger = fetch(service.swagger_uri, **bearer)
    assert (status, swagger["swagger"], swagger["info"]["title"]) == (200, "2.0", "iris-service")
    assert swagger["definitions"]["ServiceInput"]["example"] == {"data": X[:2].tolist()}

    service.regen_key("Primary")
    assert fetch(service.scoring_uri, {"data": X[:1].tolist()}, **bearer)[0] == 401
    assert service.run({"data": X[:1]}) == {"predict": [0]}

    run = service.get_run()
    assert (run.type, run.experiment.name, run.get_status()) == (
        "webservice",
        "services",
        "Running",
    )
    assert [item.name for item in Webservice.list(workspace, model_name="iris")] == ["iris-service"]
    with pytest.raises(WebserviceException, match="already a service"):
        Model.deploy(workspace, "iris-service", [model])
    with pytest.raises(WebserviceException, match="is deployed as service 'iris-service'"):
        model.delete()
    service.delete()
    assert run.get_status() == "Canceled"
    assert job_processes(workspace._settings, run.id) == set()
    assert workspace.webservices == {}
    model.delete()


def test_a_script_answers_in_its_environment(
    workspace: Workspace, words: Model, scripted: InferenceConfig
) -> None:
    environment = Environment("scoring")
    environment.python.user_managed_dependencies = True
    environment.environment_variables = {"GREETING": "hi, a secret"}
    scripted.environment = environment
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = LocalWebservice.deploy_configuration(
        port=port, auth_enabled=False, scoring_timeout_ms=2000, tags={"team": "birds"}, cpu_cores=1
    )
    service = Model.deploy(workspace, "words-service", [words], scripted, config)
    service.wait_for_deployment(timeout_sec=60)
    assert service.scoring_uri == f"http://127.0.0.1:{port}/score"
    assert slot_use(workspace._settings).free == 1
    assert service.tags == {"team": "birds"}
    assert service.run("21") == {"answer": 42.0, "model": "hello"}
    assert fetch(service.scoring_uri, 1)[1] == {"answer": 2.0, "model": "hello"}
    assert refused(service, "not json")[0] == 400
    assert refused(service, '"text"') == (
        400,
        "The service answered with 400: ValueError: could not convert string to float: 'text'",
    )
    status, text = refused(service, '"bug"')
    assert (status, "KeyError: 'missing'" in text) == (500, True)
    assert "KeyError: 'missing'" in service.get_logs()
    assert f"loaded hello {service.get_run().id}" in service.get_logs()

    assert refused(service, b"1" * (100 * 1024 * 1024 + 1))[0] == 413
    keys = service.get_keys()
    assert refused(service, '"crash"')[0] == 503
    eventually(lambda: service.restarts == 1 and service.state == "Healthy", 20, "the restart")
    assert service.run("1")["answer"] == 2.0
    assert refused(service, '"hang"')[0] == 504
    eventually(lambda: service.restarts == 2 and service.state == "Healthy", 20, "a second one")
    assert "SIGKILL" in service.get_logs()

    (Path("words.txt")).write_text("bye")
    service.update(models=[Model.register(workspace, "words.txt", "words")], wait=True)
    assert service.run("1") == {"answer": 2.0, "model": "bye"}
    assert service.run('"greeting"') == "hi, a secret"
    stored = (workspace._folder.layout.services / "words-service.json").read_text()
    assert "a secret" not in stored
    assert service.get_keys() == keys
    assert service.scoring_uri == f"http://127.0.0.1:{port}/score"
    assert LocalWebservice(workspace, "words-service").serialize()["models"] == ["words:2"]
    service.delete()


def test_the_service_s_own_process_is_started_again_on_its_port(
    workspace: Workspace, words: Model, here: Path
) -> None:
    (here / "score.py").write_text("def run(data):\n    return data\n")
    service = Model.deploy(workspace, "echo", [words], InferenceConfig("score.py"))
    service.wait_for_deployment(timeout_sec=60)
    uri, run = service.scoring_uri, service.get_run()
    front = next(pid for pid in job_processes(workspace._settings, run.id) if _serves(pid))
    os.kill(front, signal.SIGKILL)
    eventually(
        lambda: any(_serves(pid) for pid in job_processes(workspace._settings, run.id) - {front}),
        20,
        "another process",
    )
    eventually(lambda: _answers(service), 20, "an answer")
    assert service.scoring_uri == uri
    service.delete()


def _serves(pid: int) -> bool:
    return b"ml_jupyter.serving" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _answers(service: LocalWebservice) -> bool:
    try:
        return bool(service.run('"still there"') == '"still there"')
    except WebserviceException:
        return False


def test_a_model_that_cannot_be_loaded_is_told_with_its_log(
    workspace: Workspace, here: Path
) -> None:
    (here / "broken.pkl").write_bytes(b"not a pickle")
    broken = Model.register(workspace, "broken.pkl", "broken")
    service = Model.deploy(workspace, "broken-service", [broken])
    with pytest.raises(WebserviceException, match="cannot be read as a pickled") as caught:
        service.wait_for_deployment(timeout_sec=60)
    assert "Traceback" in str(caught.value)
    assert service.state == "Failed"
    assert service.get_run().get_status() == "Failed"
    joblib.dump(LogisticRegression(max_iter=200).fit(X, Y), here / "broken.pkl")
    service.update(models=[Model.register(workspace, "broken.pkl", "broken")], wait=True)
    assert service.run({"data": X[:1]}) == {"predict": [0]}
    service.delete()


def test_a_framework_version_without_a_wheel_gives_the_next_one(
    workspace: Workspace, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, version in (("tensorflow", "2.12.0"), ("tensorflow", "2.20.0"), ("numpy", "1.23.5")):
        package_lab.wheel(tmp_path / "wheels", name, version)
    (tmp_path / "empty-index").mkdir()
    monkeypatch.setenv("UV_DEFAULT_INDEX", (tmp_path / "empty-index").as_uri())
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path / "wheels"))
    (here / "net").mkdir()
    (here / "net" / "saved_model.pb").touch()
    net = Model.register(
        workspace, "net", "net",
        model_framework=Model.Framework.TENSORFLOW, model_framework_version="2.0",
    )  # fmt: skip
    with pytest.warns(UserWarning, match=r"tensorflow 2\.0 cannot be installed .* with 2\.12\.0"):
        service = Model.deploy(workspace, "old-net", [net])
    with pytest.raises(WebserviceException):  # the package made by hand loads nothing
        service.wait_for_deployment(timeout_sec=60)
    log = service.get_run()._folder.layout.files / "system_logs" / "build_log.txt"
    assert "tensorflow==2.12.0" in log.read_text()
    assert service.get_run().get_status() == "Failed"


def test_what_cannot_be_deployed_is_refused_before_anything_runs(
    workspace: Workspace, words: Model, model: Model
) -> None:
    with pytest.raises(WebserviceException, match="cannot be deployed without code"):
        Model.deploy(workspace, "service", [words])
    with pytest.raises(WebserviceException, match="exactly one model"):
        Model.deploy(workspace, "service", [words, model])
    with pytest.raises(UserErrorException, match="is not valid"):
        Model.deploy(workspace, "Service!", [model])
    with pytest.raises(UserErrorException, match=r"no file 'absent\.py'"):
        Model.deploy(workspace, "service", [model], InferenceConfig("absent.py"))
    with pytest.raises(UserErrorException, match="port must be"):
        LocalWebservice.deploy_configuration(port=99999)
    with pytest.raises(UserErrorException, match="without an image"):
        InferenceConfig("score.py", base_image="ubuntu")
    with pytest.raises(WebserviceException, match="WebserviceNotFound"):
        Webservice(workspace, "service")
    assert list(workspace.get_runs()) == []


def test_a_port_that_is_taken_is_said(workspace: Workspace, model: Model) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        config = LocalWebservice.deploy_configuration(port=taken.getsockname()[1])
        service = Model.deploy(workspace, "service", [model], deployment_config=config)
        with pytest.raises(WebserviceException, match="cannot be had"):
            service.wait_for_deployment(timeout_sec=60)
    service.delete()
