"""Order lines made of the catalogue: what is frozen when an order is placed.

Source:
    ORD-O5, FEE-6.
"""

from ofncore.model.order import OrderLine
from ofncore.model.product import Product, Variant


def make_line(variant: Variant, product: Product, quantity: int, *, wanted: int | None = None) -> OrderLine:
    """Return a line of *quantity* of *variant*, with today's names, price and tax category, without fees.

    *wanted* is what was asked for, if it could not all be had.
    """
    return OrderLine(
        variant=variant.id,
        supplier=variant.supplier,
        product_name=product.name,
        variant_name=variant.name,
        quantity=quantity,
        wanted=quantity if wanted is None else wanted,
        price=variant.price,
        tax_category=variant.tax_category,
    )


def full_name(variant: Variant, product: Product) -> str:
    """Return the name people know *variant* by."""
    return product_label(product.name, variant.name)


def product_label(product_name: str, variant_name: str) -> str:
    """Return the name people know a variant by."""
    return f"{product_name} {variant_name}".strip()
