"""Settings for every nbgrader command run from this folder."""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader provides it

# nbgrader calls `alembic` by its bare name; this finds it also when the
# virtual environment is not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

root = Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()

# Plugins of your own, such as a rule for late work, may lie beside this file.
if str(root) not in sys.path:
    sys.path.append(str(root))

c.CourseDirectory.course_id = "leaving-the-soil"
c.Litu.title = "Leaving the Soil"
c.Litu.claims = r"\b00[0-9]-[0-9]{2}\b"
c.Litu.figures = True
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "release"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.solution_directory = "grading/solution"
c.CourseDirectory.db_url = f"sqlite:///{root}/grading/gradebook.db"

# What a student finds where the solution was.
c.ClearSolutions.code_stub = {"python": "# Write your code here."}
c.ClearSolutions.text_stub = "*Write your answer here.*"

# The mark scheme stands in the locked task cell above a written answer, so
# that whoever marks it by hand sees it. Students never get it before grading.
c.ClearMarkScheme.enforce_metadata = False

# The page that students get.
c.GenerateFeedback.exporter_class = "litu.grading.results.page.PageExporter"
c.GenerateFeedback.preprocessors = ["litu.grading.results.page.PageGrades", "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor"]

# Work that students handed in through the exchange is copied as plain files within limits, and as nobody's but its owner's.
c.ExchangeFactory.collect = "litu.grading.nbgrader.collect.Collect"

# Feedback goes back through the exchange to all who handed in through it; nbgrader's own step stops at the first who did not.
c.ExchangeFactory.release_feedback = "litu.grading.nbgrader.release_feedback.ReleaseFeedback"

# Student code runs in a box and verdicts are made outside it, also when
# grading starts from `nbgrader autograde` or from Formgrader's button.
# Delete this block to grade with nbgrader's own executor, without a sandbox.
c.Autograde.exporter_class = "litu.grading.nbgrader.plugin.RepairExporter"
c.Autograde.sanitize_preprocessors = ["litu.grading.nbgrader.plain_assignments.Sanitize"]
c.Autograde.autograde_preprocessors = [
    "litu.grading.nbgrader.plugin.SandboxExecute",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# What nbgrader prints is fit for a terminal, also where a student's file has an odd name.
c.NbGrader.logging_config = {
    "filters": {"plain": {"()": "litu.grading.nbgrader.log.PlainLog"}},
    "handlers": {"console": {"filters": ["plain"]}},
}

# Settings of your own, such as the exchange's folder or another gradebook, stand in
# own_settings.py beside this file: they win over these, and git leaves them alone.
load_subconfig("own_settings.py")  # noqa: F821 - nbgrader provides it
