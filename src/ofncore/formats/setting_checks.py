"""The rules that join the settings of fees and methods with the currencies that they are charged in.

Source:
    FEE-2.3 (settings have two decimals), FEE-2.6.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from ofncore.fees.settings import AMOUNT
from ofncore.formats.paths import element, join, member
from ofncore.formats.records import Placed, Records
from ofncore.formats.shown import shown_text
from ofncore.kernel.codes import Code
from ofncore.kernel.currencies import minor_digits
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.enterprise import Enterprise
from ofncore.model.fee import EnterpriseFee
from ofncore.model.methods import PaymentMethod, ShippingMethod


def check_fee_amounts(records: Records) -> Iterator[Problem]:
    """No amount of a fee, nor its floor or cap, is finer than the currency of its owner."""
    for placed in records.of(EnterpriseFee):
        fee = placed.value
        limits = [("$.at_least", fee.at_least), ("$.at_most", fee.at_most)]
        amounts = [*_amounts("$.calculator", fee.calculator), *((at, each) for at, each in limits if each is not None)]
        yield from _all_too_fine(placed.path, amounts, [fee.enterprise], records)


def check_method_amounts(records: Records) -> Iterator[Problem]:
    """No amount of a shipping or payment method is finer than the currency of a shop that offers it."""
    methods: tuple[Placed[ShippingMethod] | Placed[PaymentMethod], ...]
    methods = (*records.of(ShippingMethod), *records.of(PaymentMethod))
    for placed in methods:
        amounts = list(_amounts("$.calculator", placed.value.calculator))
        yield from _all_too_fine(placed.path, amounts, placed.value.distributors, records)


def too_fine(path: str, amount: Decimal, currency: str) -> Iterator[Problem]:
    """Yield that *amount*, at *path*, has more decimals than *currency*, if it has."""
    digits = minor_digits(currency)
    if (Fraction(amount) * 10**digits).denominator != 1:
        found = shown_text(f"{amount:f}")
        yield problem(Code.TOO_FINE, path, found=found, currency=currency, decimals=digits)


def _all_too_fine(
    path: str, amounts: Iterable[tuple[str, Decimal]], enterprises: Iterable[str], records: Records
) -> Iterator[Problem]:
    owners = (records.find(Enterprise, each) for each in enterprises)
    currencies = {owner.currency for owner in owners if owner is not None}
    # One problem for each amount: what the coarsest currency can pay, all can.
    coarsest = min(currencies, key=lambda each: (minor_digits(each), each), default=None)
    if coarsest is not None:
        for place, amount in amounts:
            yield from too_fine(join(path, place), amount, coarsest)


def _amounts(path: str, settings: Any) -> Iterator[tuple[str, Decimal]]:  # noqa: ANN401 - of any class
    """Yield every amount in major units among *settings*, those of its tiers too, with its path."""
    for field in attrs.fields(type(settings)):
        place, value = join(path, member(field.name)), getattr(settings, field.name)
        if AMOUNT.items() <= field.metadata.items():
            yield place, value
        elif isinstance(value, tuple):
            for index, each in enumerate(value):
                yield from _amounts(join(place, element(index)), each)


#: What holds of settings, in a world alone and in a state.
SETTING_CHECKS = (check_fee_amounts, check_method_amounts)
