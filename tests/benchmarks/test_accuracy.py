from pathlib import Path

import pytest

from tests.benchmarks.accuracy import analyse, main
from tests.benchmarks.simulator import SCENARIOS, simulate


@pytest.mark.slow
def test_the_command_prints_a_line_for_each_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    simulate(SCENARIOS["strong_separation"], units=8, seed=1).write(tmp_path / "east")

    main([str(tmp_path / "east")])

    line = capsys.readouterr().out.splitlines()[1]
    assert line.split()[:4] == ["east", "8", "of", "8"]


def test_a_refused_file_raises_the_message_of_the_product(tmp_path: Path) -> None:
    simulate(SCENARIOS["baseline"], units=4, seed=1).write(tmp_path)
    (tmp_path / "responses.csv").write_text("")

    with pytest.raises(RuntimeError, match=r"ended with 2 on (.|\n)*the file is empty"):
        analyse(tmp_path)


def test_nothing_to_judge_is_an_error_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])

    assert "give a folder or --companies" in capsys.readouterr().err
