"""Who may act on an order (ORD-6, ORD-O24, ORD-B4, PERM-8)."""

import pytest

from ofncore.kernel.actors import ENGINE, Actor
from ofncore.kernel.codes import Code
from ofncore.kernel.refusals import problem
from ofncore.permissions.actions import OrderAction
from ofncore.permissions.decisions import Decision
from ofncore.permissions.order_scope import check_order, is_buyer, is_staff
from ofncore.testing.worlds import customer
from permissions.actors import AMELIE, CYCLE, HUB, MARKET, MONA, NOBODY, PAUL, ROOT, relations

#: A customer of ``market`` with an account, in a cycle that ``hub`` coordinates.
CAMILLE = customer("camille", enterprise=MARKET, user="nobody")
#: One without.
ANNA = customer("anna", enterprise=MARKET)

each_action = pytest.mark.parametrize("action", OrderAction)
staff = pytest.mark.parametrize("actor", [AMELIE, MONA, ROOT], ids=str)


def decide(actor: Actor, action: OrderAction, whose: str = "camille") -> Decision:
    """Decide about an order of one of the two customers."""
    buyer = CAMILLE if whose == "camille" else ANNA
    return check_order(actor, action, relations(), customer=buyer, distributor=MARKET, cycle=CYCLE, key="order-1")


@each_action
@staff
def test_staff_of_the_distributor_and_of_the_coordinator_do_everything(actor: Actor, action: OrderAction) -> None:
    assert decide(actor, action).allowed
    assert is_staff(actor, relations(), distributor=MARKET, coordinator=HUB)


@each_action
def test_the_engine_does_everything_and_is_no_staff(action: OrderAction) -> None:
    assert decide(ENGINE, action).allowed
    assert not is_staff(ENGINE, relations(), distributor=MARKET, coordinator=HUB)


@each_action
def test_the_buyer_takes_changes_and_cancels_and_does_nothing_else(action: OrderAction) -> None:
    expected = action in (OrderAction.TAKE, OrderAction.CHANGE, OrderAction.CANCEL)
    assert decide(NOBODY, action).allowed == expected
    assert decide(Actor.customer("anna"), action, "anna").allowed == expected


@each_action
@pytest.mark.parametrize("actor", [PAUL, Actor.customer("ben"), Actor.user("unheard-of")], ids=str)
def test_a_producer_or_another_buyer_does_nothing(actor: Actor, action: OrderAction) -> None:
    assert not decide(actor, action).allowed
    assert not decide(actor, action, "anna").allowed


@each_action
def test_a_user_is_not_the_customer_of_the_same_name(action: OrderAction) -> None:
    assert not decide(Actor.user("anna"), action, "anna").allowed
    assert not decide(Actor.customer("nobody"), action).allowed


def test_a_buyer_is_known_by_account_or_by_secret_link() -> None:
    assert is_buyer(NOBODY, CAMILLE)
    assert is_buyer(Actor.customer("camille"), CAMILLE)
    assert not is_buyer(ENGINE, CAMILLE)
    assert not is_buyer(Actor.user("stranger"), ANNA)


def test_a_no_names_whom_one_must_manage_each_once() -> None:
    refused = decide(PAUL, OrderAction.TAKE)
    names = ("Market", "Hub")
    assert refused.problems == (problem(Code.NEEDS_MANAGER, action=OrderAction.TAKE, enterprises=names),)
    assert refused.rules == ("ORD-6", "ORD-O24", "PERM-8")
    alone = check_order(PAUL, OrderAction.TAKE, relations(), customer=ANNA, distributor=HUB, cycle=CYCLE, key="order-1")
    assert alone.problems[0].parameters["enterprises"] == ("Hub",)
