"""The kit that these tests stand on: crashes on purpose, and documents without their late marks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.adapters.mail import KeptMail
from ofncore.adapters.memory import MemoryStorage
from ofncore.adapters.payments import ManualGateway
from ofncore.kernel.money import Money
from ofncore.ports.gateway import GatewayRequest
from ofncore.testing.faults import Crash, Faults
from ofncore.testing.lateness import LATE_MARK, without_lateness
from ofncore.testing.worlds import message, user

REQUEST = GatewayRequest(key="charge-1", amount=Money.of("3.20", "EUR"), order_code="HUB-1")

documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda parts: (
        st.lists(parts, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "at", LATE_MARK, "orders", "lines"]), parts, max_size=4)
    ),
    max_leaves=15,
)


def keys(document: Any) -> set[str]:  # noqa: ANN401 - any JSON
    if isinstance(document, dict):
        return set(document).union(*map(keys, document.values()))
    return set().union(*map(keys, document)) if isinstance(document, list) else set()


# ---------------------------------------------------------------- lateness


@given(documents)
def test_no_late_mark_is_left(document: object) -> None:
    assert LATE_MARK not in keys(without_lateness(document))


@given(documents)
def test_a_document_without_late_marks_stays_as_it_is(document: object) -> None:
    on_time = without_lateness(document)
    assert without_lateness(on_time) == on_time
    assert (on_time == document) == (LATE_MARK not in keys(document))


@given(documents)
def test_the_document_itself_is_left_alone(document: object) -> None:
    before = json.dumps(document)
    without_lateness(document)
    assert json.dumps(document) == before


# ---------------------------------------------------------------- faults


def test_without_a_crash_the_parts_do_what_they_do() -> None:
    faults, mail = Faults(), KeptMail()
    gateway = faults.gateway(ManualGateway())
    assert gateway.charge(REQUEST) == ManualGateway().charge(REQUEST)
    assert gateway.refund(REQUEST) == ManualGateway().refund(REQUEST)
    assert gateway.look_up("charge-1") is None
    assert faults.notifier(mail).send(message()) is None
    assert mail.messages == {message().id: message()}
    assert faults.points == [
        "charge about to be made",
        "charge made",
        "refund about to be made",
        "refund made",
        "message about to be handed over",
        "message handed over",
    ]


@pytest.mark.parametrize(("point", "is_kept"), [(1, False), (2, False), (3, True)])
def test_a_unit_of_work_is_kept_only_past_its_end(point: int, is_kept: bool) -> None:  # noqa: FBT001 - a column
    storage = MemoryStorage()
    with pytest.raises(Crash), Faults(crash_at=point).unit_of_work(storage)() as unit:
        unit.users.add(user())
    with storage() as unit:
        assert (unit.users.find(user().id) is not None) == is_kept


def test_a_crash_is_no_exception_that_a_program_would_catch() -> None:
    assert not issubclass(Crash, Exception)


def test_nothing_is_done_after_a_crash() -> None:
    faults, mail = Faults(crash_at=1), KeptMail()
    notifier = faults.notifier(mail)
    for _ in range(3):
        with pytest.raises(Crash):
            notifier.send(message())
    assert mail.messages == {}


def test_a_crash_says_where_it_was() -> None:
    gateway = Faults(crash_at=2).gateway(ManualGateway())
    with pytest.raises(Crash, match="crash at point 2: charge made"):
        gateway.charge(REQUEST)
