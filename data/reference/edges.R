# What R's survival package says of small awkward studies: singular designs, nobody or everybody with the event, groups
# who are never at risk, times that differ by a rounding error. Patients as data/reference/edges-data.csv (made by make.py):
# study, time, event, group, x1, x2. Run in the project's folder: Rscript data/reference/edges.R [FILE] > data/reference/edges.csv
# coxph of both covariates by each kind of ties; survdiff; the median by print and by quantile of survfit with the log-log
# band, and limits by print. "none" for NA, NaN, an error, or an estimate that coxph warns may be infinite.
suppressPackageStartupMessages(library(survival))
given <- commandArgs(trailingOnly = TRUE)
patients <- read.csv(if (length(given)) given[1] else "data/reference/edges-data.csv")
digits <- function(x) ifelse(is.na(x) | !is.finite(x), "none", sprintf("%.17g", x))
line <- function(...) cat(paste(..., sep = ","), "\n", sep = "")

cox <- function(of, ties) {
  none <- list(beta = c(NA, NA), se = c(NA, NA))
  # what the default rule of convergence warns of is left out; the rest is carried on to the last digits
  fit <- function() {
    coxph(Surv(time, event) ~ x1 + x2, data = of, ties = ties)
    found <- suppressWarnings(coxph(Surv(time, event) ~ x1 + x2, data = of, ties = ties, eps = 1e-14, iter.max = 50))
    list(beta = unname(coef(found)), se = sqrt(diag(found$var)))
  }
  tryCatch(fit(), error = function(e) none, warning = function(w) none)
}

cat("# ", R.version.string, ", survival ", format(packageVersion("survival")), "\n", sep = "")
cat("study,statistic,value\n")
for (name in unique(patients$study)) {
  of <- patients[patients$study == name, ]
  for (ties in c("efron", "breslow")) {
    found <- cox(of, ties)
    for (k in 1:2) {
      line(name, paste0(ties, ".beta", k), digits(found$beta[k]))
      line(name, paste0(ties, ".se", k), digits(found$se[k]))
    }
  }
  p <- tryCatch(survdiff(Surv(time, event) ~ group, data = of)$pvalue, error = function(e) NA, warning = function(w) NA)
  line(name, "log-rank.p", digits(p))
  curve <- survfit(Surv(time, event) ~ 1, data = of, conf.type = "log-log")
  printed <- summary(curve)$table
  line(name, "median.print", digits(printed[["median"]]))
  line(name, "median.quantile", digits(quantile(curve, 0.5, conf.int = FALSE)[[1]]))
  line(name, "lower", digits(printed[["0.95LCL"]]))
  line(name, "upper", digits(printed[["0.95UCL"]]))
}
