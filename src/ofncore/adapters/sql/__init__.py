"""Storage in SQLite or PostgreSQL, on SQLAlchemy Core (the extra ``sql``).

`SqlStorage` owns its database; `HostTransaction` works inside a transaction of the host. Hosts that keep their own
migrations find the tables in `metadata`, and create or check them by `create_schema` and `check_schema`. Around its own
commit a host puts `translated_errors`, to learn of a stale write or a broken reference as of any other.
"""

from ofncore.adapters.sql.schema import SCHEMA_VERSION, metadata
from ofncore.adapters.sql.session import translated_errors
from ofncore.adapters.sql.storage import HostTransaction, SqlStorage
from ofncore.adapters.sql.versions import check_schema, create_schema

__all__ = [
    "SCHEMA_VERSION",
    "HostTransaction",
    "SqlStorage",
    "check_schema",
    "create_schema",
    "metadata",
    "translated_errors",
]
