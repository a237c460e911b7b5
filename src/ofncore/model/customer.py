"""Customers: one enterprise's record of a buyer."""

from collections.abc import Iterable
from enum import StrEnum

import attrs

from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import CustomerId, EnterpriseId, UserId
from ofncore.kernel.tags import Tag, normal_tags
from ofncore.model.enterprise import Address


class Consent(StrEnum):
    """What a customer agreed to, for one shop."""

    #: The shop may charge the saved card without asking each time (SUB-14).
    CHARGE_SAVED_CARD = "charge_saved_card"
    #: The shop may write to the customer. Without it, or without an address, nothing is sent (ORD-B2).
    RECEIVE_MAIL = "receive_mail"


def _distinct(names: Iterable[Consent]) -> tuple[Consent, ...]:
    return tuple(sorted(set(names)))


@attrs.frozen(kw_only=True)
class Customer:
    """A buyer as known to one enterprise. Contact is e-mail, phone, or nothing at all (ORD-B2)."""

    id: CustomerId
    enterprise: EnterpriseId
    first_name: str = ""
    last_name: str
    email: str | None = None
    phone: str | None = None
    #: The account of the buyer, if there is one.
    user: UserId | None = None
    tags: tuple[Tag, ...] = attrs.field(default=(), converter=normal_tags)
    consents: tuple[Consent, ...] = attrs.field(
        default=(), converter=_distinct, validator=attrs.validators.deep_iterable(choice_of(Consent))
    )
    locale: str = "en"
    address: Address = attrs.field(factory=Address)
    #: Token of the card saved at the payment provider; never a card number.
    saved_card: str | None = None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_contactable(self) -> bool:
        """A message may be handed to the mail port for this customer (ORD-B2)."""
        return self.email is not None and Consent.RECEIVE_MAIL in self.consents
