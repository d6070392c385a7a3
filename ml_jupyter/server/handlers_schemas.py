"""The JSON Schemas of job files, for editors that complete and check them."""

from __future__ import annotations

from tornado import web

from ml_jupyter.jobfile import schema
from ml_jupyter.server.authorization import authorized
from ml_jupyter.server.base import Handler


class SchemasHandler(Handler):
    """``schemas``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self) -> None:
        """Which there are."""
        self.answer(
            {
                "schemas": [
                    {
                        "kind": kind,
                        "title": item.title,
                        "name": item.file,
                        "matches": list(item.matches),
                    }
                    for kind, item in schema.KINDS.items()
                ]
            }
        )


class SchemaHandler(Handler):
    """``schemas/{schema_name}``."""

    @web.authenticated
    @authorized("read", "ml_jupyter")
    async def get(self, schema_name: str) -> None:
        """One of them, by the base name that ``$schema`` ends in."""
        for kind, item in schema.KINDS.items():
            if item.file == schema_name:
                self.answer(schema.document(kind))
                return
        raise web.HTTPError(404, "There is no schema of this name.")
