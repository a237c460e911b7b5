"""A notifier that keeps messages in memory."""

from ofncore.model.message import Message


class KeptMail:
    """Keeps each message once, by its id, in the order in which they came."""

    def __init__(self) -> None:
        self.messages: dict[str, Message] = {}

    def send(self, message: Message) -> str | None:
        """Keep *message*; a repeat of it leaves one."""
        self.messages.setdefault(message.id, message)
        return None
