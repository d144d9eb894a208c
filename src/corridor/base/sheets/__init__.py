"""What does a messy table say? CSV, XLSX and JSON lines read into clean typed rows with exact positions.

The way through: `reader.read_sheets` (bytes to sheets), `mapping.guess_mapping` (which column is what),
`rows.read_people`, `rows.read_list`, `rows.read_events` (sheets to typed rows, bad cells and skipped rows).
"""
