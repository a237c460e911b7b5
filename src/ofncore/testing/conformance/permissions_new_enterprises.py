"""Cases of grants that come with a new enterprise."""

from collections.abc import Collection
from typing import Final

from ofncore.kernel.policies import Profile
from ofncore.permissions.granting import grants_of_new_enterprise
from ofncore.testing.conformance.cases import Case, Json, SchemaSupport, Side, listed_cases, schema_is
from ofncore.testing.conformance.permissions_loading import enterprise


def expect_grants(case: Case, side: Side) -> Json:
    """Return the grants that the new enterprise of *case* must bring."""
    overlay = case.get("product") if side is Side.PRODUCT else None
    given = overlay["expected"] if overlay else case["expected"]
    return {f"{each['parent']} to {each['child']}": sorted(each["permissions"]) for each in given}


def run_creation(case: Case, _profile: Profile) -> Json:
    """Return the grants that the new enterprise of *case* brings."""
    world = case["world"]
    known = [enterprise(each, world["users"]) for each in world["enterprises"]]
    [new] = [each for each in known if each.id == str(case["new_enterprise"])]
    grants = grants_of_new_enterprise(new, known)
    return {f"{each.grantor} to {each.grantee}": sorted(map(str, each.permissions)) for each in grants}


def codes_of_creation(case: Case) -> Collection[str]:
    """Return the codes of the overlay of *case*."""
    codes: Collection[str] = (case.get("product") or {}).get("codes", ())
    return codes


NEW_ENTERPRISES: Final = SchemaSupport(
    name="permissions: new enterprises",
    recognises=schema_is("ofn-permissions/new_enterprises/1"),
    cases=listed_cases,
    expect=expect_grants,
    run=run_creation,
    codes=codes_of_creation,
    overlays=codes_of_creation,
)
