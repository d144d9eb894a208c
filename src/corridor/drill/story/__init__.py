"""What happens to the invented people, stage by stage, as notes that devices record."""
