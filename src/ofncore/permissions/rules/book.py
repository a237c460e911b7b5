"""The rules: which action may be asked of which kind of thing, and who may do it. What is not here is never allowed."""

from types import MappingProxyType
from typing import Final

from ofncore.permissions.rules.cycle_rules import CYCLE_RULES, EXCHANGE_RULES
from ofncore.permissions.rules.order_rules import LINE_RULES, ORDER_RULES
from ofncore.permissions.rules.record_rules import ENTERPRISE_RULES, PRODUCT_RULES, RECORD_RULES, SCREEN_RULES
from ofncore.permissions.rules.rule import Rules

#: Every rule there is, by kind of thing and action.
RULES: Final[Rules] = MappingProxyType(
    {
        **ENTERPRISE_RULES,
        **RECORD_RULES,
        **PRODUCT_RULES,
        **CYCLE_RULES,
        **EXCHANGE_RULES,
        **ORDER_RULES,
        **LINE_RULES,
        **SCREEN_RULES,
    }
)
