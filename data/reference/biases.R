# What leaving out, losing and adjusting do, simulated by R with draws of its own: the claims of the chapters 52 and 67.
# Run in the project's folder: Rscript data/reference/biases.R > data/reference/biases.csv
# R with its recommended package survival. Each mean with its simulation error; the chapters' builds hold theirs against it.
suppressPackageStartupMessages(library(survival))
set.seed(20261201, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
text <- read.csv("data/published/text.csv", colClasses = "character")
printed <- function(id) as.numeric(text$printed[text$id == id])
lp <- printed("patients.size.lp"); r <- printed("patients.size.r")
all <- printed("patients.size.recruited"); gaps <- printed("patients.excluded.incomplete"); lost <- printed("patients.excluded.lost")
studies <- 160
cat("name,mean,se\n")
say <- function(name, values) {
  values <- values[is.finite(values)]
  cat(sprintf('"%s",%.5f,%.5f\n', name, mean(values), sd(values) / sqrt(length(values))))
}
# coxph without its formula, which takes most of its time: coefficients and their variance
cox <- function(x, time, died) coxph.fit(as.matrix(x) + 0, Surv(time, died), NULL, NULL, NULL, coxph.control(), NULL, "efron", NULL)
first <- function(model) unname(model$coefficients[1])

# --- chapter 67: gaps in a marker -------------------------------------------------------------------------------------
impute <- function(d, draws = 4) {  # Rubin (1987): Bayesian linear regression on drug, death and Nelson-Aalen
  d$hazard <- cumsum(d$died / rev(seq_len(nrow(d))))
  x <- cbind(1, d$drug, d$died, d$hazard); known <- !d$gap
  model <- lm.fit(x[known, ], d$marker[known])
  root <- chol(chol2inv(model$qr$qr[1:4, 1:4]))
  mean(replicate(draws, {
    sigma <- sqrt(sum(model$residuals^2) / rchisq(1, model$df.residual))
    beta <- model$coefficients + sigma * drop(t(root) %*% rnorm(4))
    marker <- d$marker
    marker[d$gap] <- drop(x[d$gap, ] %*% beta) + sigma * rnorm(sum(d$gap))
    first(cox(cbind(d$drug, marker), d$time, d$died))
  }))
}
score <- list(
  "anyone" = function(d) 0, "a high marker" = function(d) 2 * d$marker,
  "an early death with R" = function(d) 3 * (!d$drug & d$time < 6)
)
one <- function() {
  marker <- rnorm(all)
  odds <- lp / r * exp(-0.7 * marker)
  drug <- runif(all) < odds / (1 + odds)
  death <- rexp(all) / (log(2) / 9 * exp(0.7 * marker) * ifelse(drug, 0.7, 1))
  d <- data.frame(marker, drug, time = pmin(death, 24), died = as.numeric(death <= 24))[order(death), ]
  found <- c("left-out, nobody, 0, everyone" = first(cox(cbind(d$drug, d$marker), d$time, d$died)))
  for (rule in names(score)) for (many in c(gaps, 3 * gaps)) {
    chance <- score[[rule]](d) - log(-log(runif(all)))
    d$gap <- rank(-chance) <= many
    name <- sprintf("left-out, %s, %d, ", rule, many)
    k <- !d$gap
    found[paste0(name, "complete cases")] <- first(cox(cbind(d$drug, d$marker)[k, ], d$time[k], d$died[k]))
    found[paste0(name, "imputed")] <- impute(d)
  }
  found
}
table <- replicate(studies, one())
for (name in rownames(table)) say(name, table[name, ])

# --- chapter 67: losses -----------------------------------------------------------------------------------------------
turning <- function(debt, progression, before, after)
  ifelse(debt / before < progression, debt / before, progression + (debt - before * progression) / after)
at_a_year <- function(d) 100 * summary(survfit(Surv(time, died) ~ 1, d), times = 12, extend = TRUE)$surv
weighted <- function(d) {
  before <- pmin(d$time, d$progression); after <- d$time - before
  rates <- c(sum(d$gone & after == 0) / sum(before), sum(d$gone & after > 0) / sum(after))
  share <- 1
  for (moment in sort(d$time[d$died & d$time <= 12])) {
    there <- d$time >= moment; until <- pmin(moment, d$progression)
    weight <- exp(rates[1] * until + rates[2] * (moment - until))
    share <- share * (1 - sum(weight[d$died & d$time == moment]) / sum(weight[there]))
  }
  100 * share
}
ways <- function(loss, factor) {
  progression <- rexp(all) * 5
  death <- turning(rexp(all), progression, 1 / 40, 1 / 6)
  leaving <- turning(rexp(all), progression, loss, factor * loss)
  d <- data.frame(progression, time = pmin(death, leaving, 24))
  d$died <- d$time == death; d$gone <- d$time == leaving
  whole <- data.frame(time = pmin(death, 24), died = death <= 24)
  c("nobody lost" = at_a_year(whole), "censored" = at_a_year(d), "left out" = at_a_year(d[!d$gone, ]),
    "weighted" = weighted(d), "two cycles survived" = at_a_year(d[d$time > 1.5, ]))
}
how <- list(c(lost, 0.0095, 1), c(lost, 0.0015, 12), c(3 * lost, 0.005, 12))
for (k in seq_along(how)) {
  table <- replicate(studies, ways(how[[k]][2], how[[k]][3]))
  for (way in rownames(table))
    say(sprintf("lost, %d %s, %s", how[[k]][1], if (k == 1) "by chance" else "after progression", way), table[way, ])
}

# --- chapter 52: what is adjusted for ---------------------------------------------------------------------------------
strong <- 2.2; size <- lp + r
graph <- function(role) {
  yes <- runif(size) < 0.5; hidden <- runif(size) < 0.5; choice <- log(lp / r); risk <- 0
  if (role %in% c("confounder", "cause of the choice only")) choice <- choice - 1.5 * (yes - 0.5)
  drug <- runif(size) < plogis(choice)
  if (role %in% c("confounder", "cause of death only")) risk <- log(strong) * yes
  if (role == "mediator") { yes <- runif(size) < ifelse(drug, 0.65, 0.25); risk <- -log(strong) * yes }
  if (role == "collider") {
    yes <- runif(size) < ifelse(drug, 0.1, 0.5) + 0.45 * hidden; risk <- -2 * log(strong) * hidden
  }
  death <- rexp(size) / exp(risk)
  died <- rep(1, size)
  never <- first(cox(drug, death, died)); always <- first(cox(cbind(drug, yes), death, died))
  alone <- cox(yes, death, died)
  p <- 2 * pnorm(-abs(first(alone)) / sqrt(alone$var[1, 1]))
  c("never" = never, "always" = always, "if significant" = if (p < 0.05) always else never)
}
for (role in c("confounder", "mediator", "collider", "cause of the choice only", "cause of death only")) {
  table <- replicate(studies, graph(role))
  for (policy in rownames(table)) say(sprintf("graph, %s, %s", role, policy), table[policy, ])
}
