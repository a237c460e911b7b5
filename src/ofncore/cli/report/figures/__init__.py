"""What a report and the tables of the demo tell, taken from an exported state."""
