"""Other errors of tables: queries, merging, reshaping, lengths, axes, conversion, copies."""

from __future__ import annotations

import re

from litu.learner.errors.case import Case
from litu.learner.errors.near import near
from litu.learner.errors.registry import clean, code, explains, phrase
from litu.learner.errors.themes.tables import looked_in

LENGTHS = "The two arrays have different lengths, {1} and {2}. Bring them to the same length first."
BEYOND = "There are {2} places, counted from 0, so {1} lies beyond the end. Use a smaller number."
NO_KEY = "A whole column or table cannot be a key. Use one value, or `.map(…)` to look up each value of the column."
PHRASES = [
    ("ValueError", r"cannot assign without a target object", "In `.query` a comparison needs two signs. Write `==`."),
    ("ValueError", r"Index contains duplicate entries, cannot reshape",
     "Two rows have the same index and column, so `.pivot` does not know which to take. Use `.pivot_table(…, aggfunc=\"sum\")`, or first find the double rows with `.duplicated(…)`."),
    ("pandas.errors.MergeError", r"No common columns to perform merge on\..*", "The two tables have no column of the same name. Say which columns belong together: `left_on=…, right_on=…`."),
    ("ValueError", r"You are trying to merge on (.+) and (.+) columns for key '(.+)'\..*",
     "\"{3}\" is of kind {1} in one table and {2} in the other, so nothing can match. Bring both to one kind, for example with `.astype(int)`."),
    ("ValueError", r"Length of values \((\d+)\) does not match length of index \((\d+)\)", "There are {1} values for {2} rows. Give one value for each row."),
    ("ValueError", r"Length mismatch: Expected axis has (\d+) elements, new values have (\d+) elements", "There are {1} labels to replace and you give {2}. Give one for each; to rename only some use `.rename(columns=…)`."),
    ("ValueError", r"Columns must be same length as key", "The number of columns left of `=` differs from that on the right. Give one column for each name."),
    ("ValueError", r"All arrays must be of the same length", "The columns of a table must be equally long. Count the values of each list."),
    ("ValueError", r"If using all scalar values, you must pass an index", "Each column needs a list of values, also if it holds only one. Put square brackets around the values."),
    ("ValueError", r"Item wrong length (\d+) instead of (\d+)\.", "The condition has {1} truths and the table {2} rows. Build the condition from a column of this same table."),
    ("pandas.errors.IndexingError", r"Unalignable boolean Series provided as indexer .*", "The condition belongs to another table, with other rows. Build it from a column of the table that you choose from."),
    ("pandas.errors.IndexingError", r"Too many indexers", "There are more labels in the square brackets than there are directions to look in. A column has rows only; a table has rows and columns."),
    ("ValueError", r"cannot reindex on an axis with duplicate labels", "Some labels of the index stand there more than once. Find them with `.index.duplicated()`, or give the table an index without repeats."),
    ("ValueError", r"Can only compare identically-labeled (?:Series|DataFrame) objects.*", "The two have different labels, so their rows cannot be compared one by one. Compare `.to_numpy()` of each, or give both the same index."),
    ("ValueError", r"operands could not be broadcast together with shapes (\(.*?\)) (\(.*?\)) ?", LENGTHS),
    ("IndexError", r"single positional indexer is out-of-bounds", "`.iloc` counts positions from 0, and this one lies beyond the last. Use a smaller number, or `.loc` for a label."),
    ("IndexError", r"index (-?\d+) is out of bounds for axis \d+ with size (\d+)", BEYOND),
    ("TypeError", r"Cannot index by location index with a non-integer key", "`.iloc` takes positions, whole numbers counted from 0. For a label use `.loc`."),
    ("pandas.errors.IntCastingNaNError", r"Cannot convert non-finite values \(NA or inf\) to integer.*", "Some cells are empty, and an empty cell cannot be a whole number. Fill or drop them first, or use `.astype(\"Int64\")`."),
    ("TypeError", r"Invalid value '(.*)' for dtype '(.+)'", "The column holds values of kind {2}, and \"{1}\" is of another. Give a value of the column's kind."),
    ("TypeError", r"You have to supply one of 'by' and 'level'", "`.groupby` needs the column to group by. Put its name into the brackets."),
    ("TypeError", r"unhashable type: '(Series|DataFrame)'", NO_KEY),
    ("ValueError", r"No axis named (.+) for object type (?:DataFrame|Series)", "There is no axis {1}. Use `axis=0` for down the rows, `axis=1` for across the columns; `.loc` takes square brackets."),
    ("ValueError", r"The name (.+) occurs multiple times, use a level number", "The column {1} is used for two things at once. Use different columns for the rows and for the columns of the new table."),
    ("TypeError", r"cannot concatenate object of type '<class '(\w+)'>'; only .*", "`pd.concat` takes tables and columns only, and one of its items is another thing ({1}). Take it out, or make a table of it."),
    ("TypeError", r"only list-like (?:or dict-like )?objects are allowed to be passed to (?:\w+\.)?isin\(\).*", "`.isin` looks in a list. Put square brackets around the value, or compare with `==`."),
    ("ValueError", r"No objects to concatenate", "`pd.concat` was given an empty list. Look at the loop or the line that fills it."),
]  # fmt: skip
for _kind, _pattern, _sentence in PHRASES:
    phrase(_kind, _pattern, _sentence, through="pandas")
phrase("IndexError", r"index (-?\d+) is out of bounds for axis \d+ with size (\d+)", BEYOND)
phrase("ValueError", r"operands could not be broadcast together with shapes (\(.*?\)) (\(.*?\)) ?", LENGTHS)
phrase("TypeError", r"unhashable type: '(Series|DataFrame)'", NO_KEY)
phrase(
    "pandas.errors.ChainedAssignmentError",
    r"(?s).*through chained assignment using an inplace method.*",
    'This line changed nothing: the column that you picked is a copy. Leave `inplace` out and keep the result: `table["column"] = table["column"].…`.',
    anywhere=True,
)
phrase(
    "pandas.errors.ChainedAssignmentError",
    r"(?s).+",
    'This line changed nothing: the first brackets made a copy, and the value went into the copy. Write row and column in one step: `table.loc[rows, "column"] = …`.',
    anywhere=True,
)
phrase(
    "UserWarning",
    r"Pandas doesn't allow columns to be created via a new attribute name.*",
    'No column was made: a dot and a new name do not make one. Write `table["name"] = …`.',
    anywhere=True,
)


@explains("pandas.errors.UndefinedVariableError")
def unknown_in_query(case: Case) -> str | None:
    """Tell a column, a variable or a text that a query does not know."""
    found = re.fullmatch(r"(?:local variable |name )'(\w+)' is not defined", case.text)
    looked = looked_in(case)
    if not found or looked is None or not looked.columns or "local variable" in case.text:
        return None
    name, table = found[1], looked.name(case)
    if meant := near(name, looked.columns):
        return f'{table[0].upper() + table[1:]} has no column "{clean(name)}". Did you mean "{clean(meant)}"? Correct the spelling.'
    if name in case.names:
        return f"{code(name)} is a variable of yours, not a column. In `.query` put `@` before it: {code('@' + name)}."
    return f'{table[0].upper() + table[1:]} has no column "{clean(name)}". If it is a text to compare with, put quotation marks around it inside the query.'


@explains("TypeError")
def mean_of_texts(case: Case) -> str | None:
    """Tell texts where a sum or a mean needs numbers."""
    if not re.fullmatch(r"Cannot perform reduction '\w+' with string dtype|dtype 'str' does not support operation '\w+'", case.text):
        return None
    looked = looked_in(case)
    if looked is None:
        return None
    if not looked.columns:
        return "This column holds texts, and the calculation needs numbers. Turn them into numbers first: `pd.to_numeric(…)`."
    return "There are texts among the columns, and the calculation needs numbers. Pick the columns of numbers first, or add `numeric_only=True`."


@explains("SyntaxError")
def unreadable_query(case: Case) -> str | None:
    """Tell a condition of ``query`` that cannot be read."""
    if case.before_run or not case.through("pandas") or not any(frame.f_code.co_name == "query" for frame in case.inner):
        return None
    return 'The condition inside `.query` is not complete. Write one comparison, such as `"year == 2014"`, or two joined by `and` or `or`.'
