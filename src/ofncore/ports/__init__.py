"""What a host provides: repositories in a unit of work, a payment gateway, a notifier, a clock."""
