# What R says of small made-up data, for the tests of secondlook.teaching.
# Run in the project's folder: Rscript data/reference/teaching.R   (R with its recommended package survival)
suppressPackageStartupMessages(library(survival))

i <- 1:40
data <- data.frame(
  x1 = as.integer(i %% 3 == 0), x2 = as.integer((i * 7) %% 10 < 4), rare = as.integer(i %in% c(4, 29, 38)),
  treated = as.integer((i * 11) %% 13 < 6), time = (i * 17) %% 41 + i / 100, event = as.integer((i * 5) %% 7 != 0),
  weight = 1 + (i %% 4) / 2
)
# nobody who has `rare` has the event: the ordinary estimate is infinite
data$event[data$rare == 1] <- 0L
write.csv(data, "data/reference/teaching-data.csv", row.names = FALSE, quote = FALSE, eol = "\n")

rows <- list()
keep <- function(name, values) for (k in seq_along(values))
  rows[[length(rows) + 1]] <<- data.frame(name = name, number = k, value = sprintf("%.8f", values[k]))

keep("glm", coef(glm(treated ~ x1 + x2, binomial, data)))
model <- coxph(Surv(time, event) ~ x1 + x2 + treated, data, ties = "breslow")
keep("cox", coef(model)); keep("cox.se", sqrt(diag(vcov(model))))
keep("cox.weighted", coef(coxph(Surv(time, event) ~ x1 + x2 + treated, data, weights = weight, ties = "breslow")))
keep("concordance", concordance(model)$concordance)
keep("ridge", coef(coxph(Surv(time, event) ~ ridge(x1, x2, treated, theta = 3, scale = FALSE), data, ties = "breslow")))

# restricted mean survival time with its standard error, in the whole and by treatment
for (horizon in c(12, 30)) for (arm in 0:1) {
  table <- summary(survfit(Surv(time, event) ~ 1, subset(data, treated == arm)), rmean = horizon)$table
  keep(paste0("rmst.", horizon, ".", arm), table[c("rmean", "se(rmean)")])
}

# Firth's penalised likelihood (Heinze & Schemper 2001): log-likelihood + half the log determinant of the information
penalised <- function(beta, terms) {
  at <- coxph(reformulate(terms, "Surv(time, event)"), data, init = beta, ties = "breslow", control = coxph.control(iter.max = 0))
  at$loglik[2] - 0.5 * log(det(vcov(at)))
}
for (terms in list("rare", c("rare", "x1"))) {
  found <- optim(rep(0, length(terms)), penalised, terms = terms, method = "BFGS", control = list(fnscale = -1, reltol = 1e-15))
  keep(paste0("firth.", length(terms)), found$par)
}
write.csv(do.call(rbind, rows), "data/reference/teaching.csv", row.names = FALSE, quote = FALSE, eol = "\n")
