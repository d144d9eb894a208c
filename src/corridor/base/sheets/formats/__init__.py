"""How do the bytes of each format become rows? One module a format, each giving `header.Grid`."""
