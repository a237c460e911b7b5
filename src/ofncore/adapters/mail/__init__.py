"""Notifiers."""

from ofncore.adapters.mail.folder import DEFAULT_SENDER, MailFolder
from ofncore.adapters.mail.kept import KeptMail

__all__ = ["DEFAULT_SENDER", "KeptMail", "MailFolder"]
