"""Schemas of job files over HTTP."""

from __future__ import annotations

from ml_jupyter.jobfile import schema


async def test_each_schema_that_is_listed_is_served(fetch):
    listed = (await fetch("schemas")).json["schemas"]
    assert [item["kind"] for item in listed] == list(schema.KINDS)
    for item in listed:
        answer = await fetch("schemas", item["name"])
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.json == schema.document(item["kind"])


async def test_another_name_is_not_found(fetch):
    answer = await fetch("schemas", "pipelineJob.schema.json")
    assert answer.status == 404
    assert answer.json["code"] == "not_found"
