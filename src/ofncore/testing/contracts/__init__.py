"""Contracts of the ports: suites of tests that every adapter passes unchanged.

Subclass a suite, give it the fixture it asks for, and run pytest. Declare an ability only where the adapter has it; no
test may be overridden.

    class TestMyStorage(StorageContract):
        @pytest.fixture
        def storage(self) -> UnitOfWorkFactory:
            return MyStorage()
"""

import pytest

# Before the suites are imported, so that a failed assertion shows its values.
pytest.register_assert_rewrite(
    *(
        f"ofncore.testing.contracts.{name}"
        for name in ("finders", "logs", "races", "records", "round_trips", "stock", "units")
    )
)

from ofncore.testing.contracts.storage import StorageContract  # noqa: E402 - see above

__all__ = ["StorageContract"]
