"""`corridor forecast` answers people and machines, and names what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_backtest_of_a_series(run: Run, tmp_path: Path) -> None:
    """A series is scored at three horizons beside two rivals; a bad row is named and the others go on."""
    rows = [f"2023-{1 + n // 28:02d}-{1 + n % 28:02d},{100 + 37 * n % 50},arrivals,," for n in range(28)]
    file = tmp_path / "series.csv"
    file.write_text(
        "\n".join(["date,count,kind,note,source_url", *rows, "2023-02-01,many,arrivals,,"]), encoding="utf-8"
    )
    ran = run("forecast", "backtest", file, "--json")
    assert ran.code == 0
    assert f"{file}, row 30, column count: 'many' is not a count of people." in ran.err
    horizons = ran.json["horizons"]
    assert [(days, horizons[days]["matured"]) for days in horizons] == [("1", 21), ("7", 15), ("14", 8)]
    assert horizons["1"]["poisson"]["matured"] == 21
    assert sum(horizons["1"]["pit"]) == 21
    assert not horizons["7"]["judged"]
    one = horizons["7"]["forecasts"][0]
    assert (one["issued"], one["happened"]) == ("2023-01-07", sum(100 + 37 * n % 50 for n in range(7, 14)))
    assert one["p10"] < one["p50"] < one["p90"]
    table = run("forecast", "backtest", file).out
    assert "28 days of arrivals, 2023-01-01 to 2023-01-28" in table
    assert "too few to judge: 15 of 20" in table


def test_backtest_says_too_short(run: Run, tmp_path: Path) -> None:
    """A series in which no forecast can mature is too short: exit code 1, also for a machine; no file: exit code 2."""
    file = tmp_path / "short.csv"
    file.write_text("date,count\n2023-01-01,5\n2023-01-02,6\n", encoding="utf-8")
    ran = run("forecast", "backtest", file)
    assert ran.code == 1
    assert "Too short: 2 days of count have a figure." in ran.err
    told = run("forecast", "backtest", file, "--json")
    assert (told.code, told.json["says"][:9]) == (1, "Too short")
    assert run("forecast", "backtest", tmp_path / "none.csv").code == 2
