"""Every test of the contract of a storage fails on some broken storage."""

import pytest

from adapters.faults import FAULTS, Fault
from adapters.runner import CONTRACT_TESTS, fails
from ofncore.adapters.memory import MemoryStorage

#: Not every storage checks references; that this test can fail is shown for the SQL adapter.
ONLY_WHERE_DECLARED = "test_a_reference_to_nothing_is_refused_where_references_are_checked"


def fails_soon(name: str) -> bool:
    """Tell whether the test fails within a few runs: threads do not always meet where they could."""
    return any(fails(name, MemoryStorage) for _ in range(5))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_noticed(fault: Fault) -> None:
    with fault.planted():
        unnoticed = [name for name in sorted(fault.noticed_by) if not fails_soon(name)]
    assert unnoticed == []


def test_every_contract_test_notices_some_fault() -> None:
    noticing = {name for fault in FAULTS for name in fault.noticed_by}
    assert noticing == CONTRACT_TESTS - {ONLY_WHERE_DECLARED}
