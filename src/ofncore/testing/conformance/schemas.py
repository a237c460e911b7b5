"""Every schema that can be run. A module for one more schema is added here."""

from typing import Final

from ofncore.testing.conformance.cases import SchemaSupport

SUPPORTED: Final[tuple[SchemaSupport, ...]] = ()
