"""For tests, the library's own and those of hosts.

`worlds` builds records with defaults, `strategies` draws random ones, `random_worlds` and `random_lives` make whole
worlds and live in them, `contracts` holds the suites that every adapter of a port must pass, `laws` the one that every
calculator must, `conformance` runs recorded cases of Open Food Network.
"""
