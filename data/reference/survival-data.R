# Public patients of R's survival package as CSV: those with all covariates, one row each. make.py adds two sets of
# lifelines and writes data/reference/survival-public-data.csv. Numbers have all their digits.
#   veteran: lung cancer (Kalbfleisch & Prentice 1980); lung: NCCTG (Loprinzi 1994); pbc: Mayo trial (Therneau &
#   Grambsch 2000), whose 312 randomised patients are taken.
suppressPackageStartupMessages(library(survival))
sets <- list(
  veteran = with(veteran, data.frame(time, event = status, group = as.character(celltype), x1 = trt - 1, x2 = karno, x3 = age)),
  lung = with(lung, data.frame(time, event = status - 1, group = paste0("sex-", sex), x1 = sex - 1, x2 = age, x3 = ph.ecog)),
  pbc = with(pbc, data.frame(time, event = as.numeric(status == 2), group = paste0("trt-", trt), x1 = trt - 1, x2 = age, x3 = bili))[1:312, ]
)
cat("dataset,time,event,group,x1,x2,x3\n")
digits <- function(x) if (is.numeric(x)) sprintf("%.15g", x) else x
for (name in names(sets)) {
  of <- na.omit(sets[[name]])
  write.table(data.frame(name, lapply(of, digits)), sep = ",", quote = FALSE, row.names = FALSE, col.names = FALSE, eol = "\n")
}
