# Cox tables of public data sets as R prints them: HR, 95 % limits and Wald p, rounded to 2 and to 3 decimals.
# Positive controls: every row is true, so nothing in them may be flagged.
# Run in the project's folder: Rscript data/reference/cox-tables.R   (R with its recommended package survival)
suppressPackageStartupMessages(library(survival))

models <- list(
  list("veteran", "all", coxph(Surv(time, status) ~ trt + celltype + karno + diagtime + age + prior, data = veteran)),
  list("lung", "age + sex", coxph(Surv(time, status) ~ age + sex, data = lung)),
  list("lung", "all", coxph(Surv(time, status) ~ age + sex + ph.ecog + ph.karno + pat.karno + meal.cal + wt.loss, data = lung)),
  list("pbc", "five", coxph(Surv(time, status == 2) ~ age + edema + log(bili) + log(protime) + log(albumin), data = pbc)),
  list("pbc", "all", coxph(Surv(time, status == 2) ~ trt + age + sex + ascites + hepato + spiders + edema + bili + chol +
    albumin + copper + alk.phos + ast + trig + platelet + protime + factor(stage), data = pbc)),
  list("colon", "deaths", coxph(Surv(time, status) ~ rx + sex + age + obstruct + perfor + adhere + node4 + extent,
    data = subset(colon, etype == 2))),
  list("ovarian", "all", coxph(Surv(futime, fustat) ~ age + resid.ds + rx + ecog.ps, data = ovarian)),
  list("gbsg", "all", coxph(Surv(rfstime, status) ~ age + meno + size + grade + nodes + pgr + er + hormon, data = gbsg)),
  list("kidney", "all", coxph(Surv(time, status) ~ age + sex + disease, data = kidney)),
  list("transplant", "sex", coxph(Surv(futime, event == "death") ~ age + sex, data = subset(transplant, futime > 0)))
)
for (name in c("trt", "celltype", "karno", "diagtime", "age", "prior"))
  models <- c(models, list(list("veteran", name, coxph(reformulate(name, "Surv(time, status)"), data = veteran))))
for (name in c("age", "sex", "ph.ecog", "ph.karno", "pat.karno", "wt.loss"))
  models <- c(models, list(list("lung", name, coxph(reformulate(name, "Surv(time, status)"), data = lung))))
for (name in c("age", "sex", "edema", "bili", "albumin", "ascites", "spiders", "trt"))
  models <- c(models, list(list("pbc", name, coxph(reformulate(name, "Surv(time, status == 2)"), data = pbc))))

printed <- function(x, places) sprintf(paste0("%.", places, "f"), x)
rows <- do.call(rbind, lapply(models, function(model) {
  table <- summary(model[[3]])
  p <- table$coefficients[, "Pr(>|z|)"]
  do.call(rbind, lapply(2:3, function(places) data.frame(
    dataset = model[[1]], model = model[[2]], term = rownames(table$conf.int), places = places,
    hr = printed(table$conf.int[, "exp(coef)"], places), lower = printed(table$conf.int[, "lower .95"], places),
    upper = printed(table$conf.int[, "upper .95"], places), p = ifelse(p < 0.001, "<0.001", printed(p, 3))
  )))
}))
write.csv(rows, "data/reference/cox-tables.csv", row.names = FALSE, quote = FALSE, eol = "\n")
