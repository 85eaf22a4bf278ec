"""A module is named after its idea; these names say nothing."""

from tests.architecture.tracked import ROOT, python_files, shown

SAYING_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


def test_every_module_and_folder_is_named_after_an_idea() -> None:
    nameless = [
        shown(file)
        for file in python_files()
        if SAYING_NOTHING & {file.stem, *file.relative_to(ROOT).parent.parts}
    ]

    assert nameless == []
