# Medians, log-rank tests and Cox models by R's survival package, of patients in a file such as
# data/reference/survival-public-data.csv (made by make.py): dataset, time, event, group, x1, x2, x3.
# Run in the project's folder: Rscript data/reference/survival-public.R [FILE] > data/reference/survival-public.csv
# Medians with their limits by the three bands survfit offers first; survdiff; coxph by Efron's and by Breslow's ties,
# on the three covariates at once and on the first alone, carried to convergence (eps 1e-14). One number a row, 17 digits.
suppressPackageStartupMessages(library(survival))
given <- commandArgs(trailingOnly = TRUE)
path <- if (length(given)) given[1] else "data/reference/survival-public-data.csv"
patients <- read.csv(path, colClasses = c(dataset = "character", group = "character"))
line <- function(...) cat(paste(..., sep = ","), "\n", sep = "")
digits <- function(x) ifelse(is.na(x), "none", sprintf("%.17g", x))

medians <- function(name, of, who) {
  for (band in c("plain", "log", "log-log")) {
    q <- quantile(survfit(Surv(time, event) ~ 1, data = of, conf.type = band), 0.5)
    found <- c(median = unname(q$quantile), lower = unname(q$lower), upper = unname(q$upper))
    for (what in names(found)) line(name, "median", who, band, what, digits(found[[what]]))
  }
}

cox <- function(name, of, covariates) {
  for (ties in c("efron", "breslow")) {
    fit <- coxph(reformulate(covariates, "Surv(time, event)"), data = of, ties = ties, eps = 1e-14, toler.chol = 1e-16, iter.max = 50)
    found <- summary(fit)
    values <- cbind(found$coefficients[, c("coef", "se(coef)", "Pr(>|z|)"), drop = FALSE],
      found$conf.int[, c("exp(coef)", "lower .95", "upper .95"), drop = FALSE])
    colnames(values) <- c("beta", "se", "p", "hr", "lower", "upper")
    for (x in covariates) for (what in colnames(values))
      line(name, "cox", paste(covariates, collapse = "+"), paste0(ties, ":", x), what, digits(values[x, what]))
  }
}

cat("# ", R.version.string, ", survival ", format(packageVersion("survival")), "\n", sep = "")
cat("dataset,kind,who,by,statistic,value\n")
for (name in unique(patients$dataset)) {
  of <- patients[patients$dataset == name, ]
  medians(name, of, "all")
  for (group in unique(of$group)) medians(name, of[of$group == group, ], group)
  test <- survdiff(Surv(time, event) ~ group, data = of)
  df <- length(test$n) - 1
  line(name, "log-rank", "groups", "survdiff", "chi-square", digits(test$chisq))
  line(name, "log-rank", "groups", "survdiff", "p", digits(pchisq(test$chisq, df, lower.tail = FALSE)))
  cox(name, of, "x1")
  cox(name, of, c("x1", "x2", "x3"))
}
