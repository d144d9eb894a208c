"""What happened: events, wire format, chains and signatures, intake, double entry, stores."""
