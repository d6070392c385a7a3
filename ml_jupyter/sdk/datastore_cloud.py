"""Datastores that are services of the cloud: each name says what to use instead."""

from __future__ import annotations

from typing import Any, NoReturn

from ml_jupyter.exceptions import UserErrorException

_BLOB = 'Datastore.register_url(ws, name, "abfs://container@account.dfs.core.windows.net/")'
_TABLE = "pandas.read_sql and Dataset.Tabular.register_pandas_dataframe"


class CloudDatastores:
    """What ``Datastore`` of the Azure ML SDK can register and a machine of one's own has not."""

    @staticmethod
    def register_azure_blob_container(*_: Any, **__: Any) -> NoReturn:
        """Refuse: use ``register_url`` with the package ``adlfs``.

        Raises
        ------
        UserErrorException
            Always; says what to do.
        """
        _refuse("register_azure_blob_container", f"{_BLOB}, with the package adlfs")

    @staticmethod
    def register_azure_data_lake(*_: Any, **__: Any) -> NoReturn:
        """Refuse: use ``register_url``."""
        _refuse("register_azure_data_lake", 'Datastore.register_url(ws, name, "adl://…")')

    @staticmethod
    def register_azure_data_lake_gen2(*_: Any, **__: Any) -> NoReturn:
        """Refuse: use ``register_url`` with the package ``adlfs``."""
        _refuse("register_azure_data_lake_gen2", f"{_BLOB}, with the package adlfs")

    @staticmethod
    def register_azure_file_share(*_: Any, **__: Any) -> NoReturn:
        """Refuse: mount the share and use ``register_folder``."""
        _refuse(
            "register_azure_file_share",
            "a mount of the share by SMB and Datastore.register_folder(ws, name, folder)",
        )

    @staticmethod
    def register_azure_my_sql(*_: Any, **__: Any) -> NoReturn:
        """Refuse: read with pandas."""
        _refuse("register_azure_my_sql", _TABLE)

    @staticmethod
    def register_azure_postgre_sql(*_: Any, **__: Any) -> NoReturn:
        """Refuse: read with pandas."""
        _refuse("register_azure_postgre_sql", _TABLE)

    @staticmethod
    def register_azure_sql_database(*_: Any, **__: Any) -> NoReturn:
        """Refuse: read with pandas."""
        _refuse("register_azure_sql_database", _TABLE)

    @staticmethod
    def register_dbfs(*_: Any, **__: Any) -> NoReturn:
        """Refuse: use ``register_url``."""
        _refuse("register_dbfs", 'Datastore.register_url(ws, name, "dbfs://…")')

    @staticmethod
    def register_hdfs(*_: Any, **__: Any) -> NoReturn:
        """Refuse: use ``register_url``."""
        _refuse("register_hdfs", 'Datastore.register_url(ws, name, "hdfs://…"), with pyarrow')


def _refuse(name: str, instead: str) -> NoReturn:
    raise UserErrorException(
        f"Datastore.{name} belongs to a service of the cloud.", hint=f"Use {instead}."
    )
