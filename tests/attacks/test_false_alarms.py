"""Honest work is never a suspicion: the course's own answers, right and wrong, and what students write besides."""

from __future__ import annotations

import nbformat
import pytest
from places import REPOSITORY

from litu.authoring.parser import read_lesson
from litu.course import Course
from litu.grading.assignment import Assignment
from litu.grading.autograde import STOPS
from litu.grading.demo.sample_class import CLASS, filled_in
from litu.grading.execution.executor import Event
from litu.grading.sanitize import holds_page
from litu.grading.submissions.suspicions import EVENTS, suspicions

COURSE = Course.find(REPOSITORY)

HONEST = {
    "looking around": "import os\nprint(os.getcwd(), os.listdir('.'), os.path.join('a', 'b'), os.path.exists('checks'), os.cpu_count())",
    "versions": "import sys, platform\nprint(sys.version, sys.path, sys.executable, platform.platform(), pd.__version__, alt.__version__)",
    "magics": "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n%config InlineBackend.figure_format = 'svg'\n%who\n%time x = 1",
    "timing": "%%time\ntotal = 0\nfor i in range(10):\n    total += i\n",
    "packages": "!pip install altair\n%pip install -q seaborn\n!python -m pip list\n!python --version\n!ls -la\n!cat notes.txt",
    "value of a command": "files = !ls\n%timeit sum(range(10))\nresult = %timeit -o sum(range(10))",
    "help": "pd.merge?\n?pd.DataFrame\nalt.Chart??\nhelp(pd.merge)",
    "a cell of text": "%%markdown\n# Notes\nThis is *mine*.",
    "a file of one's own": "with open('notes.txt', 'w') as file:\n    file.write('mine')\nprint(open('notes.txt').read())",
    "a module of one's own": "%%writefile helper.py\ndef share(part, whole):\n    return part / whole",
    "paths": "from pathlib import Path\nPath('figures').mkdir(exist_ok=True)\ndata = pd.read_csv('../data/claims.csv')\nPath('../notes.md').exists()",
    "eval": "print(eval('1 + 2'))\ntable.eval('a + b')\ntable.query('year > 2000')",
    "names of builtins": "sum = 0\nmax = table['a'].max()\nlist = [1, 2]\nround = 3\nstr = 'x'\ntype = 'line'\nlen = 4\nid = 5\ninput = 6",
    "a variable called check": "check_sum = 1\nload_factor = 2\nchecked = check('jobs', 3)\ncheck = 5\nprogress = 0.5",
    "other names": "from litu import check as c, load as l\nimport litu\nlitu.load('claims')\nprint(litu.__doc__)",
    "settings": "pd.options.display.max_rows = 20\npd.options.mode.chained_assignment = None\npd.set_option('display.precision', 3)\n"
    "alt.data_transformers.disable_max_rows()\nalt.theme.enable('dark')\nnp.random.seed(1)\nimport matplotlib.pyplot as plt\nplt.rcParams['figure.dpi'] = 90",
    "attributes of one's own tables": "table.index.name = 'year'\ntable.columns = ['a', 'b']\ntable.attrs['source'] = 'mine'\nchart.title = 'Towns'",
    "warnings": "import warnings\nwarnings.filterwarnings('ignore')\nwarnings.simplefilter('error')\nimport logging\nlogging.getLogger().setLevel('ERROR')",
    "classes": "from dataclasses import dataclass\nfrom enum import Enum\n@dataclass\nclass Place:\n    name: str\n    def share(self): return 1\n"
    "class Kind(str, Enum):\n    A = 'a'\nclass Model:\n    def __init__(self, rate): self.rate = rate\n    def __call__(self, x): return x * self.rate\n"
    "    def __repr__(self): return f'Model({self.rate})'\n    def __len__(self): return 1\n    def __iter__(self): return iter([1])\n    def __getitem__(self, i): return i",
    "names with underscores": "if __name__ == '__main__':\n    print(__name__, type(1).__name__, x.__class__.__name__, f.__doc__, table.__dict__, __file__ if '__file__' in globals() else '')",
    "what is there": "print(dir(), locals().keys(), vars(table), globals().get('x'), hasattr(table, 'year'), getattr(table, 'year', None), getattr(table, name))",
    "libraries": "import math, random, time, datetime, json, re, csv, itertools, functools, collections, statistics, fractions, decimal, operator, string, "
    "textwrap, pprint, typing, io, copy, glob, shutil, tempfile, zipfile, pickle, urllib.request, requests, types, traceback, importlib, locale, calendar\n"
    "from scipy.optimize import curve_fit\nfrom IPython.display import display, HTML, Markdown, Image\nfrom concurrent.futures import ThreadPoolExecutor",
    "showing": "display(table)\ndisplay(HTML('<b>mine</b>'))\nMarkdown('# Title')\nget_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('ls')",
    "saving": "table.to_csv('out.csv')\ntable.to_pickle('out.pkl')\nchart.save('chart.html')\njson.dump({}, open('x.json', 'w'))\nnp.fromfile('x')",
    "reading from elsewhere": "pd.read_csv('https://example.org/data.csv')\nimport urllib.request\nurllib.request.urlopen('https://example.org')",
    "leaving": "import sys\nsys.exit()\nexit()\nquit()\nraise SystemExit('done')",
    "debugging": "breakpoint()\nimport pdb; pdb.set_trace()\nassert x == 1, 'no'\nimport traceback\ntraceback.print_exc()\nsys.setrecursionlimit(5000)",
    "patience": "from tqdm import tqdm\nimport time\nfor i in tqdm(range(3)):\n    time.sleep(0.1)\nprint('\\r50 %', end='', flush=True)\nprint('x', file=sys.stderr)",
    "prose in quotation marks": "note = 'The key figure was submitted by the county, grading the roads etc. and/or keys/locks; exec summary, os.system'\ntitle = 'Grading of village roads'",
    "stars": "from math import *\nfrom numpy import *\nfrom litu import *\nfrom pandas import DataFrame, Series\nfrom altair import Chart",
    "Chinese names": "城市人口 = people.loc[1978, 'urban_million']\nπ = 3.14\nprint(f'{城市人口:.2f} 万人')",
    "not Python": "urban share = 17 %\nprint 'x'",
    "half a line": "x = (1 +\n",
    "formats": "print('%d %s' % (1, 'a'), '100 %', f'{x!r}', 5 % 3)\ny = 10 % 3\nok = x != 3",
    "nothing": "",
    "comments": "# exec, /proc, os.fork and __eq__ are only words here\n'''and gradebook-like words: grades, books, checks'''",
}


def test_solutions_accepts_mistakes_and_starters_are_no_suspicion() -> None:
    """All code of all lessons of the course, right and wrong, run as a student's cells, gives no suspicion."""
    found = {}
    for path in COURSE.lessons():
        lesson = read_lesson(path)
        code = [cell.source for cell in lesson.cells if cell.kind not in ("prose", "written", "check")]
        code += [cell.source for exercise in lesson.exercises.values() for cell in (*exercise.mistakes, *exercise.accepts)]
        found[path.name] = suspicions(code, [], Assignment.load(COURSE, path.stem).imports)

    assert found and set(map(tuple, found.values())) == {()}


def test_released_notebooks_are_no_suspicion() -> None:
    """The notebooks as they are released, and as an honest class hands them in, give no suspicion, in code and in text."""
    for unit in COURSE.units():
        released = nbformat.read(COURSE.folder("release", unit) / f"{unit}.ipynb", as_version=4)
        lent = Assignment.load(COURSE, unit).imports
        lesson = read_lesson(COURSE.lesson(unit))
        honest = [filled_in(released, lesson, student) for student in CLASS if not student.trouble]
        for notebook in [released, *honest]:
            assert [] == suspicions([cell.source for cell in notebook.cells if cell.cell_type == "code"], [], lent)
            assert not any(holds_page(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("name", HONEST)
def test_honest_code_is_no_suspicion(name: str) -> None:
    """Code that students write without a thought of the grader gives no suspicion."""
    imports = "import altair as alt\nimport numpy as np\nimport pandas as pd\nfrom litu import check, load\nimport sys, json"

    assert [] == suspicions([imports, HONEST[name]], [])


def test_what_the_lesson_imports_may_be_imported() -> None:
    """A module inside the package is odd, unless the unit's own cells import it; one that never serves an answer stays odd."""
    lent = Assignment.load(COURSE, "03-rural-industry-model").imports
    code = ["from litu.rural_industry import scenario\nimport litu.grading"]

    assert suspicions(code, [], lent) == ["imports litu.grading"]
    assert suspicions(code, []) == ["imports litu.rural_industry", "imports litu.grading"]


def test_every_stop_has_words() -> None:
    """Each way in which the engine stops a cell is told in words; a restart is not told, because a stop comes before it."""
    assert {f"stopped-{kind}" for kind in STOPS} <= set(EVENTS)
    assert ["the cell a computed longer than allowed"] == suspicions([], [Event("stopped-cpu", "a", "x"), Event("restarted", "b", "x")])


def test_very_long_code_is_looked_through_in_part() -> None:
    """Code beyond what is looked through is itself told, and takes no time."""
    assert ["holds more code than is looked through"] == suspicions(["x = 1\n" * 100_000, "import ctypes"], [])
