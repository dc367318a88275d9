# Medians and their 95% limits by survfit, for tests/test_km.py. Made with R 4.2.2 and survival 3.5-3:
#   Rscript data/reference/median-intervals.R > data/reference/median-intervals.csv
# Uncensored groups of 5 to 60 have the times 1, 2, ..., n; the data set "aml" of the package has censored times and ties.
suppressPackageStartupMessages(library(survival))
bands <- c(log = "log", "log-log" = "log-log", plain = "plain", arcsine = "arcsin", logit = "logit")
report <- function(name, time, status) {
  for (band in names(bands)) {
    q <- quantile(survfit(Surv(time, status) ~ 1, conf.type = bands[[band]]), 0.5)
    cat(name, band, q$quantile, q$lower, q$upper, sep = ",")
    cat("\n")
  }
}
cat("data,band,median,lower,upper\n")
for (n in 5:60) report(n, seq_len(n), rep(1, n))
report("aml-all", aml$time, aml$status)
for (arm in levels(aml$x)) report(paste0("aml-", arm), aml$time[aml$x == arm], aml$status[aml$x == arm])
