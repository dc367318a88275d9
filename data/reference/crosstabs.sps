* Tests of association by PSPP for the tables of counts in data/reference/tables.csv (made from data/published by make.py).
* Run in the project's folder: pspp -O format=csv -o - data/reference/crosstabs.sps
* make.py brings what it prints into one row per statistic: data/reference/crosstabs.csv.
* A statistic is printed with 16 decimals, as SET FORMAT asks; a p value always with three, as in SPSS's own tables.
SET FORMAT=F40.16.
GET DATA /TYPE=TXT /FILE='data/reference/tables.csv' /ARRANGEMENT=DELIMITED /DELIMITERS=',' /FIRSTCASE=2
  /VARIABLES=place A40 row F8.0 column F8.0 count F8.0.
WEIGHT BY count.
SPLIT FILE LAYERED BY place.
CROSSTABS /TABLES=row BY column /STATISTICS=CHISQ.
