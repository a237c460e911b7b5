"""The rules that join tax zones, categories and rates, fees and vouchers."""

from collections.abc import Iterable, Iterator

import attrs

from ofncore.fees.zones import TaxRegime
from ofncore.formats.doubles import doubles
from ofncore.formats.paths import element, join
from ofncore.formats.records import Placed, Records
from ofncore.formats.setting_checks import too_fine
from ofncore.formats.shown import shown, shown_text
from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import Problem, problem
from ofncore.model.enterprise import Enterprise
from ofncore.model.fee import TaxCategory, TaxRate, TaxZone
from ofncore.model.voucher import Voucher, VoucherKind


def check_defaults(records: Records) -> Iterator[Problem]:
    """At most one tax zone is the default, and one tax category (FEE-8)."""
    yield from _second_defaults(records.of(TaxZone))
    yield from _second_defaults(records.of(TaxCategory))


def _second_defaults(listed: Iterable[Placed[TaxZone] | Placed[TaxCategory]]) -> Iterator[Problem]:
    stated = (("", join(each.path, "$.is_default")) for each in listed if each.value.is_default)
    return (problem(Code.SECOND_DEFAULT, path, first=first) for _, path, first in doubles(stated))


def check_zones(records: Records) -> Iterator[Problem]:
    """The members of a tax zone are distinct, and each is a country or in one (FEE-8)."""
    for zone in records.of(TaxZone):
        members = [(each, _place(zone, index)) for index, each in enumerate(zone.value.members)]
        for _, path in (each for each in members if not each[0].country):
            yield problem(Code.BAD_COUNTRY, join(path, "$.country"), found=shown(""))
        for member, path, first in doubles(members):
            yield problem(Code.DUPLICATE_ENTRY, path, id=shown_text(" ".join(attrs.astuple(member))), first=first)


def _place(zone: Placed[TaxZone], index: int) -> str:
    return join(zone.path, "$.members", element(index))


def check_included_rates(records: Records) -> Iterator[Problem]:
    """A rate of a zone is in the prices only if some zone is the one of the prices (FEE-8)."""
    zones = records.of(TaxZone)
    if not records.is_complete(TaxZone) or any(zone.value.is_default for zone in zones):
        return
    for rate in records.of(TaxRate):
        refused = TaxRegime().check_rate(rate.value)
        yield from () if refused is None else (each.under(rate.path) for each in refused.problems)


def check_vouchers(records: Records) -> Iterator[Problem]:
    """One shop's vouchers have distinct codes, and amounts that its currency can pay (FEE-10)."""
    codes = (((each.value.enterprise, each.value.code), join(each.path, "$.code")) for each in records.of(Voucher))
    for (_, code), path, first in doubles(codes):
        yield problem(Code.DUPLICATE_VOUCHER, path, found=shown_text(code), first=first)
    for placed in records.of(Voucher):
        shop = records.find(Enterprise, placed.value.enterprise)
        if shop is not None and placed.value.kind is VoucherKind.FLAT:
            yield from too_fine(join(placed.path, "$.value"), placed.value.value, shop.currency)


#: What holds of taxes and vouchers, in a world alone and in a state.
TAX_CHECKS = (check_defaults, check_zones, check_included_rates, check_vouchers)
