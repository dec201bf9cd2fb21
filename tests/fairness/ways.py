"""Right work that looks unusual: other types, other habits, other orders of cells.

Each entry of ``ANSWERS`` replaces cells of the attacked unit's notebook
(tests/attacks/target.md) by other right answers; each of ``HABITS`` puts a
cell of the student's own before all exercises; each of ``ORDERS`` changes the
finished notebook.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Notebook = dict[str, Any]

SHARE = 'people.loc[1978, "urban_million"] / people.loc[1978, "total_million"] * 100'
TABLE = 'table = people.head(5).reset_index()[["year", "total_million", "urban_million"]]\ntable["urban_percent"] = table["urban_million"] / table["total_million"] * 100\n'
SERIES = 'series = (people["urban_million"] / people["total_million"]).head(5)\n'
ENTRIES = 'entries = {"1952": people.loc[1952, "urban_million"] * 1000, "1978": people.loc[1978, "urban_million"] * 1000}\n'
CHART = (
    'encoded = alt.Chart(people.reset_index(), title="Towns grow", description="A line of the urban people of China, which rises.").encode(\n'
    '    alt.X("year:Q", title="Year"), alt.Y("urban_million:Q", title="Urban people (millions)"))\nchart = encoded.mark_line()\n'
)

ANSWERS: dict[str, dict[str, str]] = {
    # other types of the same number
    "number: Python's float": {"number": f"number = float({SHARE})"},
    "number: 32 bits": {"number": f"number = np.float32({SHARE})"},
    "number: extended precision": {"number": f"number = np.longdouble({SHARE})"},
    "number: array without dimension": {"number": f"number = np.array({SHARE})"},
    "number: fraction": {"number": f"from fractions import Fraction\nnumber = Fraction({SHARE})"},
    "number: decimal": {"number": f"from decimal import Decimal\nnumber = Decimal({SHARE})"},
    "number: rounded as far as asked": {"number": f"number = round({SHARE}, 4)"},
    "number: by a query": {"number": 'row = people.reset_index().query("year == 1978").iloc[0]\nnumber = row["urban_million"] / row["total_million"] * 100'},
    "number: set twice, right at its check": {"number": f"number = 3\nnumber = {SHARE}"},
    # other forms of a table
    "table: columns in another order": {"table": TABLE + "table = table[table.columns[::-1]]"},
    "table: rows in another order": {"table": TABLE + 'table = table.sort_values("year", ascending=False)'},
    "table: more columns": {"table": TABLE + 'table["note"] = "from the yearbook"'},
    "table: rows labelled by year": {"table": TABLE + 'table = table.set_index("year")'},
    "table: rows labelled at random": {"table": TABLE + "table.index = [7, 3, 9, 1, 5]"},
    "table: nullable types": {"table": TABLE + "table = table.convert_dtypes()"},
    "table: Int64 and Float64": {"table": TABLE + 'table = table.astype({"year": "Int64", "urban_million": "Float64"})'},
    "table: years as floats": {"table": TABLE + 'table["year"] = table["year"].astype(float)'},
    "table: 32 bits": {"table": TABLE + 'table = table.astype({"urban_million": "float32", "urban_percent": "float32"})'},
    "table: objects": {"table": TABLE + "table = table.astype(object)"},
    "table: years as categories": {"table": TABLE + 'table["year"] = table["year"].astype("category")'},
    "table: 16-bit years": {"table": TABLE + 'table["year"] = table["year"].astype("int16")'},
    "table: percent as decimals": {
        "table": "from decimal import Decimal\n" + TABLE + 'table["urban_percent"] = [Decimal(str(value)) for value in table["urban_percent"]]'
    },
    "table: rounded as far as asked": {"table": TABLE + 'table = table.round({"urban_million": 2, "urban_percent": 3})'},
    "table: by assign and a lambda": {
        "table": 'table = people.reset_index().head(5).assign(urban_percent=lambda rows: 100 * rows["urban_million"] / rows["total_million"])'
    },
    "table: from a list of dicts": {
        "table": TABLE + 'table = pd.DataFrame(table.to_dict("records"))'
    },
    # other forms of a Series and of a dict
    "series: another name": {"series": SERIES + 'series = series.rename("urban share")'},
    "series: another order": {"series": SERIES + "series = series[::-1]"},
    "series: Float64": {"series": SERIES + 'series = series.astype("Float64")'},
    "series: 32 bits": {"series": SERIES + 'series = series.astype("float32")'},
    "series: objects": {"series": SERIES + "series = series.astype(object)"},
    "series: labels as floats": {"series": SERIES + "series.index = series.index.astype(float)"},
    "series: labels as categories": {"series": SERIES + "series.index = pd.CategoricalIndex(series.index)"},
    "dict: another order": {"entries": ENTRIES + "entries = dict(reversed(entries.items()))"},
    "dict: keys as numbers": {"entries": ENTRIES + "entries = {int(year): value for year, value in entries.items()}"},
    "dict: keys as NumPy's numbers": {"entries": ENTRIES + "entries = {np.int64(year): np.float32(value) for year, value in entries.items()}"},
    "dict: ordered": {"entries": "from collections import OrderedDict\n" + ENTRIES + "entries = OrderedDict(entries)"},
    "dict: with a default": {"entries": "from collections import defaultdict\n" + ENTRIES + "entries = defaultdict(float, entries)"},
    "dict: read-only": {"entries": "from types import MappingProxyType\n" + ENTRIES + "entries = MappingProxyType(entries)"},
    "text: spaces and capitals": {"text": 'text = " Fact "'},
    "text: NumPy's text": {"text": 'text = np.array(["fact"])[0]'},
    # other ways of a function
    "function: lambda": {"function": "function = lambda part, whole: 100 * part / whole"},
    "function: partial": {"function": "from functools import partial\ndef share(scale, part, whole):\n    return part / whole * scale\nfunction = partial(share, 100)"},
    "function: object that can be called": {
        "function": "class Share:\n    def __call__(self, part, whole):\n        return part / whole * 100\nfunction = Share()"
    },
    "function: method": {"function": "class Share:\n    def of(self, part, whole):\n        return part / whole * 100\nfunction = Share().of"},
    "function: with a memory": {"function": "from functools import cache\n@cache\ndef function(part, whole):\n    return part / whole * 100"},
    "function: types and a default": {"function": "def function(part: float, whole: float, places: int = 9) -> float:\n    return round(part / whole * 100, places)"},
    "function: NumPy's": {"function": "@np.vectorize\ndef function(part, whole):\n    return part / whole * 100"},
    "function: with a helper changed later": {
        "function": "def ratio(part, whole):\n    return part / whole\ndef function(part, whole):\n    return ratio(part, whole) * 100",
        "table": "def ratio(part, whole):\n    return 0\n" + TABLE,
    },
    "function: prints and warns": {
        "function": "import warnings\ndef function(part, whole):\n    print('working', part)\n    warnings.warn('check the units')\n    return part / whole * 100"
    },
    "function: calls the checks": {"function": "def function(part, whole):\n    check('first', first)\n    return part / whole * 100"},
    # other ways of a chart
    "chart: interactive, themed, resized": {"chart": CHART + "chart = chart.interactive().properties(width=500).configure_axis(grid=False)"},
    "chart: with points": {"chart": CHART + "chart = encoded.mark_line(point=True)"},
    "chart: shown and saved before": {"chart": CHART + "display(chart)\nchart.save('chart.html')\nchart.to_json()"},
    # names and cells
    "names reassigned in the next exercise": {"function": "number = None\nfirst = 'gone'\n\ndef function(part, whole):\n    return part / whole * 100"},
    "data changed after its use": {"entries": ENTRIES + "people = people * 0\n", "chart": 'people = load("people").set_index("year")\n' + CHART,},
    "all in one cell": {
        "number": f"number = {SHARE}\n\ndef function(part, whole):\n    return part / whole * 100\n\n" + TABLE + SERIES,
        "function": "# above", "table": "# above", "series": "",
    },
    "answers in a timed cell": {"number": f"%%time\nnumber = {SHARE}"},
    "answers in a silent cell": {"number": f"%%capture\nnumber = {SHARE}\nprint(number)"},
    "answer by a comprehension and a walrus": {"number": f"[number := {SHARE} for _ in range(3)]"},
    "answer awaited": {"number": f"import asyncio\nawait asyncio.sleep(0.01)\nnumber = {SHARE}"},
    "answer by a thread": {
        "number": f"import threading\ndef work():\n    global number\n    number = {SHARE}\nthread = threading.Thread(target=work)\nthread.start()\nthread.join()"
    },
    "error after the answer": {"number": f"number = {SHARE}\nprint(numbr)"},
    "slow, but done": {"number": f"total = 0\nfor i in range(12_000_000):\n    total += i % 7\nnumber = {SHARE}"},
    "large, but done": {"number": f"big = np.ones(25_000_000)\nnumber = {SHARE} * big.mean()"},
}  # fmt: skip

HABITS: dict[str, str] = {
    "warnings on stderr": "import sys, warnings\nfor i in range(200):\n    print('careful', i, file=sys.stderr)\n    warnings.warn(f'careful {i}')",
    "warnings in every later line": "import warnings\nwarnings.simplefilter('always')\npd.Series([1, 2]).astype(float)\nwarnings.warn_explicit('old', DeprecationWarning, 'x.py', 1)",
    "warnings are errors": "import warnings\nwarnings.simplefilter('error')",
    "logs on stderr": "import logging\nlogging.basicConfig(level='DEBUG')\nlogging.getLogger('mine').warning('careful')",
    "NumPy raises": "np.seterr(all='raise')",
    "decimals are short": "import decimal\ndecimal.getcontext().prec = 2",
    "few digits shown": "pd.options.display.precision = 0\npd.options.display.max_rows = 2\nnp.set_printoptions(precision=0)\npd.options.display.float_format = '{:.0f}'.format",
    "pandas settings": "pd.options.mode.chained_assignment = None\npd.options.future.infer_string = False",
    "Altair settings": "alt.data_transformers.disable_max_rows()\nalt.theme.enable('dark')\nalt.renderers.enable('mimetype')",
    "magics": "%matplotlib inline\n%config InlineBackend.figure_format = 'svg'\n%load_ext autoreload\n%autoreload 2\n%precision 2\n%who",
    "shell lines": "!ls\nfiles = !ls\n!echo hello",
    "help": "pd.merge?",
    "prints a page": "for i in range(2_000):\n    print('line', i)",
    "shows much": "for i in range(40):\n    display(people.head())",
    "names of builtins taken": "sum = 0\nlist = [1]\nmax = 5\nround = 3\nfloat = 1.0\nstr = 'x'\nlen = 4\ntype = 'line'\nisinstance = None\nabs = 1\ndict = {}",
    "names of modules taken": "json = 1\nos = 'x'\nlitu = 0\nmath = None",
    "check taken": "check = None\nload_factor = 1",
    "own check": "def check(name, value, **_):\n    print('fine')\n",
    "imports again": "import pandas\nimport pandas as pd\nfrom litu import *\nimport numpy as numpy",
    "other folder": "import os, tempfile\nos.chdir(tempfile.mkdtemp())",
    "files of one's own": "with open('notes.txt', 'w') as file:\n    file.write('mine')\npd.DataFrame({'a': [1]}).to_csv('out.csv')\nprint(pd.read_csv('out.csv'))",
    "a module of one's own": "with open('helper.py', 'w') as file:\n    file.write('x = 1')\nimport helper",
    "interpreter settings": "import gc\ngc.disable()\nimport sys\nsys.setrecursionlimit(3000)",
    "random seed": "import random\nrandom.seed(1)\nnp.random.seed(1)",
    "another language": "import locale\nprint(locale.getlocale())\nprint('农村城市化', '\\u0000'.encode(), '😀')",
    "error in a cell": "print(not_there)",
    "half a line": "x = (1 +",
    "another task of one's own": "import threading, time\nthreading.Thread(target=time.sleep, args=(1,), daemon=True).start()",
    "processes of one's own": "import subprocess\nprint(subprocess.run(['echo', 'hello'], capture_output=True, text=True).stdout)",
    "several at a time": "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as threads:\n    print(list(threads.map(abs, range(-9, 9))))",
    "waits": "import time\ntime.sleep(1.5)",
    "writes to the bottom of stdout": "import os, sys\nos.write(1, b'straight out\\n')\nos.write(2, b'straight out\\n')\nsys.stdout.flush()",
    "stdout put aside": "import contextlib, io, sys\nwith contextlib.redirect_stdout(io.StringIO()):\n    print('hidden')\nsys.stderr = sys.stdout",
    "pandas copies": "people = people.copy()\npeople['year_again'] = people.index",
    "empty": "",
    "comments": "# nothing but words",
}  # fmt: skip


def reordered(notebook: Notebook) -> Notebook:
    """Put the exercises, each with its check, into the opposite order behind the imports."""
    cells = notebook["cells"]
    start = next(place for place, cell in enumerate(cells) if cell["id"] == "first")
    end = next(place for place, cell in enumerate(cells) if cell["id"] == "check-last") + 1
    groups = [cells[place : place + 2] for place in range(start, end, 2)]
    assert all(check["id"] == f"check-{answer['id']}" for answer, check in groups)
    return {**notebook, "cells": [*cells[:start], *(cell for group in reversed(groups) for cell in group), *cells[end:]]}


def checks_last(notebook: Notebook) -> Notebook:
    """Put all answers first and all checks behind them."""
    checks = [cell for cell in notebook["cells"] if cell["id"].startswith("check-")]
    return {**notebook, "cells": [cell for cell in notebook["cells"] if cell not in checks] + checks}


def extra_cells(notebook: Notebook) -> Notebook:
    """Put a cell of text, of code and of raw text between all cells."""
    made = [
        {"cell_type": "markdown", "metadata": {}, "source": "My **notes**."},
        {"cell_type": "code", "metadata": {}, "source": "people.describe()", "outputs": [], "execution_count": None},
        {"cell_type": "raw", "metadata": {}, "source": "to do"},
    ]
    cells = []
    for place, cell in enumerate(notebook["cells"]):
        cells += [cell, {"id": f"extra-{place}", **made[place % 3]}]
    return {**notebook, "cells": cells}


def answers_beside(notebook: Notebook) -> Notebook:
    """Answer one exercise in a new cell below its own, which still holds the dots."""
    cells = []
    for cell in notebook["cells"]:
        if cell["id"] == "number":
            cells.append({**cell, "source": "number = ..."})
            cells.append(
                {"cell_type": "code", "id": "my-number", "metadata": {}, "source": cell["source"], "outputs": [], "execution_count": None}
            )
        else:
            cells.append(cell)
    return {**notebook, "cells": cells}


def old_outputs(notebook: Notebook) -> Notebook:
    """Hand in with outputs of earlier, wrong tries."""
    error = {"output_type": "error", "ename": "NameError", "evalue": "name 'x' is not defined", "traceback": ["NameError"]}
    cells = [{**cell, "outputs": [error], "execution_count": 99} if cell["cell_type"] == "code" else cell for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def other_kernel(notebook: Notebook) -> Notebook:
    """Name the kernel as another installation does."""
    return {
        **notebook,
        "metadata": {"kernelspec": {"name": "conda-env-class-py", "display_name": "Python [conda env:class]", "language": "python"}},
    }


def windows_lines(notebook: Notebook) -> Notebook:
    """End every line as Windows does."""
    return json.loads(json.dumps(notebook).replace("\\n", "\\r\\n"))


def plain_jupyter(notebook: Notebook) -> Notebook:
    """Save as an older Jupyter does: without cell ids, with sources as lists of lines."""
    cells = [
        {**{key: value for key, value in cell.items() if key != "id"}, "source": cell["source"].splitlines(keepends=True)}
        for cell in notebook["cells"]
    ]
    return {**notebook, "nbformat": 4, "nbformat_minor": 4, "cells": cells}


def through_colab(notebook: Notebook) -> Notebook:
    """Save as another editor does that adds its own metadata and gives every cell a new id."""
    cells = [
        {**cell, "id": f"x{place:05}", "metadata": {**cell["metadata"], "colab": {"base_uri": "x"}, "id": f"x{place}"}}
        for place, cell in enumerate(notebook["cells"])
    ]
    return {**notebook, "cells": cells, "metadata": {**notebook["metadata"], "colab": {"provenance": []}}}


ORDERS: dict[str, Callable[[Notebook], Notebook]] = {
    "exercises in the opposite order": reordered,
    "checks after all answers": checks_last,
    "extra cells everywhere": extra_cells,
    "answer in a cell beside": answers_beside,
    "outputs of earlier tries": old_outputs,
    "another kernel's name": other_kernel,
    "Windows line ends": windows_lines,
    "older Jupyter": plain_jupyter,
    "another editor": through_colab,
}

TOLD = {
    "answer by a thread": "imports threading",
    "own check": "defines check",
    "interpreter settings": "imports gc",
    "another task of one's own": "imports threading",
    "processes of one's own": "imports subprocess",
    "writes to the bottom of stdout": "uses os.write",
    "stdout put aside": "replaces sys.stderr",
}
"""What the instructor is told of such work all the same; it costs nothing."""
