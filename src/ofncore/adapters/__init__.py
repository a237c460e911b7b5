"""What stands behind the ports: storage in memory or in SQL, carriers of messages, payment gateways."""
