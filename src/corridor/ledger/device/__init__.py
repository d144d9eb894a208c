"""What a device makes: keys and signatures, the wire format, its own chain of batches."""
