"""A module is named for its idea; these names are for none."""

from tests.architecture.tracked import ROOT, python_files, shown

SAYING_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


def test_no_module_or_folder_is_named_for_no_idea() -> None:
    nameless = [
        shown(file)
        for file in python_files()
        if SAYING_NOTHING & {file.stem, *file.relative_to(ROOT).parent.parts}
    ]

    assert nameless == []
