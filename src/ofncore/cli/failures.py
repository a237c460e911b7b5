"""Why a command ends with exit code 1."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ofncore.kernel.refusals import Refusal


class CommandFailedError(Exception):
    """A command cannot be done; *refusal* says why.

    Args:
        refusal: What was refused, or cannot be used.
        source: The file whose content was refused; its problems are told with their paths.
        is_of_output: The output itself cannot be written to.
    """

    def __init__(self, refusal: "Refusal", *, source: str | None = None, is_of_output: bool = False) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
        self.source = source
        self.is_of_output = is_of_output
