"""Pages: what readers see of a ledger, as HTML, figures, hand-outs and downloads.

In: a ledger, or records of patients. Out: escaped HTML, figures, files. Decides nothing of a paper: verdicts come from
the ledger, outcomes from :mod:`secondlook.conclusions`.
"""
