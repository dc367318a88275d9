# What the patients of a file print, by R's survival package, for the targets that the package lists.
# Run in the project's folder, with survival from Debian's r-cran-survival or CRAN:
#   secondlook cohort targets | Rscript data/reference/cohort-verify.R [FILE [TIES [BAND]]] > data/reference/cohort-verify.csv
# FILE is data/cohort/synthetic.csv when none is named. cohort-stand-in.csv beside this script is a file of invented
# patients with ties and early censoring, and cohort-stand-in-verify.csv is what the script printed of it.
# Cox models with ties by Efron's method (or as TIES says: breslow), medians with limits from the log-log band (or BAND:
# log, and then the median is the one that print() gives), log-rank tests, each on the patients of whom it is known
# (an empty cell is unknown). No number and no
# column of the paper stands here: what each target is computed from stands in the list. The first line that is printed
# says which R and which survival made the rest; the columns are those of the same names of
#   secondlook cohort verify FILE --format csv
# There a number is attained when lifelines prints it too. The two can differ in a median whose curve lies at one half
# over a stretch (R takes its middle), in a limit at the last event (R has none), and now and then in the last digit of
# a hazard ratio or p (lifelines stops its iteration earlier).
suppressPackageStartupMessages(library(survival))
given <- commandArgs(trailingOnly = TRUE)
path <- if (length(given)) given[1] else "data/cohort/synthetic.csv"
ties <- if (length(given) > 1) given[2] else "efron"
band <- if (length(given) > 2) given[3] else "log-log"
as_text <- function(from, ...) read.csv(from, colClasses = "character", check.names = FALSE, na.strings = character(0), ...)
patients <- as_text(path, fileEncoding = "UTF-8-BOM")
targets <- as_text(file("stdin"))

column <- function(name) {
  if (is.null(patients[[name]])) stop(path, " has no column ", name)
  patients[[name]]
}

# Who has one of the codes that a term such as "ecog=0|1" names; an empty term means everyone.
members <- function(term) {
  if (term == "") return(rep(TRUE, nrow(patients)))
  parts <- strsplit(term, "=", fixed = TRUE)[[1]]
  cells <- column(parts[1])
  ifelse(cells == "", NA, cells %in% strsplit(parts[2], "|", fixed = TRUE)[[1]])
}

# What does not exist is NA: a ratio of a group without patients or events, or one that grows without end. coxph stops
# somewhere on that way with a warning, so a log hazard ratio beyond 12 stands for it.
cox <- function(terms, time, event) {
  none <- c(hr = NA, lower = NA, upper = NA, p = NA)
  if (!any(event == 1, na.rm = TRUE)) return(none)
  x <- sapply(terms, function(term) as.numeric(members(term)))
  fit <- suppressWarnings(coxph(Surv(time, event) ~ x, ties = ties))
  if (anyNA(coef(fit)) || any(abs(coef(fit)) > 12)) return(none)
  found <- summary(fit)
  c(hr = found$conf.int[1, "exp(coef)"], lower = found$conf.int[1, "lower .95"],
    upper = found$conf.int[1, "upper .95"], p = found$coefficients[1, "Pr(>|z|)"])
}

median_of <- function(terms, time, event) {
  of <- which(members(terms[1]) & !is.na(time) & !is.na(event))
  if (!length(of)) return(c(median = NA, lower = NA, upper = NA))
  fit <- survfit(Surv(time[of], event[of]) ~ 1, conf.type = band)
  if (band == "log") {
    shown <- summary(fit)$table
    return(c(median = unname(shown["median"]), lower = unname(shown["0.95LCL"]), upper = unname(shown["0.95UCL"])))
  }
  q <- quantile(fit, 0.5)
  c(median = unname(q$quantile), lower = unname(q$lower), upper = unname(q$upper))
}

log_rank <- function(terms, time, event) {
  group <- rep(NA_integer_, nrow(patients))
  for (number in seq_along(terms)) group[which(members(terms[number]))] <- number
  group[is.na(time) | is.na(event)] <- NA
  if (length(unique(na.omit(group))) < 2 || !any(event[!is.na(group)] == 1, na.rm = TRUE)) return(c(p = NA))
  # All events at one time leave no variance, and R then stops in solve().
  test <- tryCatch(survdiff(Surv(time, event) ~ group), error = function(e) {
    if (grepl("singular", conditionMessage(e))) NULL else stop(e)
  })
  c(p = if (is.null(test)) NA else pchisq(test$chisq, length(test$n) - 1, lower.tail = FALSE))
}

value_of <- function(target) {
  compute <- switch(target$kind, "median" = median_of, "log-rank" = log_rank, cox)
  terms <- if (target$terms == "") "" else strsplit(target$terms, ";", fixed = TRUE)[[1]]
  found <- compute(terms, as.numeric(column(target$time)), as.numeric(column(target$event)))
  found[[target$statistic]]
}

# A wanted string taken apart: its bound (< or >, empty for none), its number and its decimals.
parts_of <- function(wanted) {
  bound <- regmatches(wanted, regexpr("^[<>]?", wanted))
  digits <- trimws(substring(wanted, nchar(bound) + 1))
  list(bound = bound, value = as.numeric(digits),
    places = if (grepl(".", digits, fixed = TRUE)) nchar(sub("^.*[.]", "", digits)) else 0)
}

# Printed with the decimals of the wanted string; a value that a wanted bound covers is that bound.
printed <- function(value, wanted) {
  if (is.na(value)) return("none")
  like <- parts_of(wanted)
  covered <- (like$bound == "<" && value < like$value) || (like$bound == ">" && value > like$value)
  if (covered) wanted else sprintf("%.*f", like$places, value)
}

# By how many units of the last digit a value misses; at least one where it lies on the wrong side of a bound.
off_by <- function(value, wanted) {
  if (is.na(value)) return(NA)
  got <- printed(value, wanted)
  like <- parts_of(wanted)
  if (got == wanted) return(0)
  if (like$bound != "") return(max(1, ceiling(abs(value - like$value) * 10^like$places)))
  round(abs(as.numeric(got) - like$value) * 10^like$places)
}

values <- vapply(seq_len(nrow(targets)), function(i) as.numeric(value_of(targets[i, ])), numeric(1))
off <- mapply(off_by, values, targets$wanted)
cat("# ", R.version.string, ", survival ", format(packageVersion("survival")), "\n", sep = "")
write.csv(
  data.frame(
    value_id = targets$value_id, wanted = targets$wanted, got = mapply(printed, values, targets$wanted),
    attained = ifelse(!is.na(off) & off == 0, "yes", "no"), off = ifelse(is.na(off), "", off)
  ),
  row.names = FALSE, quote = FALSE, eol = "\n"
)
