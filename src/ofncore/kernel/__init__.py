"""What every rule stands on: money, instants, ids, actors, refusals and their texts, policies."""
