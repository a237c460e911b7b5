"""Cases of saving a fee."""

from collections.abc import Collection
from typing import Final

from ofncore.fees.saving import UNCHANGED, FeeChange, FeeDraft, SavedFee, change_fee, create_fee
from ofncore.kernel.ids import EnterpriseId, FeeId
from ofncore.kernel.policies import Profile
from ofncore.kernel.refusals import Refusal
from ofncore.model.fee import EnterpriseFee
from ofncore.testing.conformance.cases import (
    Case,
    Json,
    SchemaSupport,
    Side,
    UnsupportedCaseError,
    listed_cases,
    schema_is,
)

#: What a change may name.
_CHANGEABLE: Final = ("name", "fee_type", "calculator", "preferences", "tax_category", "inherits_tax_category")
#: The field that the original reports what is wrong under, where it is not our own.
_REPORTED: Final = {"inherits_tax_category": "base"}
_KEPT: Final = ("tax_category", "inherits_tax_category", "per_order", "per_item")


def _expect(case: Case, _side: Side) -> Json:
    saved = case["expect"]
    changed = case.get("expect_after_change")
    if changed is not None and "known_defect" in case:
        # FEE-13.15: a refused change leaves the fee as it was; the original has replaced its calculator.
        changed = {**changed, **{name: saved[name] for name in ("per_order", "per_item")}}
    return {"saved": saved, "changed": changed}


def _run(case: Case, profile: Profile) -> Json:
    given = case["given"]
    draft = FeeDraft(
        enterprise=EnterpriseId("e1") if given["enterprise"] else None,
        name=given.get("name"),
        fee_type=given.get("fee_type"),
        calculator=given.get("calculator"),
        preferences=given.get("preferences") or {},
        tax_category=given.get("tax_category"),
        inherits_tax_category=bool(given.get("inherits_tax_category")),
    )
    created = create_fee(draft, FeeId("f1"), profile=profile)
    if isinstance(created, Refusal):
        return {"saved": _refused(created)}
    saved = {"saved": _kept(created.fee)}
    return saved if case.get("change") is None else {**saved, "changed": _changed(created, case["change"], profile)}


def _changed(created: SavedFee, given: Json, profile: Profile) -> Json:
    unknown = sorted(set(given) - set(_CHANGEABLE))
    if unknown:
        message = f"a change names {', '.join(unknown)}"
        raise UnsupportedCaseError(message)
    change = FeeChange(**{name: given.get(name, UNCHANGED) for name in _CHANGEABLE})
    changed = change_fee(created.fee, change, profile=profile)
    if isinstance(changed, Refusal):
        return {**_kept(created.fee), **_refused(changed)}
    return _kept(changed.fee)


def _kept(fee: EnterpriseFee) -> Json:
    return {
        "saved": True,
        "refused_on": [],
        "tax_category": fee.tax_category,
        "inherits_tax_category": fee.inherits_tax_category,
        "per_order": fee.calculator.per_order,
        "per_item": not fee.calculator.per_order,
    }


def _refused(refusal: Refusal) -> Json:
    fields = {each.path.removeprefix("$.").split(".")[0] for each in refusal.problems}
    reported = {"calculator" if field == "preferences" else _REPORTED.get(field, field) for field in fields}
    return {"saved": False, "refused_on": sorted(reported)}


def _codes(_case: Case) -> Collection[str]:
    return ("item-limits", "tax-calculator")


SETTINGS: Final = SchemaSupport(
    name="fees: settings",
    recognises=schema_is("ofn-fees/fee-settings/1"),
    cases=listed_cases,
    expect=_expect,
    run=_run,
    codes=_codes,
)
