"""A notifier that writes each message as a mail file into a folder."""

import hashlib
import os
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from secrets import token_hex
from typing import Final

from ofncore.model.message import Message

#: Whom letters are from unless their host says otherwise: nobody who reads answers. Those go to Reply-To.
DEFAULT_SENDER: Final = "ofncore <noreply@localhost>"

_DRAFT: Final = ".part"
#: How often a draft is written anew; more than there are processes that begin in the same moment.
_TRIES: Final = 10
#: In bytes; a longer line is not allowed in a mail (RFC 5322, 2.1.1).
_LONGEST_LINE: Final = 998


class MailFolder:
    """Writes one ``.eml`` file for each message, named by its instant, its kind and its id.

    A repeat writes the same file again, so one message is one file, also when two processes write it at once. A file
    is complete or absent. The draft of a process that was killed is removed by the next one that writes.
    """

    def __init__(self, folder: Path, *, sender: str = DEFAULT_SENDER) -> None:
        self._folder = folder
        self._sender = sender
        self._is_tidy = False

    def send(self, message: Message) -> str | None:
        """Write *message*; return why not if the folder cannot be written to."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._remove_drafts()
            self._write(file_name(message), as_mail(message, self._sender).as_bytes())
        except OSError as error:
            return f"{type(error).__name__}: {error.strerror}"
        return None

    def _write(self, name: str, content: bytes) -> None:
        for tries_left in reversed(range(_TRIES)):
            draft = self._folder / f"{name}.{token_hex(4)}{_DRAFT}"
            draft.write_bytes(content)
            try:
                os.replace(draft, self._folder / name)  # noqa: PTH105 - replaces atomically on every system
            except FileNotFoundError:
                # A process that has just begun took the draft for one that was left behind.
                if not tries_left:
                    raise
            else:
                return

    def _remove_drafts(self) -> None:
        if not self._is_tidy:
            for draft in self._folder.glob(f"*.eml.*{_DRAFT}"):
                draft.unlink(missing_ok=True)
            self._is_tidy = True


def file_name(message: Message) -> str:
    """Return the file name of *message*: it sorts by instant and holds nothing but plain characters."""
    digest = hashlib.sha256(message.id.encode()).hexdigest()[:12]
    return f"{message.at:%Y%m%dT%H%M%SZ}-{message.kind}-{digest}.eml"


def as_mail(message: Message, sender: str) -> EmailMessage:
    """Return *message* as a mail that can be read as text; its Message-ID comes from the message's own id."""
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = f"<{hashlib.sha256(message.id.encode()).hexdigest()}@ofncore>"
    mail["Date"] = format_datetime(message.at)
    mail["From"] = sender
    mail["To"] = message.to or ""
    if message.reply_to:
        mail["Reply-To"] = message.reply_to
    mail["Subject"] = message.subject
    mail["Content-Language"] = message.locale
    mail.set_content(message.body, cte=_encoding(message.body))
    return mail


def _encoding(body: str) -> str:
    longest = max(map(len, body.encode().splitlines()), default=0)
    return "8bit" if longest <= _LONGEST_LINE else "quoted-printable"
