"""Notifiers."""

from ofncore.adapters.mail.folder import MailFolder
from ofncore.adapters.mail.kept import KeptMail

__all__ = ["KeptMail", "MailFolder"]
