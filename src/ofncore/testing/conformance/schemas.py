"""Every schema that can be run. A module for one more schema is added here."""

from typing import Final

from ofncore.testing.conformance.cases import SchemaSupport
from ofncore.testing.conformance.fees_calculators import CALCULATORS
from ofncore.testing.conformance.fees_cycles import CYCLES
from ofncore.testing.conformance.fees_lives import LIVES
from ofncore.testing.conformance.fees_settings import SETTINGS
from ofncore.testing.conformance.fees_tax import TAX
from ofncore.testing.conformance.fees_unit_prices import UNIT_PRICES
from ofncore.testing.conformance.permissions_checkout import CHECKOUT
from ofncore.testing.conformance.permissions_edits import EDITS
from ofncore.testing.conformance.permissions_examples import EXAMPLES
from ofncore.testing.conformance.permissions_new_enterprises import NEW_ENTERPRISES
from ofncore.testing.conformance.permissions_relationships import RELATIONSHIPS
from ofncore.testing.conformance.permissions_worlds import WORLDS

SUPPORTED: Final[tuple[SchemaSupport, ...]] = (
    CALCULATORS,
    CYCLES,
    LIVES,
    SETTINGS,
    TAX,
    UNIT_PRICES,
    CHECKOUT,
    EDITS,
    EXAMPLES,
    NEW_ENTERPRISES,
    RELATIONSHIPS,
    WORLDS,
)
