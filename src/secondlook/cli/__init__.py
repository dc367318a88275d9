"""The command line: ``secondlook values``, ``audit``, ``check``, ``corrections``, ``cohort …``.

In: arguments and files. Out: text, files, exit codes. Everything it says comes from the packages below it.
"""
