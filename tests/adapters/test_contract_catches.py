"""Every test of the contract of a storage fails on some broken storage."""

import pytest

from adapters.faults import FAULTS, Fault
from adapters.runner import CONTRACT_TESTS, fails
from ofncore.adapters.memory import MemoryStorage

#: Not every storage checks references; that this test can fail is shown for the SQL adapter.
ONLY_WHERE_DECLARED = "test_a_reference_to_nothing_is_refused_where_references_are_checked"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_noticed(fault: Fault) -> None:
    with fault.planted():
        unnoticed = [name for name in sorted(fault.noticed_by) if not fails(name, MemoryStorage)]
    assert unnoticed == []


def test_every_contract_test_notices_some_fault() -> None:
    noticing = {name for fault in FAULTS for name in fault.noticed_by}
    assert noticing == CONTRACT_TESTS - {ONLY_WHERE_DECLARED}


@pytest.mark.parametrize("name", sorted(CONTRACT_TESTS))
def test_no_contract_test_fails_without_a_fault(name: str) -> None:
    """So what is noticed above is the fault, and not the way the tests are run there."""
    assert not fails(name, MemoryStorage)
