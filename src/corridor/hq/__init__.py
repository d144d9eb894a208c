"""The headquarters in the browser: pages that read the book through the board and know no rule of their own."""
