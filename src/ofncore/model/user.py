"""Users: people with an account."""

import attrs

from ofncore.kernel.ids import UserId


@attrs.frozen(kw_only=True)
class User:
    """A person with an account. What they may do follows from the enterprises they manage."""

    id: UserId
    name: str
    email: str
    #: Administrators manage every enterprise.
    is_admin: bool = False
    locale: str = "en"
