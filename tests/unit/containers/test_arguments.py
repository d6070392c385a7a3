"""Options of ``docker run``, as users write them."""

from __future__ import annotations

import pytest

from ml_jupyter.containers.arguments import translate
from ml_jupyter.containers.sizes import size_of
from ml_jupyter.containers.spec import ContainerSpec
from ml_jupyter.exceptions import RunConfigurationException


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], {}),
        (["--ipc", "host"], {"IpcMode": "host"}),
        (["--network=host"], {"NetworkMode": "host"}),
        (["-v", "/a:/b:ro", "--volume=/c:/d"], {"Binds": ["/a:/b:ro", "/c:/d"]}),
        (["--cpus", "1.5", "-m", "2g"], {"NanoCpus": 1_500_000_000, "Memory": 2 * 1024**3}),
        (["--memory-swap", "-1"], {"MemorySwap": -1}),
        (["--privileged"], {"Privileged": True}),
        (["--privileged=false"], {"Privileged": False}),
        (["--ulimit", "nofile=10:20"], {"Ulimits": [{"Name": "nofile", "Soft": 10, "Hard": 20}]}),
        (["--ulimit=stack=5"], {"Ulimits": [{"Name": "stack", "Soft": 5, "Hard": 5}]}),
        (["--tmpfs", "/scratch:size=1g"], {"Tmpfs": {"/scratch": "size=1g"}}),
        (["--cap-add", "SYS_PTRACE"], {"CapAdd": ["SYS_PTRACE"]}),
        (["--sysctl", "net.core.somaxconn=9"], {"Sysctls": {"net.core.somaxconn": "9"}}),
        (
            ["--device=/dev/fuse"],
            {
                "Devices": [
                    {
                        "PathOnHost": "/dev/fuse",
                        "PathInContainer": "/dev/fuse",
                        "CgroupPermissions": "rwm",
                    }
                ]
            },
        ),
        (
            ["--mount", "type=bind,source=/a,target=/b,readonly"],
            {"Mounts": [{"Type": "bind", "Target": "/b", "Source": "/a", "ReadOnly": True}]},
        ),
    ],
)
def test_options_for_the_host(words: list[str], expected: dict[str, object]) -> None:
    assert translate(words) == {"HostConfig": expected}


def test_options_for_the_container() -> None:
    words = ["-e", "A=1", "--env=B=x=y", "-l", "team=blue", "-h", "box", "-p", "8080:80"]
    found = translate(words)
    assert found["Env"] == ["A=1", "B=x=y"]
    assert (found["Labels"], found["Hostname"]) == ({"team": "blue"}, "box")
    assert found["ExposedPorts"] == {"80/tcp": {}}
    binding = {"HostIp": "127.0.0.1", "HostPort": "8080"}
    assert found["HostConfig"]["PortBindings"] == {"80/tcp": [binding]}, "not for the whole network"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--volum", "/a:/b"], "Did you mean"),
        (["--rm"], "always removed"),
        (["-it"], "no input"),
        (["--gpus", "all"], "queue gives GPUs"),
        (["--user", "0"], "user who submits"),
        (["host"], "not an option"),
        (["--ipc"], "no value"),
        (["--cpus", "many"], "not a number"),
        (["--memory", "lots"], "not a size"),
        (["-e", "SECRET"], "NAME=VALUE"),
        (["--mount", "type=bind"], "not understood"),
        (["-p", "web"], "not understood"),
    ],
)
def test_what_cannot_be_is_named(words: list[str], text: str) -> None:
    with pytest.raises(RunConfigurationException) as caught:
        ContainerSpec(arguments=tuple(words)).check()
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("text", "size"),
    [("2g", 2 * 1024**3), ("512M", 512 * 1024**2), ("1.5kb", 1536), ("64", 64), ("", 0)],
)
def test_sizes(text: str, size: int) -> None:
    assert size_of(text) == size


def test_specification_survives_json_and_unknown_keys() -> None:
    spec = ContainerSpec("image", "unix:///x", ("--ipc", "host"), inputs=("/data",), cpus=2)
    assert ContainerSpec.from_json({**spec.to_json(), "newer": 1}) == spec
