"""Vessels that go back and forth between docks until everybody is ashore."""
