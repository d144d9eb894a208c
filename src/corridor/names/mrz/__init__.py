"""What does a machine-readable zone say, what is wrong with it, and how is one written? After ICAO Doc 9303.

`reading.read` reads a zone as typed or scanned; `checking.wrong_digits` only checks its digits; `repairs.repairs`
offers what a scanner may have confused; a person confirms every field of a `Reading` before it becomes a `Document`;
`writing.write` makes a zone; `spelling` writes a name of any script in the zone's letters and back.
"""
