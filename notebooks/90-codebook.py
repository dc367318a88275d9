# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
import re
from html import escape

from secondlook.cohort import columns as codes
from secondlook.cohort import records
from secondlook.numbers.in_words import capital
from secondlook.pages import present
from secondlook.pages.look import start
from secondlook.paper import claims_schema, codebook, reading, registry, schema, simulated_ranges

look = start()
look.tell(shorter=look.printed("t5.afp.multi.hr").rstrip("0"))
look.tell(n_values=len(look.registry), n_tables=len(look.registry.layout.tables))


def described(pairs, heading, label):
    """Return a table of names and descriptions."""
    rows = [
        [f"<code>{escape(name)}</code>", re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))]
        for name, text in pairs.items()
    ]
    return present.table([heading, "what it holds"], rows, label)


# %% [markdown]
# # Codebook
#
# :::{admonition} What this page is for
# :class: note
# **You will** find what each file and column of the data holds. **Use it** when you read the files, when you put
# [another paper](70-read-a-paper) into the same shape, or when you hand in patients' records. **You need** to know what a
# CSV file is.
# :::
#
# The folder `data/published` holds the paper's {glue:text}`n_tables` tables and its prose as {glue:text}`n_values` values.
# Printed numbers are kept as strings, digit by digit: {printed}`t5.afp.multi.hr` and {glue:text}`shorter` are different
# statements. This page is made from the schema that checks the files when they are read; `datapackage.json` in the same
# folder says the same in the Frictionless format. The article itself is not in the repository.
#
# ## Tables
#
# Each table has the rows of the printed one in the same order. Two columns come first: `row`, our own stable key, and
# `label`, the row's label as printed.

# %% tags=["remove-input"]
present.Html(
    "".join(
        present.fold(
            f"{table.file}: {table.title}",
            described(
                {"row": codebook.ROW, "label": codebook.LABEL}
                | {c: codebook.describe_column(spec, table, look.registry) for c, spec in table.columns.items()},
                "column",
                f"columns of {table.file}",
            ),
        )
        for table in look.registry.layout.tables.values()
    )
)

# %% [markdown]
# ## Prose, quotations, numerals

# %% tags=["remove-input"]
present.Html(
    "".join(
        present.fold(
            f"{file}: {codebook.summary(model)}",
            described(codebook.columns(model), "column", f"columns of {file}"),
        )
        for file, model in schema.FILES.items()
    )
)

# %% [markdown]
# ### Statistics
#
# `statistic` says what a value is. Those in the first row must be printed numbers; the others are words, dates or names.

# %% tags=["remove-input"]
present.table(
    ["kind", "words"],
    [["printed numbers", ", ".join(schema.NUMERIC)], ["other", ", ".join(schema.VERBAL)]],
    "kinds of statistics",
)

# %% [markdown]
# ## layout.toml
#
# What each table, row and column is. All that is about this paper, and not about papers, stands in this file.

# %% tags=["remove-input"]
present.fold("Every key of layout.toml", described(codebook.layout_keys(), "key", "keys of layout.toml"))

# %% [markdown]
# ## claims.toml
#
# What the words of the paper claim, which rules its definitions must obey, and which values cannot be tested and why.
# A claim is tested by one or more tests, each of a kind; a rule is of a kind too. Some keys are common to all kinds, the
# others belong to one.

# %% tags=["remove-input"]
parts = []
for word, kinds in (("test", claims_schema.TEST_KINDS), ("rule", claims_schema.RULE_KINDS)):
    keys = {kind: codebook.columns(model) for kind, model in kinds.items()}
    common = {key: text for key, text in next(iter(keys.values())).items() if all(key in own for own in keys.values())}
    parts.append(present.fold(f"Every {word}", described(common, "key", f"keys of every {word}")))
    for kind, model in kinds.items():
        own = {key: text for key, text in keys[kind].items() if key not in common or text != common[key]}
        parts.append(
            present.fold(
                f"{capital(word)} of kind {kind}: {codebook.summary(model)}",
                described(own, "key", f"keys of the {word} {kind}"),
            )
        )
present.Html("".join(parts))

# %% [markdown]
# ## simulated-ranges.json
#
# What simulated cohorts of this paper's size print: standard errors beside each printed hazard ratio, and how often two
# overlapping groups print the same median with the same limits. `python -m secondlook.trials.standard_errors` makes it; checks
# look up what they need, and say so where the file does not hold it.

# %% tags=["remove-input"]
keys = codebook.layout_keys(simulated_ranges.SimulatedRanges)
present.fold("Every key of simulated-ranges.json", described(keys, "key", "keys of simulated-ranges.json"))

# %% [markdown]
# ## cohort.toml
#
# What each column of a file of patients holds. No patient's record is in the repository; whoever has the real ones can
# hand in a file of this shape (`make book COHORT=records.csv`) or hold it against the paper
# (`secondlook cohort verify records.csv`); [If you have the records](../book/if-you-have-the-records) says how to make it of an
# export. One row per patient, these columns in this order, UTF-8, commas; a cell is empty where nothing is known, and a range
# such as `0-1` stands for several codes where the models and groups need no more. A file is refused with one table of all
# that is wrong: a column is missing or unknown, a code is not one of those below, an id stands twice, a time is no number
# of months or longer than twice what the dates allow, or the times of a patient cannot be: death ends every other time, and
# is an event of it.

# %% tags=["remove-input"]
columns = codes.describe(codes.load(look.folder, look.registry), look.registry)
present.fold(
    "Columns of a file of patients",
    present.table(
        ["column", "what it holds", "cells"],
        [[f"<code>{escape(name)}</code>", escape(what), escape(cells)] for name, (what, cells) in columns.items()],
        "columns of a file of patients",
    ),
)

# %% tags=["remove-input"]
present.fold("Every key of cohort.toml", described(codebook.layout_keys(codes.Codes), "key", "keys of cohort.toml"))

# %% [markdown]
# ## Limits of size
#
# The checks try whole numbers and tables one by one, and patients are fitted many times over: beyond these sizes an answer
# would take minutes, or the file is not what it says. What is larger is refused with a message that names file, row and
# column; nothing is cut short.

# %% tags=["remove-input"]
LIMITS = {
    "a file": f"{reading.MAX_BYTES // 2**20} MiB",
    "a table, or a file of the prose": f"{reading.MAX_ROWS:,} rows",
    "a count or the size of a group": f"{registry.MOST_COUNTED:,} patients",
    "a printed number": f"{registry.MOST_DIGITS} digits, {registry.MOST_DECIMALS} of them decimals",
    "a percentage": f"{registry.MOST_UNITS_OF_PERCENT:,} units of its last digit, so 100.00 and no further decimal",
    "a declared sum with keys in braces": f"{schema.MOST_SUMS:,} sums",
    "a file of patients": f"{records.MOST_PATIENTS:,} patients (and at least {records.LEAST_PATIENTS})",
    "a time of a patient": f"{records.LONGEST:,} months",
}
present.table(["what", "at most"], [[escape(a), escape(b)] for a, b in LIMITS.items()], "limits of size")

# %% [markdown]
# ## What was normalised
#
# Digits, signs and decimals are never changed. These things are, and nothing else:
#
# - Unicode is in normal form NFC; mathematical markup around a number is dropped, and `\geq` is ≥.
# - Percent signs and brackets around percentages are dropped, and so are blanks before brackets and after < > ≤ ≥.
# - A dash between two numbers is split into two columns or two rows.
# - The rendering's PD-I is PD-1.
# - A number given in words, such as the first word of a sentence, stands as digits, and its row says so.
# - "(≥ grade 3)" is ≥3.
#
# ## How the transcription was proof-read
#
# The tables and the prose were typed by reading. A program then cut the article into sections, paragraphs and table
# cells, took every numeral from it, and compared these with what had been typed, in reading order: it is
# `tests/make_numerals.py`, and `numerals.csv` is its result. It found no slip in the typed files. To see that it would
# have found one, the files were altered one value at a time, and every alteration was reported.
