"""How long the price book takes for a long price list, and how much memory.

    python3 dev.py bench

Everything is a ratio taken in one process, the best of many rounds in turn, in CPU time. What is compared:

- *loop*: a straight-line loop over the same variants with the arithmetic of all fees inlined, from price to total.
- *bare*: the same arithmetic as one comprehension over prices that are whole numbers already: the limit of Python.
- *naive*: each fee's calculator asked about each variant, one line at a time.
- *totals*: `unit_totals`, the prices with fees and nothing else.
- *book*: `price_book`, every fee of every variant kept, as columns of numbers.

Each way is checked against the others before it is timed.
"""

import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random

from ofncore.fees.calculators import FlatPercentPerItem, PerItem, Weight
from ofncore.fees.price_book import price_book, unit_totals
from ofncore.fees.terms import PricingTerms
from ofncore.fees.weights import chargeable_line
from ofncore.kernel.money import Money, round_fraction
from ofncore.model.calculator import Calculator
from ofncore.model.product import Measure, Variant
from ofncore.testing import worlds

VARIANTS = 10_000
SIZES = (100, 1_000, 10_000, 100_000)
ROUNDS = 15
#: How many times the loop may take: for totals, and with full breakdowns.
MOST_FOR_TOTALS = 2
MOST_FOR_BOOK = 6

Run = Callable[[], object]


def percent(text: str) -> Calculator:
    return FlatPercentPerItem(flat_percent=Decimal(text))


def per_item(text: str) -> Calculator:
    return PerItem(amount=Decimal(text))


#: The fees of each case.
FEES: dict[str, list[Calculator]] = {
    "1 fee": [percent("12.50")],
    "3 fees": [percent("12.50"), percent("3.33"), per_item("0.15")],
    "6 fees": [percent("12.50"), percent("3.33"), percent("8"), percent("5.25"), per_item("0.15"), per_item("0.07")],
    "3 fees, 20 suppliers": [percent("12.50"), percent("3.33"), per_item("0.15")],
    "3 fees, one by weight": [percent("12.50"), per_item("0.15"), Weight(per_unit=Decimal("0.40"))],
}


# ---------------------------------------------------------------- the straight lines


def loop_1(variants: Sequence[Variant]) -> list[int]:
    totals = []
    for variant in variants:
        price = variant.price.minor
        totals.append(price + (price * 1250 + 5000) // 10000)
    return totals


def loop_3(variants: Sequence[Variant]) -> list[int]:
    totals = []
    for variant in variants:
        price = variant.price.minor
        totals.append(price + (price * 1250 + 5000) // 10000 + (price * 333 + 5000) // 10000 + 15)
    return totals


def loop_6(variants: Sequence[Variant]) -> list[int]:
    totals = []
    for variant in variants:
        price = variant.price.minor
        totals.append(
            price
            + (price * 1250 + 5000) // 10000
            + (price * 333 + 5000) // 10000
            + (price * 800 + 5000) // 10000
            + (price * 525 + 5000) // 10000
            + 15
            + 7
        )
    return totals


def loop_weight(variants: Sequence[Variant]) -> list[int]:
    totals = []
    for variant in variants:
        price = variant.price.minor
        # 0.40 a kilogram, for sizes in whole grams.
        by_weight = (int(variant.unit_value) * 40 + 500) // 1000
        totals.append(price + (price * 1250 + 5000) // 10000 + 15 + by_weight)
    return totals


def loop_suppliers(variants: Sequence[Variant]) -> list[int]:
    """Each supplier has a fee of its own, here always the same, so it must be looked up."""
    rates = {variant.supplier: (1250, 5000, 10000) for variant in variants}
    totals = []
    for variant in variants:
        price = variant.price.minor
        part, half, whole = rates[variant.supplier]
        totals.append(price + (price * part + half) // whole + (price * 333 + 5000) // 10000 + 15)
    return totals


def bare_1(prices: Sequence[int]) -> list[int]:
    return [price + (price * 1250 + 5000) // 10000 for price in prices]


def bare_3(prices: Sequence[int]) -> list[int]:
    return [price + (price * 1250 + 5000) // 10000 + (price * 333 + 5000) // 10000 + 15 for price in prices]


def bare_6(prices: Sequence[int]) -> list[int]:
    return [
        price
        + (price * 1250 + 5000) // 10000
        + (price * 333 + 5000) // 10000
        + (price * 800 + 5000) // 10000
        + (price * 525 + 5000) // 10000
        + 15
        + 7
        for price in prices
    ]


LOOPS = {
    "1 fee": loop_1,
    "3 fees": loop_3,
    "6 fees": loop_6,
    "3 fees, 20 suppliers": loop_suppliers,
    "3 fees, one by weight": loop_weight,
}
BARE = {"1 fee": bare_1, "3 fees": bare_3, "6 fees": bare_6}


def naive(variants: Sequence[Variant], calculators: Sequence[Calculator]) -> list[int]:
    totals = []
    for variant in variants:
        line = chargeable_line(variant, price=variant.price.minor, quantity=1)
        charges = (round_fraction(each.charge([line], minor_per_unit=100)) for each in calculators)
        totals.append(variant.price.minor + sum(charges))
    return totals


# ---------------------------------------------------------------- the shop


def shop(size: int, suppliers: int = 1) -> list[Variant]:
    """Return variants from 0.50 to 50.00, sold by weight in whole grams."""
    chance = Random(20260303)
    return [
        worlds.variant(
            f"variant-{number}",
            supplier=f"farm-{number % suppliers}",
            price=Money(chance.randint(50, 5_000), "EUR"),
            measure=Measure.WEIGHT,
            unit_value=Decimal(chance.randint(50, 3_000)),
        )
        for number in range(size)
    ]


def terms_of(variants: Sequence[Variant], calculators: Sequence[Calculator]) -> PricingTerms:
    """Return the terms of a hub that sells all *variants*.

    The first fee is charged by each supplier, each by a fee of its own; the others are the hub's.
    """
    keys: dict[str, list[str]] = {}
    for variant in variants:
        keys.setdefault(variant.supplier, []).append(variant.id)
    theirs = [worlds.fee(f"fee-of-{supplier}", calculator=calculators[0]) for supplier in keys]
    fees = [worlds.fee(f"fee-{number}", calculator=each) for number, each in enumerate(calculators[1:])]
    incoming = (
        worlds.incoming(supplier, *carried, fees=(fee.id,))
        for (supplier, carried), fee in zip(keys.items(), theirs, strict=True)
    )
    terms = PricingTerms(
        cycle=worlds.order_cycle(
            coordinator_fees=tuple(fee.id for fee in fees),
            incoming=tuple(incoming),
            outgoing=(worlds.outgoing("hub", *(variant.id for variant in variants)),),
        ),
        distributor=worlds.enterprise("hub"),
        fees={fee.id: fee for fee in (*theirs, *fees)},
    )
    # Gathered once for all price lists and orders of the cycle; timed by itself below.
    assert terms.cycle_fees is terms.cycle_fees
    return terms


# ---------------------------------------------------------------- measuring


def seconds(run: Run) -> float:
    gc.collect()
    gc.disable()
    start = time.process_time()
    run()
    spent = time.process_time() - start
    gc.enable()
    return spent


def best_of(runs: dict[str, Run], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the least CPU time of each way, all of them in turn in every round."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(rounds):
        for name, run in runs.items():
            best[name] = min(best[name], seconds(run))
    return best


def compare(case: str, variants: Sequence[Variant]) -> None:
    """Print the ratios of one case."""
    calculators = FEES[case]
    terms, prices = terms_of(variants, calculators), [variant.price.minor for variant in variants]
    runs: dict[str, Run] = {
        "loop": lambda: LOOPS[case](variants),
        "naive": lambda: naive(variants, calculators),
        "totals": lambda: unit_totals(terms, variants),
        "book": lambda: price_book(terms, variants),
    }
    if case in BARE:
        runs["bare"] = lambda: BARE[case](prices)
    expected = LOOPS[case](variants)
    assert naive(variants, calculators) == unit_totals(terms, variants) == expected
    assert case not in BARE or BARE[case](prices) == expected
    assert [price.with_fees.minor for price in price_book(terms, variants).values()] == expected
    best = best_of(runs)
    each = {name: spent / len(variants) * 1e9 for name, spent in best.items()}
    print(f"\n{case}, {len(variants)} variants; ns for each variant")
    print("  " + "  ".join(f"{name} {spent:.0f}" for name, spent in each.items()))
    for way, most in (("totals", MOST_FOR_TOTALS), ("book", MOST_FOR_BOOK)):
        ratio = best[way] / best["loop"]
        goal = f"goal {most}: {'met' if ratio <= most else 'MISSED'}" if case in BARE else "no goal"
        print(f"  {way:<6} / loop  {ratio:6.2f}   {goal}")
    print(f"  naive  / loop  {best['naive'] / best['loop']:6.2f}")
    if "bare" in best:
        print(f"  totals / bare  {best['totals'] / best['bare']:6.2f}")


def show_growth() -> None:
    """Print the time for each variant at growing sizes; a price list that is not linear would show it here."""
    print("\nGrowth with 3 fees; ns for each variant")
    for size in SIZES:
        variants = shop(size)
        terms = terms_of(variants, FEES["3 fees"])
        # So many lists in one timing that all sizes price equally many variants.
        times = max(1, VARIANTS // size)
        best = best_of(
            {
                "totals": lambda: [unit_totals(terms, variants) for _ in range(times)],  # noqa: B023 - run in this turn
                "book": lambda: [price_book(terms, variants) for _ in range(times)],  # noqa: B023 - as above
                "gathering the fees": lambda: terms_of(variants, FEES["3 fees"]),  # noqa: B023 - as above
            },
            rounds=7,
        )
        each = {name: spent / size / (1 if "fees" in name else times) * 1e9 for name, spent in best.items()}
        print(f"  {size:>7} variants: " + ", ".join(f"{name} {spent:.0f}" for name, spent in each.items()))


def show_memory(variants: Sequence[Variant]) -> None:
    """Print what one price book keeps, beside the variants and the terms, which are there already."""
    print(f"\nMemory, {len(variants)} variants; bytes for each variant")
    for case in ("1 fee", "3 fees", "6 fees"):
        terms = terms_of(variants, FEES[case])
        price_book(terms, variants)
        print(f"  {case}: totals {kept(lambda: unit_totals(terms, variants)) / len(variants):.0f}", end="")  # noqa: B023 - run in this turn
        print(f", book {kept(lambda: price_book(terms, variants)) / len(variants):.0f}")  # noqa: B023 - as above


def kept(make: Run) -> int:
    """Return how many bytes what is made keeps."""
    gc.collect()
    tracemalloc.start()
    made = make()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del made
    return size


def main() -> None:
    variants = shop(VARIANTS)
    for case in FEES:
        compare(case, shop(VARIANTS, suppliers=20) if "suppliers" in case else variants)
    show_growth()
    show_memory(variants)


if __name__ == "__main__":
    main()
