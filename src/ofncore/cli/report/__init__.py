"""The report of a network: one page for a hub manager, made from an exported state.

`page.render_report` makes it; the numbers in it are from `figures`, the pictures from `drawings`.
"""
