"""What is put on paper: sheets set by typst from facts, with fonts for Latin, Cyrillic and Arabic that come with us."""
