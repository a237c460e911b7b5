"""The notifier: whoever really carries messages."""

from typing import Protocol

from ofncore.model.message import Message


class Notifier(Protocol):
    """Carries messages out.

    The outbox calls it for each message until it succeeds, so a message may be handed over twice after a crash: the
    message's id is to be used as the mail's own id, and a repeat of it should leave one message. Called outside any
    unit of work.
    """

    def send(self, message: Message) -> str | None:
        """Hand *message* over. Return None if it was taken, or a short reason why not; it is tried again later."""
