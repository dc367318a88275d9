# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
from secondlook import conclusions
from secondlook.pages import corrected, handed_in, present
from secondlook.pages.look import start

look = start()
changes = corrected.changes(look.ledger)
severe, arm = changes.get("abstract.hfsr.ge3"), changes.get("abstract.dcr.direction")
look.tell(
    severe_reads=(severe.reads or "open") if severe else look.printed("abstract.hfsr.ge3"),
    severe_number=severe.number if severe else "",
    arm_number=arm.number if arm else "",
    n_changes=len(corrected.unsound(look.ledger)),
    n_values=len(changes),
)

# %% tags=["remove-cell", "guard"]
by_print = corrected.changes(look.alone)  # what records say of these words stands below them
for claim in ("abstract.survival.no_difference", "abstract.prognosis.independent", "abstract.orr.direction"):
    assert claim not in by_print, f"the words below leave {claim} as it is: {by_print.get(claim)}"
for claim in ("abstract.hfsr.ge3", "abstract.dcr.direction"):
    assert claim in by_print, f"the words below change {claim}: nothing does"

# %% [markdown]
# # The paper as it would read
#
# The abstract's results in our words and the six tables as printed, with every change marked: <del>struck</del>,
# <ins>inserted</ins>, <ins>open</ins> where no single change is singled out, and
# <span class="sl-cannot">framed</span> where rows cannot stand together unless a
# premise fails; which is wrong cannot be told. A raised number leads to
# the [line of the change](read-changes). Suggestions all: only the journal can print an erratum. Prints on two pages.
#
# (read-abstract)=
# ## The abstract's results, in our words
#
# With LP {printed}`abstract.orr.lp` % of the patients responded and with R {printed}`abstract.orr.r` % (p = {printed}`abstract.orr.p`).
# Disease control was better with <del>regorafenib</del> <ins>LP</ins><sup>[{glue:text}`arm_number`](read-changes)</sup>: {printed}`abstract.dcr.lp` %
# against {printed}`abstract.dcr.r` % (p = {printed}`abstract.dcr.p`). Neither median progression-free survival
# ({printed}`abstract.pfs.lp` and {printed}`abstract.pfs.r` months, p = {printed}`abstract.pfs.p`) nor median overall survival
# ({printed}`abstract.os.lp` and {printed}`abstract.os.r` months, p = {printed}`abstract.os.p`) differed significantly. The commonest
# severe adverse event was hand-foot skin reaction, in <del>{printed}`abstract.hfsr.ge3`</del>
# <ins>{glue:text}`severe_reads`</ins><sup>[{glue:text}`severe_number`](read-changes)</sup> %. A performance status of
# {printed}`abstract.prognosis.ecog` and an AFP of {printed}`abstract.prognosis.afp` ng/mL went with shorter survival, independently of
# each other.

# %% tags=["remove-input"]
handed_in.summary(look.alone, look.ledger)

# %% tags=["remove-input"]
corrected.in_words(look.ledger, "abstract", {"abstract.hfsr.ge3", "abstract.dcr.direction"})

# %% [markdown]
# (read-tables)=
# ## The tables

# %% tags=["remove-input"]
tables = [corrected.table(look.ledger, name, changes) for name in look.registry.layout.tables]
present.Html(f'<div class="sl-as-read">{"".join(tables)}</div>')

# %% [markdown]
# (read-changes)=
# ## Every change
#
# {glue:text}`n_changes` matters, {glue:text}`n_values` values. Each line leads to its arithmetic; what hangs on a change is weighed in
# [Which conclusions survive](14-conclusions).

# %% tags=["remove-input"]
corrected.lines(look.ledger, conclusions.load(look.folder, look.registry))
