# Tests of association by R for the tables of counts in data/reference/tables.csv (made from data/published by make.py).
# Run in the project's folder: Rscript data/reference/tables-tests.R [tables.csv] > data/reference/tables-tests.csv
# Pearson's and Yates' chi-square by chisq.test, Fisher's test by fisher.test, both sides and either; the likelihood
# ratio and the mid-p, for which R's stats has no function, from its pchisq and dhyper. 17 digits tell a number from its
# neighbours. `statistic` is the chi-square where there is one; "less" and "greater" are about the first cell.
given <- commandArgs(trailingOnly = TRUE)
path <- if (length(given)) given[1] else "data/reference/tables.csv"
counts <- read.csv(path, colClasses = c("character", "integer", "integer", "integer"))

digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
line <- function(id, test, p, statistic = NA) cat(paste(id, test, digits(statistic), digits(p), sep = ","), "\n", sep = "")

likelihood_ratio <- function(x) {
  expected <- outer(rowSums(x), colSums(x)) / sum(x)
  2 * sum(ifelse(x > 0, x * log(x / expected), 0))
}

# Fisher's two-sided p less half the probability of the table seen.
mid_p <- function(x)
  fisher.test(x)$p.value - dhyper(x[1, 1], sum(x[1, ]), sum(x[2, ]), sum(x[, 1])) / 2

cat("# ", R.version.string, "\n", sep = "")
cat("table,test,statistic,p\n")
for (id in unique(counts$table)) {
  of <- counts[counts$table == id, ]
  x <- unname(as.matrix(xtabs(count ~ row + column, data = of)))
  x <- matrix(as.numeric(x), nrow = nrow(x))
  plain <- suppressWarnings(chisq.test(x, correct = FALSE))
  line(id, "pearson", plain$p.value, plain$statistic)
  g <- likelihood_ratio(x)
  line(id, "likelihood_ratio", pchisq(g, plain$parameter, lower.tail = FALSE), g)
  line(id, "fisher", fisher.test(x)$p.value)
  if (all(dim(x) == 2)) {
    corrected <- suppressWarnings(chisq.test(x))
    line(id, "yates", corrected$p.value, corrected$statistic)
    line(id, "fisher_less", fisher.test(x, alternative = "less")$p.value)
    line(id, "fisher_greater", fisher.test(x, alternative = "greater")$p.value)
    line(id, "mid_p", mid_p(x))
  }
}
