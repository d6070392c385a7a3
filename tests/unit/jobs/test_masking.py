"""Secrets are masked; what a model's options call a token is not."""

from __future__ import annotations

import pytest

from ml_jupyter.jobs import masking


@pytest.mark.parametrize(
    "name",
    ["HF_TOKEN", "--api-key", "AWS_SECRET_ACCESS_KEY", "password", "DB_PASSWORD", "--auth-token",
     "client_secret", "AZURE_STORAGE_CONNECTION_STRING", "token", "WANDB_API_KEY"],
)  # fmt: skip
def test_secret_names(name: str) -> None:
    assert masking.is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    ["--max-tokens", "num_tokens", "--pad-token", "eos_token", "tokenizer", "keys", "--key-size",
     "bypass", "passes", "author", "--n-keys", "secretary"],
)  # fmt: skip
def test_names_that_only_look_alike(name: str) -> None:
    assert not masking.is_secret_name(name)


def test_arguments() -> None:
    items = ["--lr", "0.1", "--api-key", "abc", "--token=abc", "--pad-token", "<pad>", 3]
    assert masking.arguments(items) == [
        "--lr", "0.1", "--api-key", "***", "--token=***", "--pad-token", "<pad>", "3",
    ]  # fmt: skip


def test_known_forms_anywhere() -> None:
    text = "curl https://me:pw@example.org -H 'x: ghp_0123456789abcdefghijklmn' --out a"
    assert masking.text(text) == "curl https://me:***@example.org -H 'x: ***' --out a"
    assert masking.text("TOKEN=abc train --password 'a b' --lr 1") == (
        "TOKEN=*** train --password *** --lr 1"
    )


def test_definitions_of_any_shape() -> None:
    item = {
        "arguments": ["--token", "abc", 1],
        "environment": {"environmentVariables": {"MY_SECRET": "abc", "A": "b"}},
        "command": "x --password abc",
        "nodeCount": 1,
    }
    assert masking.definition(item) == {
        "arguments": ["--token", "***", 1],
        "environment": {"environmentVariables": {"MY_SECRET": "***", "A": "b"}},
        "command": "x --password ***",
        "nodeCount": 1,
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("--index-url https://0123456789abcdef@feed/simple", "--index-url https://***@feed/simple"),
        ("https://conda.host/t/ab-12/main", "https://conda.host/t/***/main"),
        ("git+https://git@host/repo", "git+https://git@host/repo"),
        ("https://host/a/t", "https://host/a/t"),
    ],
)
def test_tokens_of_package_feeds(text: str, shown: str) -> None:
    assert masking.value(text) == shown
