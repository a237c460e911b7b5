"""A notifier that writes each message as a mail file into a folder."""

import hashlib
import os
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from ofncore.model.message import Message


class MailFolder:
    """Writes one ``.eml`` file for each message, named by its instant, its kind and its id.

    A repeat writes the same file again, so one message is one file. A file is complete or absent.
    """

    def __init__(self, folder: Path, *, sender: str = "noreply@localhost") -> None:
        self._folder = folder
        self._sender = sender

    def send(self, message: Message) -> str | None:
        """Write *message*; return why not if the folder cannot be written to."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / file_name(message)
            draft = path.with_suffix(".part")
            draft.write_bytes(as_mail(message, self._sender).as_bytes())
            os.replace(draft, path)  # noqa: PTH105 - replaces atomically on every system
        except OSError as error:
            return f"{type(error).__name__}: {error.strerror}"
        return None


def file_name(message: Message) -> str:
    """Return the file name of *message*: it sorts by instant and holds nothing but plain characters."""
    digest = hashlib.sha256(message.id.encode()).hexdigest()[:12]
    return f"{message.at:%Y%m%dT%H%M%SZ}-{message.kind}-{digest}.eml"


def as_mail(message: Message, sender: str) -> EmailMessage:
    """Return *message* as a mail; its Message-ID comes from the message's own id."""
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = f"<{hashlib.sha256(message.id.encode()).hexdigest()}@ofncore>"
    mail["Date"] = format_datetime(message.at)
    mail["From"] = sender
    mail["To"] = message.to or ""
    if message.reply_to:
        mail["Reply-To"] = message.reply_to
    mail["Subject"] = message.subject
    mail["Content-Language"] = message.locale
    mail.set_content(message.body)
    return mail
