"""How boards fold: only whom they are asked about, and only what is new since the board before."""
