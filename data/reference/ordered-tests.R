# Tests of two groups over ordered levels by R, for the tables below (the first is ECOG of the paper's Table 1, the
# others are invented: two levels, an empty cell, arms of unlike size, a strong trend, many ties).
# Run in the project's folder: Rscript data/reference/ordered-tests.R > data/reference/ordered-tests.csv
# Rows are levels in order, columns groups. Linear-by-linear is (N-1) r squared, for which R's stats has no function.
tables <- list(
  "13 7|20 15|8 5", "15 18|3 5", "18 21|0 2", "12 30|40 41|9 2|3 0", "5 61|7 22|9 3", "33 23|81 47|75 24",
  "1 1|1 2", "200 190|150 170|90 81|7 12"
)

digits <- function(x) sprintf("%.17g", x)

cat("# ", R.version.string, "\n", sep = "")
cat("table,test,p\n")
for (name in tables) {
  x <- do.call(rbind, lapply(strsplit(strsplit(name, "|", fixed = TRUE)[[1]], " "), as.numeric))
  code <- rep(row(x), x)
  group <- rep(col(x), x)
  codes <- split(code, group)
  found <- c(
    kruskal_wallis = kruskal.test(code, group)$p.value,
    cochran_armitage = suppressWarnings(prop.trend.test(x[, 1], rowSums(x)))$p.value,
    linear_by_linear = pchisq((length(code) - 1) * cor(code, group)^2, 1, lower.tail = FALSE),
    wilcoxon_corrected = wilcox.test(codes[[1]], codes[[2]], exact = FALSE)$p.value,
    t_test = t.test(codes[[1]], codes[[2]], var.equal = TRUE)$p.value,
    welch = t.test(codes[[1]], codes[[2]])$p.value
  )
  for (test in names(found)) cat(name, ",", test, ",", digits(found[[test]]), "\n", sep = "")
}
