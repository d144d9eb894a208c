"""What headquarters tells: figures, claims beside them, the situation report."""
