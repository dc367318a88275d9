"""Statistics for the methods chapters: small, of any study, each tested against its source."""
