# The estimates of estimates.py by R's survival: Rscript estimates.R FOLDER > estimates-r.csv
suppressPackageStartupMessages(library(survival))
folder <- commandArgs(TRUE)[1]
read <- function(name) read.csv(file.path(folder, paste0(name, ".csv")), na.strings = c("", "NA"), stringsAsFactors = FALSE)
patients <- read("patients"); whole <- read("whole"); draws <- read("draws")
month <- 365.25 / 12; landmark <- 126; end <- as.Date("2023-12-31")
adjusted <- "ecog_1 + ecog_2 + spread + log_marker + age + albumin"

days <- function(table, from) {
  since <- as.Date(table[[from]])
  for (name in c("eligible", "start", "response", "progression", "switch", "death", "last_contact"))
    table[[name]] <- as.numeric(as.Date(table[[name]]) - since)
  table$died <- !is.na(table$death)
  table$a <- as.numeric(table$drug == "A")
  table$ecog_1 <- as.numeric(table$ecog == 1); table$ecog_2 <- as.numeric(table$ecog == 2)
  table$log_marker <- log10(table$marker)
  table
}
say <- function(lesson, method, value, se = NA) cat(sprintf('"%s","%s",%.10g,%.10g\n', lesson, method, value, se))
fit <- function(right, table, left = "Surv(last_contact, died)") {
  model <- coxph(as.formula(paste(left, "~", right)), data = table)
  c(coef(model)[1], sqrt(vcov(model)[1, 1]))
}
in_time <- function(table, change, covariates) {
  rows <- do.call(rbind, lapply(seq_len(nrow(table)), function(i) {
    row <- table[i, ]; begins <- row[[change]]; last <- row$last_contact
    cuts <- if (!is.na(begins) && begins < last && begins > 0) c(0, begins, last) else c(0, last)
    k <- length(cuts) - 1
    part <- row[rep(1, k), ]
    part$begin <- cuts[1:k]; part$finish <- cuts[2:(k + 1)]
    part$dies <- row$died & part$finish == last
    part$state <- as.numeric(seq_len(k) == 2 | (!is.na(begins) & begins <= 0))
    part
  }))
  fit(paste("state +", covariates), rows, "Surv(begin, finish, dies)")
}
at <- function(table, day, weights = rep(1, nrow(table)))
  summary(survfit(Surv(last_contact, died) ~ 1, data = table, weights = weights), times = day, extend = TRUE)$surv

took <- whole$drug != "none"
recorded <- days(patients[took, ], "start"); full <- days(whole[took, ], "start"); everyone <- days(whole, "eligible")
until <- as.numeric(end - as.Date(patients$start[took]))
cat("lesson,method,value,se\n")

lesson <- "responders, hazard ratio"
recorded$responded <- as.numeric(!is.na(recorded$response))
alive <- recorded[recorded$last_contact > landmark, ]
alive$responded <- as.numeric(!is.na(alive$response) & alive$response <= landmark)
alive$last_contact <- alive$last_contact - landmark
for (found in list(list("by best response, from the start", fit("responded + a", recorded)),
                   list("landmark", fit("responded + a", alive)),
                   list("changing in time", in_time(recorded, "response", "a"))))
  say(lesson, found[[1]], found[[2]][1], found[[2]][2])

lesson <- "A against none or B, hazard ratio"
for (found in list(list("ever A, from eligibility", fit(paste("a +", adjusted), everyone)),
                   list("from the start of the drug", fit(paste("a +", adjusted), full))))
  say(lesson, found[[1]], found[[2]][1], found[[2]][2])

lesson <- "survival at 12 months, A - B, points"
year <- 12 * month; is_a <- full$a == 1
chance <- fitted(glm(as.formula(paste("a ~", adjusted)), binomial, full, control = list(epsilon = 1e-14, maxit = 50)))
standardised <- sapply(list(is_a, !is_a), function(group) {  # a model for each drug: hazards need not be proportional
  model <- coxph(as.formula(paste("Surv(last_contact, died) ~", adjusted)), data = full[group, ])
  curves <- survfit(model, newdata = full, stype = 2, ctype = 1)  # Breslow's baseline, as lifelines
  mean(summary(curves, times = year)$surv)
})
weights <- ifelse(is_a, 1 / chance, 1 / (1 - chance))
logit <- log(chance / (1 - chance)); free <- which(!is_a); first <- second <- integer()
for (place in which(is_a)) {
  gaps <- abs(logit[free] - logit[place])
  if (length(free) && min(gaps) <= 0.2 * sd(logit)) {
    first <- c(first, place); second <- c(second, free[which.min(gaps)]); free <- free[-which.min(gaps)]
  }
}
say(lesson, "as it stands", 100 * (at(full[is_a, ], year) - at(full[!is_a, ], year)))
say(lesson, "standardised", 100 * (standardised[1] - standardised[2]))
say(lesson, "weighted", 100 * (at(full[is_a, ], year, weights[is_a]) - at(full[!is_a, ], year, weights[!is_a])))
say(lesson, "matched", 100 * (at(full[first, ], year) - at(full[second, ], year)))

filled <- function(variable, draw) {
  values <- draws[draws$variable == variable & draws$draw == draw, ]
  table <- full; gap <- is.na(recorded[[variable]])
  table[[variable]][gap] <- values$value[match(table$patient[gap], values$patient)]
  table
}
lesson <- "A against B, albumin missing, hazard ratio"
every <- sapply(unique(draws$draw), function(draw) fit(paste("a +", adjusted), filled("albumin", draw)))
complete <- fit(paste("a +", adjusted), full[!is.na(recorded$albumin), ])
say(lesson, "complete cases", complete[1], complete[2])
say(lesson, "imputed", mean(every[1, ]), sqrt(mean(every[2, ]^2) + (1 + 1 / ncol(every)) * var(every[1, ])))
nothing <- fit(paste("a +", adjusted), full)
say(lesson, "nothing missing", nothing[1], nothing[2])
lesson <- "mean quality of life"
say(lesson, "complete cases", mean(recorded$qol, na.rm = TRUE))
say(lesson, "imputed", mean(sapply(unique(draws$draw), function(draw) mean(filled("qol", draw)$qol))))
say(lesson, "nothing missing", mean(full$qol))

lesson <- "survival at 18 months, %"
half <- 18 * month
progressed <- ifelse(is.na(recorded$progression), Inf, recorded$progression)
leaves <- !recorded$died & recorded$last_contact < until
after <- pmax(recorded$last_contact - progressed, 0)
rates <- c(sum(leaves & progressed >= recorded$last_contact) / sum(pmin(recorded$last_contact, progressed)),
           sum(leaves & progressed < recorded$last_contact) / sum(after))
estimate <- 1
for (day in sort(unique(recorded$last_contact[recorded$died & recorded$last_contact <= half]))) {
  there <- recorded$last_contact >= day
  weight <- exp(rates[1] * pmin(day, progressed) + rates[2] * pmax(day - progressed, 0))
  dies <- there & recorded$last_contact == day & recorded$died
  estimate <- estimate * (1 - sum(weight[dies]) / sum(weight[there]))
}
say(lesson, "Kaplan-Meier", 100 * at(recorded, half))
say(lesson, "weighted for loss", 100 * estimate)
say(lesson, "nobody lost", 100 * at(full, half))

lesson <- "survival a year after eligibility, wait for A - take B, points"
week <- 7; grace <- 120
chance_of <- function(taken, among) {
  model <- glm(as.formula(paste("taken ~", adjusted)), binomial, transform(everyone, taken = taken)[among, ],
               control = list(epsilon = 1e-14, maxit = 50))
  predict(model, everyone, type = "response")
}
last <- everyone$last_contact
took_b <- everyone$drug == "B"; took_a <- everyone$drug == "A" & everyone$start <= grace
chance_b <- chance_of(took_b, last > week); chance_a <- chance_of(took_a, last > grace & !took_b)
span <- function(here, begin, end, weight) data.frame(
  begin = begin, finish = pmin(last, end), dies = everyone$died & last <= end, weight = weight)[here & last > begin, ]
all <- rep(TRUE, nrow(everyone))
take_b <- rbind(span(all, 0, week, 1), span(took_b, week, Inf, 1 / chance_b))
wait <- rbind(span(all, 0, week, 1), span(!took_b, week, grace, 1 / (1 - chance_b)),
              span(took_a, grace, Inf, 1 / (1 - chance_b) / chance_a))
curve <- function(rows, weights)
  100 * summary(survfit(Surv(begin, finish, dies) ~ 1, rows, weights = weights), times = year, extend = TRUE)$surv
say(lesson, "by the drug that was taken", 100 * (at(everyone[everyone$drug == "A", ], year) - at(everyone[took_b, ], year)))
say(lesson, "clones, censored", curve(wait, rep(1, nrow(wait))) - curve(take_b, rep(1, nrow(take_b))))
say(lesson, "clones, censored and weighted", curve(wait, wait$weight) - curve(take_b, take_b$weight))

lesson <- "A against B, by what is adjusted for, hazard ratio"
full$responded <- as.numeric(!is.na(full$response)); full$progressed <- as.numeric(!is.na(full$progression)); full$female <- as.numeric(full$sex == "F")
significant <- Filter(function(terms) {
  model <- coxph(as.formula(paste("Surv(last_contact, died) ~", terms)), data = full)
  summary(model)$logtest["pvalue"] < 0.05
}, c("spread", "log_marker", "age", "female", "albumin", "responded", "progressed", "ecog_1 + ecog_2"))
for (found in list(list("nothing", "a"), list("what the drawing says", "a + ecog_1 + ecog_2 + albumin + spread"),
                   list("all that was recorded before", paste("a +", adjusted)),
                   list("what is significant, progression too", paste(c("a", significant), collapse = " + ")))) {
  estimate <- fit(found[[2]], full)
  say(lesson, found[[1]], estimate[1], estimate[2])
}

lesson <- "progression within a year, %"
recorded$first <- ifelse(is.na(recorded$progression), recorded$last_contact, recorded$progression)
recorded$what <- factor(ifelse(!is.na(recorded$progression), "progression", ifelse(recorded$died, "death", "censored")),
                    c("censored", "progression", "death"))
alone <- summary(survfit(Surv(first, what == "progression") ~ 1, recorded), times = year)$surv
states <- summary(survfit(Surv(first, what) ~ 1, recorded), times = year)
say(lesson, "1 - Kaplan-Meier, deaths censored", 100 * (1 - alone))
say(lesson, "Aalen-Johansen", 100 * states$pstate[1, states$states == "progression"])
