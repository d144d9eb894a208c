"""Forecasts as headquarters stands by them: what is believed by officers' word, and what was issued."""
