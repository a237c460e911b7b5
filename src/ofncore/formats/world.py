"""World files: what a network of enterprises has agreed on, as one JSON document."""

from typing import Final

from ofncore.formats.documents import DocumentForm, as_text, read_as, write_as
from ofncore.formats.world_checks import WORLD_CHECKS, check_chosen_methods, check_offered_methods
from ofncore.kernel.refusals import Refusal
from ofncore.model.world import World

#: The format of world files.
WORLD_FORM: Final = DocumentForm(
    format="ofncore-world",
    root=World,
    derived={},
    checks=(*WORLD_CHECKS, check_offered_methods, check_chosen_methods),
)


def read_world(source: object) -> World | Refusal:
    """Read a world from JSON text, from UTF-8 bytes, or from data that was parsed already.

    Every problem is reported at once, in document order, with its path.

    Refusals:
        Those of the sections "Documents" of `ofncore.kernel.codes`; CLOSES_BEFORE_OPENING, VARIANT_NOT_INCOMING,
        DUPLICATE_LINE, CUSTOMER_OF_OTHER_SHOP, METHOD_NOT_OFFERED, NOT_DISTRIBUTOR.

    Source:
        CYC-1, CYC-4, CYC-9, FEE-4, ORD-K1, ORD-K6a, ORD-Q5, PERM-1, SUB-5.
    """
    return read_as(source, (WORLD_FORM,), World)


def write_world(world: World) -> str:
    """Return the JSON text of *world*: the same for the same world, with its lists sorted by id."""
    return as_text(write_as(WORLD_FORM, world))
