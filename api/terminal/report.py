"""An analysis as a report in the terminal: two screens, everything, or single units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from analytics.results import Analysis
from api.terminal.page import Page
from survey.files.notices import Notice
from survey.report.document import Sentence, Verbatim, say
from survey.report.report import summary, unit_report, whole_report
from survey.report.vocabulary import Vocabulary
from survey.report.wording import Wording, language_name, nearest_locale

__all__ = ["View", "print_report"]


@dataclass(frozen=True, kw_only=True)
class View:
    """How much of a report is wanted, and in which language.

    Attributes
    ----------
    full : bool
        Everything, instead of what a director needs.
    units : tuple of str
        Codes of the units to print instead of the company.
    locale : str
        BCP 47; languages without a report find English.
    """

    full: bool = False
    units: tuple[str, ...] = ()
    locale: str = "en"


def print_report(
    analysis: Analysis,
    unit_names: Mapping[str, str],
    vocabulary: Vocabulary,
    *,
    file: IO[str],
    view: View,
    title: Sentence | None = None,
    remarks: tuple[Sentence, ...] = (),
    notices: tuple[Notice, ...] = (),
) -> None:
    """Print the report.

    Parameters
    ----------
    analysis : Analysis
        What was found; nothing else is shown.
    unit_names : mapping of str to str
        Names of units; a unit without one goes by its code.
    vocabulary : Vocabulary
        What constructs, models and the like are called.
    file : file object
        Where to.
    view : View
        How much, and in which language.
    title : Sentence, optional
        The headline of a report about the company.
    remarks : tuple of Sentence
        What else has to be known of this analysis.
    notices : tuple of Notice
        How the files behind it were read, if not as they literally stand.

    Raises
    ------
    KeyError
        A unit of the view is not in the analysis.
    """
    locale, is_wanted = nearest_locale(view.locale)
    page = Page(file, Wording(locale, vocabulary, unit_names), vocabulary.model_keys)
    if not is_wanted:
        language = Verbatim(language_name(view.locale))
        page.remark(say("terminal.language", language=language))
    title = title or say("report.title")
    if view.units:
        for code in view.units:
            # The files are the same for all units, so the last one says how they were read.
            last = notices if code == view.units[-1] else ()
            page.print(unit_report(analysis, code, vocabulary, notices=last))
    elif view.full:
        page.print(
            whole_report(analysis, vocabulary, title=title, remarks=remarks, notices=notices)
        )
    else:
        page.print(summary(analysis, title=title, remarks=remarks, notices=notices))
        page.remark(say("terminal.more"))
