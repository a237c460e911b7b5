"""Use cases: load through ports, decide by rules, store the plan. The only place that both decides and writes."""
