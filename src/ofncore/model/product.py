"""Products and their variants. Only variants are sold."""

from decimal import Decimal
from enum import StrEnum

import attrs

from ofncore.kernel import exact_numbers
from ofncore.kernel.choices import choice_of
from ofncore.kernel.ids import EnterpriseId, ProductId, TaxCategoryId, VariantId
from ofncore.kernel.money import Money
from ofncore.kernel.tags import Tag, normal_tags


class Measure(StrEnum):
    """What a variant is measured in."""

    #: `unit_value` is in grams.
    WEIGHT = "weight"
    #: `unit_value` is in litres.
    VOLUME = "volume"
    #: `unit_value` is a number of pieces.
    ITEMS = "items"


@attrs.frozen(kw_only=True)
class Product:
    """What variants have in common."""

    id: ProductId
    name: str
    description: str = ""


@attrs.frozen(kw_only=True)
class Variant:
    """What is sold: a product in one size, from one supplier, at one price."""

    id: VariantId
    product: ProductId
    supplier: EnterpriseId
    #: What tells it from the product's other variants, such as "bunch"; may be empty.
    name: str = ""
    #: Price of one, without any fee; with included tax in it.
    price: Money = attrs.field(validator=exact_numbers.money)
    measure: Measure = attrs.field(default=Measure.ITEMS, validator=choice_of(Measure))
    #: Size of one: grams, litres or pieces, by `measure`.
    unit_value: Decimal = attrs.field(default=Decimal(1), validator=exact_numbers.above_zero)
    #: Name of a piece, for `Measure.ITEMS`, such as "egg".
    unit_name: str = ""
    #: Weight of one in kg, for what is not sold by weight.
    weight_kg: Decimal | None = attrs.field(default=None, validator=exact_numbers.not_negative)
    tax_category: TaxCategoryId | None = None
    sku: str = ""
    tags: tuple[Tag, ...] = attrs.field(default=(), converter=normal_tags)
    #: Withdrawn for good; kept because old orders name it.
    deleted: bool = False
