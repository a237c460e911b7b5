"""The report of a network: one page for a hub manager, made from an exported state."""

from ofncore.cli.report.attempts import RefusedAttempt

__all__ = ["RefusedAttempt"]
