# Simulated tables of models, each row made in many ways by R: Wald, likelihood-ratio, score and log-rank tests, limits by
# Wald and by profile likelihood (the likelihood itself, solved), exact and bootstrap limits of odds ratios.
# Every row is true. Tables: "cox" (models of one covariate), "adjusted" (Cox models of four), "logit" (logistic, one).
# Run in the project's folder: Rscript data/reference/makings.R   (R with its recommended package survival; minutes)
suppressPackageStartupMessages(library(survival))
set.seed(20261130)
z <- qnorm(0.975)
LEVEL <- 0.95

# The limits by profile likelihood: where twice the log-likelihood has fallen by z squared; NA where it never does.
profile_limits <- function(loglik, b, s) {
  top <- loglik(b)
  room <- function(t) loglik(t) - top + z^2 / 2
  limit <- function(side) {
    k <- 1
    while (room(b + side * k * z * s) > 0 && k < 40) k <- k * 1.5
    if (k >= 40) NA else uniroot(room, sort(c(b, b + side * k * z * s)), tol = 1e-10)$root
  }
  c(limit(-1), limit(1))
}

# Breslow's partial likelihood of one covariate as a function of its coefficient.
partial <- function(time, status, x) {
  o <- order(time); time <- time[o]; status <- status[o]; x <- x[o]
  first <- match(time, time)
  function(b) sum(status * (b * x - log(rev(cumsum(rev(exp(b * x))))[first])))
}

made <- function(model, t, kind, n, events, exposed, b, s, lr, score, logrank = NA, limits = c(NA, NA), exact = c(NA, NA, NA),
                 boot = c(NA, NA)) {
  data.frame(model = model, study = t, kind = kind, n = n, events = events, exposed = exposed, b = b, s = s, lr = lr, score = score,
    logrank = logrank, profile_lower = limits[1], profile_upper = limits[2], exact_lower = exact[1], exact_upper = exact[2],
    exact_p = exact[3], boot_lower = boot[1], boot_upper = boot[2], row.names = NULL)
}

cox_row <- function(t, d, x, kind) {
  fit <- coxph(Surv(time, status) ~ x, data = d, ties = "breslow")
  b <- unname(coef(fit)); s <- sqrt(vcov(fit)[1, 1]); tests <- summary(fit)
  logrank <- if (kind == "binary") pchisq(survdiff(Surv(d$time, d$status) ~ x)$chisq, 1, lower.tail = FALSE) else NA
  made("cox", t, kind, nrow(d), sum(d$status), sum(d$status[x > 0]), b, s, tests$logtest["pvalue"],
    tests$sctest["pvalue"], logrank, profile_limits(partial(d$time, d$status, x), b, s))
}

adjusted_rows <- function(t, d, X, kind) {
  fit <- coxph(Surv(time, status) ~ X, data = d, ties = "breslow")
  do.call(rbind, lapply(1:4, function(j) {
    rest <- X[, -j]
    loglik <- function(beta) coxph(Surv(time, status) ~ rest + offset(beta * X[, j]), data = d, ties = "breslow")$loglik[2]
    b <- unname(coef(fit)[j]); s <- sqrt(vcov(fit)[j, j])
    lr <- pchisq(2 * (fit$loglik[2] - loglik(0)), 1, lower.tail = FALSE)
    made("adjusted", t, kind[j], nrow(d), sum(d$status), sum(d$status[X[, j] > 0]), b, s, lr, NA, NA,
      profile_limits(loglik, b, s))
  }))
}

logit_row <- function(t, y, x, kind) {
  fit <- glm(y ~ x, family = binomial())
  b <- unname(coef(fit)[2]); s <- sqrt(vcov(fit)[2, 2])
  if (s > 3) return(NULL)
  loglik <- function(beta) -glm.fit(matrix(1, length(y), 1), y, offset = beta * x, family = binomial())$deviance / 2
  mu <- mean(y)
  score <- pchisq(sum(x * (y - mu))^2 / (mu * (1 - mu) * sum((x - mean(x))^2)), 1, lower.tail = FALSE)
  exact <- boot <- c(NA, NA, NA)
  if (kind == "binary") {
    found <- fisher.test(table(x, y))
    exact <- c(log(found$conf.int), found$p.value)
    draws <- replicate(400, { i <- sample(length(y), replace = TRUE); k <- table(factor(x[i], 0:1), factor(y[i], 0:1))
      log(k[1] * k[4] / (k[2] * k[3])) })
    if (all(is.finite(draws))) boot <- unname(quantile(draws, c(0.025, 0.975)))
  }
  made("logit", t, kind, length(y), sum(y), sum(y[x > 0]), b, s,
    pchisq(fit$null.deviance - fit$deviance, 1, lower.tail = FALSE), score, NA, profile_limits(loglik, b, s), exact, boot[1:2])
}

one_study <- function(t) {
  n <- sample(c(68, 90, 130, 250), 1)
  kind <- sample(c("binary", "continuous"), 12, TRUE, c(0.8, 0.2))
  X <- sapply(kind, function(k) if (k == "binary") rbinom(n, 1, runif(1, 0.15, 0.6)) else exp(rnorm(n)) * 2)
  beta <- rnorm(12, 0, 0.35) * ifelse(kind == "binary", 1, 0.15)
  latent <- rexp(n) * exp(-as.vector(scale(X, scale = FALSE) %*% beta))
  censored <- runif(n, 0.2, quantile(latent, 0.97))
  d <- data.frame(time = pmin(latent, censored), status = as.integer(latent <= censored))
  rbind(do.call(rbind, lapply(1:12, function(j) cox_row(t, d, X[, j], kind[j]))), adjusted_rows(t, d, X[, 1:4], kind),
    do.call(rbind, lapply(1:12, function(j) logit_row(t, d$status, X[, j], kind[j]))))
}

rows <- do.call(rbind, lapply(1:40, one_study))
numbers <- sapply(rows, is.numeric)
rows[numbers] <- lapply(rows[numbers], signif, 8)
out <- "data/reference/makings.csv"
writeLines(paste("#", R.version.string, "with survival", packageVersion("survival")), out)
suppressWarnings(write.table(rows, out, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE, eol = "\n"))
