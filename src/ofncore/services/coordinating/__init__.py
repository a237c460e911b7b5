"""What coordinators do with cycles, in one unit of work each."""
