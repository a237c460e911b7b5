"""The memory adapter keeps the contract of a storage."""

import pytest

from ofncore.adapters.memory import MemoryStorage
from ofncore.testing.contracts import StorageContract


class TestMemoryStorage(StorageContract):
    @pytest.fixture
    def storage(self) -> MemoryStorage:
        return MemoryStorage()
