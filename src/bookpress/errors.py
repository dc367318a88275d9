"""What a build may die of: one exception whose text is the whole message to the user."""


class BuildError(Exception):
    """A build cannot go on. Its text says what is wrong and where, and is printed alone, without a traceback."""
