"""What is believed about the road's pace, before and after what was seen? Closed forms, one module a kind."""
