"""How good are forecasts of a daily series, made from what was known on each day?"""
