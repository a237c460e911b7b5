"""Making an enterprise: who owns it, what it sells at first, and which grants come with it.

Source:
    PERM-6 (new enterprise), PERM-8 (enterprise: create), PERM-11 (what a new one sells).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import attrs

from ofncore.kernel.actors import Actor
from ofncore.kernel.arguments import check_type
from ofncore.kernel.codes import Code
from ofncore.kernel.fingerprints import fingerprint
from ofncore.kernel.ids import EnterpriseId, UserId
from ofncore.kernel.policies import PRODUCT, Profile
from ofncore.kernel.refusals import Problem, Refusal, problem
from ofncore.kernel.texts import LONGEST_ID, text_problems
from ofncore.model.enterprise import Address, Enterprise, Sells, ShopSettings
from ofncore.model.event import EnterpriseCreated, Event
from ofncore.model.grant import PermissionGrant
from ofncore.permissions.actions import EnterpriseAction, ScreenAction
from ofncore.permissions.asking import check
from ofncore.permissions.granting import GrantPlan, grant_changed, grants_of_new_enterprise
from ofncore.permissions.relations import Relations
from ofncore.permissions.resources import ResourceKind, resource
from ofncore.permissions.screens import Screen
from ofncore.permissions.snapshot import Snapshot


@attrs.frozen(kw_only=True)
class EnterpriseRequest:
    """An enterprise to be made. What is not about roles is as in `ofncore.model.enterprise.Enterprise`.

    Raises:
        ValueError: the text of what it sells names nothing.
        TypeError: a field is of another type.
    """

    #: Chosen by the caller, unique for each enterprise: the same key always means the same one. It becomes its id.
    key: str
    #: Not blank.
    name: str
    #: None is whoever asks; only an administrator names somebody else.
    owner: UserId | None = None
    is_producer: bool = False
    #: None is what PERM-11 says; only an administrator names something else.
    sells: Sells | None = attrs.field(default=None, converter=attrs.converters.optional(Sells))
    #: ISO 4217 code of all its prices.
    currency: str
    #: Name in the IANA time zone database.
    time_zone: str
    locale: str = "en"
    #: Needed by one that sells (ORD-K1).
    order_code_prefix: str | None = None
    email: str | None = None
    phone: str | None = None
    address: Address = attrs.field(factory=Address)
    charges_sales_tax: bool = True
    shop: ShopSettings = attrs.field(factory=ShopSettings)

    def __attrs_post_init__(self) -> None:
        check_type(str, key=self.key, name=self.name)
        check_type(str, currency=self.currency, time_zone=self.time_zone, locale=self.locale)
        check_type(str | None, owner=self.owner, order_code_prefix=self.order_code_prefix)
        check_type(str | None, email=self.email, phone=self.phone)
        check_type(bool, is_producer=self.is_producer, charges_sales_tax=self.charges_sales_tax)
        check_type(Address, address=self.address)
        check_type(ShopSettings, shop=self.shop)

    @property
    def fingerprint(self) -> str:
        """The same text for the same request, and another one for every other."""
        return fingerprint(attrs.asdict(self))


@attrs.frozen(kw_only=True)
class NewEnterprisePlan:
    """An enterprise that will be, and what comes with it."""

    enterprise: Enterprise
    #: To and from the other enterprises of its owner.
    grants: tuple[PermissionGrant, ...]
    events: tuple[Event, ...]


def _no_flaws(_new: Enterprise) -> tuple[Problem, ...]:
    return ()


def plan_enterprise(
    request: EnterpriseRequest,
    snapshot: Snapshot,
    *,
    actor: Actor,
    now: datetime,
    profile: Profile = PRODUCT,
    flaws: Callable[[Enterprise], Iterable[Problem]] = _no_flaws,
) -> NewEnterprisePlan | Refusal:
    """Decide the new enterprise of *request*, all or nothing. *snapshot* holds every enterprise of the network.

    Anybody with an account makes one, owns it and is its only manager; an administrator may name another owner. If
    nothing else is asked for, one that is no producer and whose owner has a hub already is a hub too, and every other
    sells nothing. *flaws* tells what is wrong with the record itself, such as its currency or its prefix.

    Returns:
        The plan; or a refusal: the actor has no account (`NOT_ALLOWED`), or is no administrator and names another owner
        or asks to sell something else (`NOT_ALLOWED`); the owner is not known (`UNKNOWN_RECORD`), the key cannot be an
        id or is one already (`KEY_REUSED`), the name is blank (`ENTERPRISE_UNNAMED`); or any of *flaws*.
    """
    wrong = tuple(_not_allowed(request, snapshot, actor, profile))
    if wrong:
        return Refusal(wrong)
    relations = snapshot.relations
    new = _enterprise(request, actor, relations)
    wrong = (*_problems(request, new, snapshot, actor, profile), *flaws(new))
    if wrong:
        return Refusal(wrong)
    grants = grants_of_new_enterprise(new, relations.enterprises.values())
    created = EnterpriseCreated(enterprise=new.id, owner=new.owner, request=request.fingerprint, actor=actor, at=now)
    given = (grant_changed(GrantPlan.giving(each), actor=actor, now=now) for each in grants)
    return NewEnterprisePlan(enterprise=new, grants=grants, events=(created, *given))


def _not_allowed(request: EnterpriseRequest, snapshot: Snapshot, actor: Actor, profile: Profile) -> Iterator[Problem]:
    screen = resource(ResourceKind.SCREEN, Screen.NEW_ENTERPRISE)
    yield from check(actor, ScreenAction.OPEN, screen, snapshot, profile).problems
    yield from text_problems("$.key", request.key, 1, LONGEST_ID)


def _enterprise(request: EnterpriseRequest, actor: Actor, relations: Relations) -> Enterprise:
    owner = UserId(actor.id) if request.owner is None else request.owner
    asked = attrs.asdict(request, recurse=False)
    del asked["key"]
    sells = _first_sells(owner, relations, is_producer=request.is_producer) if request.sells is None else request.sells
    return Enterprise(**(asked | {"owner": owner, "sells": sells}), id=EnterpriseId(request.key), managers=(owner,))


def _first_sells(owner: UserId, relations: Relations, *, is_producer: bool) -> Sells:
    owned = (relations.enterprises[each] for each in relations.owned_by(owner))
    return Sells.ANY if not is_producer and any(each.is_hub for each in owned) else Sells.NONE


def _problems(
    request: EnterpriseRequest, new: Enterprise, snapshot: Snapshot, actor: Actor, profile: Profile
) -> Iterator[Problem]:
    relations = snapshot.relations
    if new.id in relations.enterprises:
        yield problem(Code.KEY_REUSED, "$.key", key=new.id)
    if not new.name.strip():
        yield problem(Code.ENTERPRISE_UNNAMED, "$.name")
    yield from _owner_problems(new, snapshot, actor, profile)
    first = _first_sells(new.owner, relations, is_producer=new.is_producer)
    if request.sells not in (None, first) and not relations.is_admin(actor):
        yield problem(Code.NOT_ALLOWED, "$.sells", action=EnterpriseAction.TRANSFER)


def _owner_problems(new: Enterprise, snapshot: Snapshot, actor: Actor, profile: Profile) -> Iterator[Problem]:
    """Who names an owner hands it over; so it is for who could do that with the enterprise as it would be."""
    relations = snapshot.relations
    made = snapshot.with_relations(attrs.evolve(relations, enterprises={**relations.enterprises, new.id: new}))
    asked = resource(ResourceKind.ENTERPRISE, new.id)
    decision = check(actor, EnterpriseAction.TRANSFER, asked, made, profile)
    if not decision.allowed:
        yield problem(Code.NOT_ALLOWED, "$.owner", action=EnterpriseAction.TRANSFER)
    elif new.owner not in relations.users:
        yield problem(Code.UNKNOWN_RECORD, "$.owner", kind="user", id=new.owner)
