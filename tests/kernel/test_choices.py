"""Values that are one of a few: text that reads the same gets nowhere."""

from collections.abc import Iterator
from enum import Enum, StrEnum
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, get_args, get_type_hints

import attrs
import pytest

import ofncore.kernel
import ofncore.model
from ofncore.fees.invoice_plan import plan_invoice
from ofncore.fees.invoices import SupplierInvoice
from ofncore.kernel.ids import EnterpriseId
from ofncore.kernel.policies import OFN, Profile
from ofncore.model.voucher import Voucher
from ofncore.testing import worlds


def classes(package: ModuleType) -> Iterator[type[attrs.AttrsInstance]]:
    """Yield every attrs class of *package*."""
    for found in iter_modules(package.__path__):
        module = import_module(f"{package.__name__}.{found.name}")
        own = (each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__)
        yield from (each for each in own if attrs.has(each))


def choices() -> Iterator[tuple[type[attrs.AttrsInstance], str, type[Enum], bool]]:
    """Yield every field that holds members of an enumeration: class, name, enumeration, and whether it holds many."""
    for each in (*classes(ofncore.model), *classes(ofncore.kernel)):
        for name, hint in get_type_hints(each).items():
            for part in get_args(hint) or (hint,):
                if isinstance(part, type) and issubclass(part, Enum) and name in attrs.fields_dict(each):
                    yield each, name, part, getattr(hint, "__origin__", None) is tuple


CHOICES = [each for each in choices() if each[0] is not Profile]


@pytest.mark.parametrize(
    ("kind", "name", "members", "is_many"), CHOICES, ids=lambda each: getattr(each, "__name__", each)
)
def test_the_text_of_a_member_is_no_member(
    kind: type[attrs.AttrsInstance],
    name: str,
    members: type[Enum],
    is_many: bool,  # noqa: FBT001 - a column
) -> None:
    field: Any = attrs.fields_dict(kind)[name]
    assert field.validator is not None, f"{kind.__name__}.{name} takes anything"
    first = next(iter(members))
    field.validator(None, field, (first,) if is_many else first)
    with pytest.raises(ValueError, match=f"must be one of {members.__name__}"):
        field.validator(None, field, (first.value,) if is_many else first.value)


def test_the_fields_are_found() -> None:
    assert (Voucher, "kind") in {(kind, name) for kind, name, *_ in CHOICES}
    assert len(CHOICES) >= 25


@pytest.mark.parametrize("name", [field.name for field in attrs.fields(Profile) if isinstance(field.default, StrEnum)])
def test_a_policy_is_no_text(name: str) -> None:
    assert getattr(attrs.evolve(OFN), name) is getattr(OFN, name)
    with pytest.raises(ValueError, match=f"{name} must be one of"):
        attrs.evolve(OFN, **{name: getattr(OFN, name).value})


def test_the_kind_of_a_voucher_is_no_text() -> None:
    with pytest.raises(ValueError, match=r"kind must be one of VoucherKind\.FLAT, VoucherKind\.PERCENT"):
        worlds.voucher(kind="percent")


def test_what_becomes_of_fees_is_no_text() -> None:
    text: Any = "followed"
    invoice = SupplierInvoice(key="1", supplier=EnterpriseId("farm"), label="One")
    with pytest.raises(ValueError, match=r"fees must be one of InvoicedFees\.FROZEN"):
        plan_invoice(invoice, [], {}, fees=text)
