/* Made by `python -m secondlook.pages.paste_data`, of forms.toml, readings.json, repair-chances.json; not edited. */
globalThis.SecondLookForms = {
 "limits": {
  "line": 400,
  "tokens": 120,
  "digits": 30,
  "capitals": [
   "OR",
   "aOR",
   "cOR",
   "mOR",
   "uOR",
   "AOR",
   "ORadj",
   "ORs"
  ]
 },
 "characters": {
  " ": "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u000b\f\u2028\u2029\u0085",
  "": "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e",
  "-": "\u2212\u2010\u2011\u00af\ufe63",
  "\u2013": "\u2012\u2014\u2015\u2043\ufe58",
  "~": "\u223c\u301c\u02dc",
  "\u2264": "\u2a7d\u2266\u2264",
  "\u2265": "\u2a7e\u2267\u2265",
  "\u2248": "\u2245\u2243\u2248",
  "'": "\u2019\u2018\u00b4`",
  ";": "\t|\u00a6\u2502",
  "(": "[{",
  ")": "]}",
  "x": "\u00d7\u2715"
 },
 "replacements": {
  "clean": [
   [
    "< ?=|= ?<",
    "\u2264"
   ],
   [
    "> ?=|= ?>",
    "\u2265"
   ],
   [
    "(?<=[0-9]) ?[\u00b7\u2219\u22c5\u2027\u30fb](?= ?10 ?[\\^\u207b])",
    "x"
   ],
   [
    "[\u00b7\u2219\u22c5\u2027\u30fb](?=[0-9])",
    "."
   ],
   [
    "\u03c7 ?(?:\u00b2|2|\\^2)|[Cc]hi[- ]?squared?|[Cc]hi ?\\^?[2\u00b2]|[Xx]\u00b2",
    "chi2"
   ],
   [
    "I\u00b2|I\\^2",
    "I2"
   ],
   [
    "([Kk]g/m)\u00b2",
    "${1}2"
   ],
   [
    "[*\u2020\u2021\u00a7\u00b6\u2016#]+(?! ?10)",
    " "
   ],
   [
    "[\u1d43\u1d47\u1d9c\u1d48\u1d49\u1da0\u1d4d\u02b0]",
    ""
   ],
   [
    "(?<!10)(?<![\u207b\u2070\u00b9\u00b2\u00b3\u2074-\u2079])[\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u2070]+",
    ""
   ],
   [
    "(?<![A-Za-z0-9.,])[Oo](?=[.,][0-9OolI]+(?![A-Za-z]))",
    "0"
   ],
   [
    "(?<![A-Za-z0-9.,])[lI](?=[.,][0-9OolI]+(?![A-Za-z]))",
    "1"
   ],
   [
    "([0-9][.,][0-9]*)[Oo](?=[0-9OolI]*(?![A-Za-z0-9]))",
    "${1}0"
   ],
   [
    "([0-9][.,][0-9]*)[lI](?=[0-9OolI]*(?![A-Za-z0-9]))",
    "${1}1"
   ],
   [
    "([0-9][.,][0-9]*)[Oo](?=[0-9OolI]*(?![A-Za-z0-9]))",
    "${1}0"
   ],
   [
    "([0-9][.,][0-9]*)[lI](?=[0-9OolI]*(?![A-Za-z0-9]))",
    "${1}1"
   ],
   [
    ";",
    " ; "
   ],
   [
    " +",
    " "
   ],
   [
    "(?<![0-9.,])([0-9]{1,2})([.,]) ([0-9]{2,4})(?![0-9.,%])(?! ?(?:vs?|of|/))",
    "${1}${2}${3}"
   ],
   [
    "(?<![0-9.,])0 ([.,][0-9]{2,4})(?![0-9.,])",
    "0${1}"
   ],
   [
    "(\\([^()]{0,40}[0-9]) -(?=\\.?[0-9])",
    "${1}\u2013"
   ],
   [
    "(?<=[0-9]) ?[~\uff5e] ?(?=\\.?[0-9])",
    "\u2013"
   ]
  ],
  "point": [
   [
    "(\\.[0-9]+),(?=[0-9]*\\.[0-9])",
    "${1}, "
   ],
   [
    "((?:[Pp]|[Vv]alue|[Rr]ank|[Ss]ided|[Tt]rend)[)]? ?[=<>\u2264\u2265:]? ?[<>\u2264\u2265]? ?)0,(?=[0-9]+(?![0-9,.]))",
    "${1}0."
   ]
  ],
  "comma": [
   [
    "(?<![0-9.,])([0-9]{1,3})\\.([0-9]{3}),(?=[0-9])",
    "${1}${2},"
   ],
   [
    "(?<![0-9.,])([0-9]{1,3}) ([0-9]{3}),(?=[0-9])",
    "${1}${2},"
   ],
   [
    "([0-9]),(?=[0-9])",
    "${1}."
   ],
   [
    "(^|[ (<>\u2264\u2265=\u2013-]),(?=[0-9])",
    "${1}0."
   ]
  ],
  "none": [
   [
    "(?<=[0-9]),(?=[0-9]{1,2}(?![0-9]))",
    ", "
   ]
  ]
 },
 "locale": {
  "comma_first": "(?<![0-9.,])[0-9]{1,3}(?:\\.[0-9]{3})+,[0-9]",
  "point": "(?<![0-9])\\.[0-9]|[0-9]\\.[0-9]",
  "comma": "(?<![0-9,])0,[0-9]|(?<![0-9,])[0-9]+,[0-9]{1,2}(?![0-9,])|(?<![0-9,])[0-9]+,[0-9]{4,}|(?<![0-9.,])[0-9]{1,3} [0-9]{3},[0-9]|(?:^|[ (<>\u2264\u2265=]),[0-9]"
 },
 "scientific": {
  "pattern": "(?<![0-9.])([0-9]*\\.?[0-9]+) ?(?:e ?([-+\u2013]?[0-9]{1,2})|[x*] ?10 ?\\^? ?\\(?([-\u2013]?[0-9]{1,2})\\)?|[x*] ?10(\u207b?[\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079]+))(?![0-9.a-z])",
  "power": "(?<![0-9.])10(?: ?\\^ ?\\(?([-\u2013][0-9]{1,2})\\)?|(\u207b[\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079]+))(?![0-9.a-z])",
  "superscripts": "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
 },
 "tokens": {
  "all": [
   [
    "",
    "(?:[ ,:;=?!\"\u2026]|\\.(?![0-9]))+"
   ],
   [
    "?",
    "[<>\u2264\u2265]? ?[0-9]*(?:\\.[0-9]+){2,}"
   ],
   [
    "",
    "(?<=[0-9)])[a-h](?![a-z0-9])"
   ],
   [
    "",
    "(?<=[0-9)] )[a-h](?= ?$)"
   ],
   [
    "",
    "(?:(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+) ?% ?(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall) )?for (?:the )?(?:risk |absolute |rate )?differences?,?:? ?\\(?-?(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+) ?%? ?(?:[-\u2013]|to) ?-?(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+) ?%?\\)?"
   ],
   [
    "p",
    "p[ _-]?(?:values?)? ?(?:for|of)? ?\\(?(?:the )?inter(?:action)?\\)?(?![a-z0-9])",
    "p_of",
    "interaction"
   ],
   [
    "p",
    "p[ _-]?(?:values?)? ?(?:for|of)? ?\\(?(?:the )?(?:linear )?trend\\)?(?![a-z0-9])",
    "p_of",
    "trend"
   ],
   [
    "p",
    "p[ _-]?(?:values?)? ?(?:for|of)? ?\\(?(?:the )?het(?:erogeneity)?\\)?(?![a-z0-9])",
    "p_of",
    "heterogeneity"
   ],
   [
    "",
    "for (?:the )?interaction(?![a-z0-9])",
    "p_of",
    "interaction"
   ],
   [
    "",
    "for (?:the )?(?:linear )?trend(?![a-z0-9])",
    "p_of",
    "trend"
   ],
   [
    "",
    "(?:non-?inferiority|superiority|equivalence)(?: test)?(?![a-z0-9])",
    "p_of",
    "noninferiority"
   ],
   [
    "",
    "for (?:non-?inferiority|superiority|equivalence)(?![a-z0-9])",
    "p_of",
    "noninferiority"
   ],
   [
    "",
    "(?:adjusted|adj\\.?|corrected|bonferroni|holm)(?= p(?:[- ]?val|[ =<>:]))",
    "p_of",
    "adjusted"
   ],
   [
    "",
    "(?:one|1)[- ]?(?:sided|tailed|tail)(?: tests?)?(?![a-z0-9])",
    "sides",
    "1"
   ],
   [
    "",
    "(?:two|2)[- ]?(?:sided|tailed|tail)(?: tests?)?(?![a-z0-9])",
    "sides",
    "2"
   ],
   [
    "",
    "einseitig(?:er?|es)?(?![a-z0-9])",
    "sides",
    "1"
   ],
   [
    "",
    "zweiseitig(?:er?|es)?(?![a-z0-9])",
    "sides",
    "2"
   ],
   [
    "",
    "(?:stratified |unstratified )?log[- ]?rank(?: tests?)?(?![a-z0-9])",
    "p_of",
    "logrank"
   ],
   [
    "",
    "(?:likelihood[- ]ratio|lr|lrt)(?: tests?)?(?= ?[p,;)(])",
    "p_of",
    "lr"
   ],
   [
    "",
    "score tests?(?![a-z0-9])",
    "p_of",
    "score"
   ],
   [
    "",
    "gray(?:'?s)?(?: tests?)?(?![a-z0-9])",
    "p_of",
    "gray"
   ],
   [
    "",
    "fisher(?:'?s)?(?: exact)?(?: tests?)?(?![a-z0-9])",
    "p_of",
    "fisher"
   ],
   [
    "",
    "(?:pearson(?:'?s)? )?chi2(?: tests?)?(?! ?[=(0-9])(?![a-z])",
    "p_of",
    "chi2"
   ],
   [
    "",
    "mcnemar(?:'?s)?(?: tests?)?(?![a-z0-9])",
    "p_of",
    "mcnemar"
   ],
   [
    "",
    "(?:mann[- ]whitney(?: u)?|wilcoxon|kruskal[- ]wallis|t[- ]tests?|student(?:'?s)? t)(?: tests?)?(?![a-z0-9])",
    "p_of",
    "other test"
   ],
   [
    "",
    "wald(?: tests?)?(?= ?p(?:[- ]?val|[ =<>:]))",
    "p_of",
    "wald"
   ],
   [
    "",
    "(?:nominal|stratified|unstratified|descriptive)(?= |,|$)"
   ],
   [
    "X",
    "[5-9][0-9](?:\\.[0-9]+)? ?%? ?(?:cri|credible intervals?|hpd(?: interval)?)(?![a-z0-9])",
    "why",
    "a credible interval is no confidence interval"
   ],
   [
    "X",
    "(?:cri|credible intervals?|hpd)(?![a-z0-9])",
    "why",
    "a credible interval is no confidence interval"
   ],
   [
    "X",
    "(?:iqr|interquartile range|quartiles?|q1 ?[-\u2013] ?q3)(?![a-z0-9])",
    "why",
    "quartiles are no confidence limits"
   ],
   [
    "X",
    "(?:prediction intervals?|95% pi)(?![a-z0-9])",
    "why",
    "a prediction interval is no confidence interval"
   ],
   [
    "c",
    "([5-9][0-9](?:\\.[0-9]+)?) ?%? ?-?(?= ?(?:exact|clopper[- ]pearson|bootstrap(?:ped)?(?: percentile)?|(?:penali[sz]ed )?(?:profile[- ]likelihood|profile|likelihood)|mid[- ]?p|score|wilson|simultaneous|bonferroni(?:[- ](?:adjusted|corrected))?|multiplicity[- ]adjusted|repeated|wald|robust|asymptotic) (?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?![a-z0-9]))",
    "level",
    "$1"
   ],
   [
    "",
    "(?:exact|clopper[- ]pearson)(?= (?:[5-9][0-9](?:\\.[0-9]+)? ?%? ?-? ?)?(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?![a-z0-9]))",
    "interval",
    "exact"
   ],
   [
    "",
    "(?:bootstrap(?:ped)?(?: percentile)?)(?= (?:[5-9][0-9](?:\\.[0-9]+)? ?%? ?-? ?)?(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?![a-z0-9]))",
    "interval",
    "bootstrap"
   ],
   [
    "",
    "(?:(?:penali[sz]ed )?(?:profile[- ]likelihood|profile|likelihood))(?= (?:[5-9][0-9](?:\\.[0-9]+)? ?%? ?-? ?)?(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?![a-z0-9]))",
    "interval",
    "profile"
   ],
   [
    "",
    "(?:mid[- ]?p)(?= (?:[5-9][0-9](?:\\.[0-9]+)? ?%? ?-? ?)?(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?![a-z0-9]))",
    "interval",
    "mid-p"
   ],
   [
    "",
    "(?:score|wilson)(?= (?:[5-9][0-9](?:\\.[0-9]+)? ?%? ?-? ?)?(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?![a-z0-9]))",
    "interval",
    "score"
   ],
   [
    "",
    "(?:simultaneous|bonferroni(?:[- ](?:adjusted|corrected))?|multiplicity[- ]adjusted|repeated)(?= (?:[5-9][0-9](?:\\.[0-9]+)? ?%? ?-? ?)?(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?![a-z0-9]))",
    "interval",
    "simultaneous"
   ],
   [
    "",
    "(?:wald|robust|asymptotic)(?= (?:[5-9][0-9](?:\\.[0-9]+)? ?%? ?-? ?)?(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?![a-z0-9]))",
    "interval",
    "wald"
   ],
   [
    "",
    "bootstrap(?:ped)?(?![a-z0-9])",
    "interval",
    "bootstrap"
   ],
   [
    "c",
    "([5-9][0-9](?:\\.[0-9]+)?) ?%? ?-? ?(?:two|2|one|1)[- ]sided (?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?![a-z0-9])",
    "level",
    "$1"
   ],
   [
    "c",
    "([5-9][0-9](?:\\.[0-9]+)?) ?%? ?-? ?(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?![a-z0-9])",
    "level",
    "$1"
   ],
   [
    "c",
    "(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall) ?[:(-]* ?([89][0-9](?:\\.[0-9]+)?) ?%\\)?",
    "level",
    "$1"
   ],
   [
    "c",
    "(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall) ?(80|90|95|97\\.5|98|99)(?![0-9.]|[-\u2013]| ?to )",
    "level",
    "$1"
   ],
   [
    "c",
    "(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?![a-z0-9])"
   ],
   [
    "c",
    "(?:ci|ki|ic|c\\.i\\.|confidence intervals?|confidence limits?|conf\\. interval|konfidenzintervall)(?=[0-9.])"
   ],
   [
    "k",
    "exp\\(-coef\\)"
   ],
   [
    "L",
    "(?:exp\\(coef\\) )?(?:lower \\.?95|lower 95 ?%|95 ?% lower)(?: ?ci)?(?![a-z0-9])",
    "level",
    "95"
   ],
   [
    "U",
    "(?:exp\\(coef\\) )?(?:upper \\.?95|upper 95 ?%|95 ?% upper)(?: ?ci)?(?![a-z0-9])",
    "level",
    "95"
   ],
   [
    "k",
    "coef (?:lower|upper) 95 ?%"
   ],
   [
    "L",
    "(?:lower(?: (?:limit|bound|ci))?|lcl|ci lower)(?![a-z0-9])"
   ],
   [
    "U",
    "(?:upper(?: (?:limit|bound|ci))?|ucl|ci upper)(?![a-z0-9])"
   ],
   [
    "m",
    "exp\\(coef\\)",
    "measure",
    "HR"
   ],
   [
    "m",
    "exp\\([b\u03b2]\\)",
    "measure",
    "exp(b)"
   ],
   [
    "p",
    "pr\\(> ; z ; \\)|p ?> ?; ?[zt] ?;|sig\\.?(?= |,|;|$)"
   ],
   [
    "X",
    "(?:relative |absolute )?risk reductions?(?![a-z0-9])|rrr(?![a-z0-9])|arr(?![a-z0-9])",
    "why",
    "a reduction is no ratio"
   ],
   [
    "X",
    "(?:vaccine )?(?:efficacy|effectiveness)(?![a-z0-9])",
    "why",
    "an efficacy is no ratio"
   ],
   [
    "X",
    "(?:standardi[sz]ed |weighted )?mean differences?(?![a-z0-9])|(?:risk|absolute|rate|median|treatment) differences?(?![a-z0-9])|difference in [a-z]+|(?:s|w)?md(?= ?[=-])",
    "why",
    "a difference is no ratio"
   ],
   [
    "X",
    "(?:correlation|kappa|auc|auroc|c[- ]statistic|sensitivity|specificity|accuracy|ppv|npv)(?![a-z0-9])",
    "why",
    "the quantity is no ratio of hazards, odds or risks"
   ],
   [
    "m",
    "(?:adjusted |unadjusted |crude |univariable |multivariable |pooled |overall )?(?:sub[- ]?distribution |subdistribution |cause[- ]specific )?hazards? ratios?(?![a-z0-9])",
    "measure",
    "HR"
   ],
   [
    "m",
    "haz\\. ratio",
    "measure",
    "HR"
   ],
   [
    "m",
    "(?:adjusted |unadjusted |crude |pooled |common )?(?:odds ratios?|odds-ratio)(?![a-z0-9])",
    "measure",
    "OR"
   ],
   [
    "m",
    "(?:adjusted |unadjusted |crude |pooled )?(?:relative risks?|risk ratios?)(?![a-z0-9])",
    "measure",
    "RR"
   ],
   [
    "m",
    "(?:incidence )?rate ratios?(?![a-z0-9])",
    "measure",
    "IRR"
   ],
   [
    "m",
    "(?:adjusted |adj\\.? |crude |unadjusted |pooled )?s-?hr(?![a-z])",
    "measure",
    "SHR"
   ],
   [
    "m",
    "(?:adjusted |adj\\.? |crude |unadjusted |pooled )?(?:a|c|m|u|cs|adj\\.?)?-?hr(?:s|adj)?(?![a-z])",
    "measure",
    "HR"
   ],
   [
    "m",
    "(?:adjusted |adj\\.? |crude |unadjusted |pooled )?(?:aOR|cOR|mOR|uOR|AOR|ORadj|ORs|OR)(?![a-z])",
    "measure",
    "OR"
   ],
   [
    "m",
    "(?:adjusted |adj\\.? |crude |unadjusted |pooled )?(?:irr)(?![a-z])",
    "measure",
    "IRR"
   ],
   [
    "m",
    "(?:adjusted |adj\\.? |crude |unadjusted |pooled )?(?:a|c)?rr(?![a-z])",
    "measure",
    "RR"
   ],
   [
    "N",
    "p(?:[ -]?val(?:ue)?s?)? ?[=:]? ?(?:(?:is|was) )?(?:n\\.? ?s\\.?|not significant|non-?significant|not sig\\.?)(?![a-z0-9])"
   ],
   [
    "N",
    "(?:n\\.s\\.?|ns|not significant|non-?significant)(?![a-z0-9])"
   ],
   [
    "q",
    "(?:p|p\\.)(?:[ -]?val(?:ue)?s?)? ?[=:]"
   ],
   [
    "p",
    "p(?:[ -]?val(?:ue)?s?)(?![a-z])|p\\.?(?![a-z0-9-])|p(?=0?\\.[0-9])"
   ],
   [
    "R",
    "1(?:\\.0+)? ?\\(?(?:ref(?:erence|erent|\\.)?)\\)?(?![a-z0-9])\\)?"
   ],
   [
    "R",
    "(?:ref(?:erence|erent|\\.)?)[ :,=]* ?1(?:\\.0+)?(?![0-9.])"
   ],
   [
    "R",
    "(?:ref|reference|referent)(?: (?:group|level|category))?(?![a-z0-9])"
   ],
   [
    "",
    "n ?= ?(?=[0-9,]+ ?\\()"
   ],
   [
    "S",
    "n ?= ?([0-9]+(?:,[0-9]{3})*)(?![0-9.,]*[0-9])",
    "size",
    "$1"
   ],
   [
    "s",
    "(?:se\\(coef\\)|std\\.? ?err(?:or)?\\.?|standard error|s\\.e\\.|se|robust se|wald(?: ?chi2)?|chi2(?:\\([0-9]+\\))?|z(?:[- ]score|[- ]value)?|df|d\\.f\\.|i2|tau2|power|fdr|c[- ]index|coef|log hr) ?[=:]? ?[-\u2013]?(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+)(?: ?%)?(?![0-9.]*[0-9])"
   ],
   [
    "s",
    "(?:t|b|beta|\u03b2|q(?:[- ]value)?|weight|r|r2) ?= ?[-\u2013]?(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+)(?: ?%)?(?![0-9.]*[0-9])"
   ],
   [
    "k",
    "(?:se\\(coef\\)|std\\.? ?err(?:or)?\\.?|s\\.e\\.|se|wald|coef|df|z|b|\u03b2|chi2)(?= |;|$|\\))"
   ],
   [
    "w",
    "[<>\u2264\u2265] ?(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+) ?(?:%|(?:years?|yrs?|yo|y|months?|mos?|weeks?|wks?|days?|d|hours?|hrs?|h|min|mg|kg|g|ml|mm|cm|m2|nm|fr|gy|cells|(?:ng|pg|mg|ug|\u03bcg|\u00b5g|iu|u|g|mmol|\u03bcmol|\u00b5mol|umol|miu|kiu|ku|mu)/(?:ml|dl|l)|/ul|/\u03bcl|/\u00b5l|kg/m2|sd)(?![a-z0-9]))"
   ],
   [
    "w",
    "(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+) ?(?:[-\u2013]|to) ?(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+) ?(?:years?|yrs?|yo|y|months?|mos?|weeks?|wks?|days?|d|hours?|hrs?|h|min|mg|kg|g|ml|mm|cm|m2|nm|fr|gy|cells|(?:ng|pg|mg|ug|\u03bcg|\u00b5g|iu|u|g|mmol|\u03bcmol|\u00b5mol|umol|miu|kiu|ku|mu)/(?:ml|dl|l)|/ul|/\u03bcl|/\u00b5l|kg/m2|sd)(?![a-z0-9])"
   ],
   [
    "w",
    "(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+) ?(?:years?|yrs?|yo|y|months?|mos?|weeks?|wks?|days?|d|hours?|hrs?|h|min|mg|kg|g|ml|mm|cm|m2|nm|fr|gy|cells|(?:ng|pg|mg|ug|\u03bcg|\u00b5g|iu|u|g|mmol|\u03bcmol|\u00b5mol|umol|miu|kiu|ku|mu)/(?:ml|dl|l)|/ul|/\u03bcl|/\u00b5l|kg/m2|sd)(?![a-z0-9])"
   ],
   [
    "w",
    "[x*]? ?10 ?\\^?[\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u20790-9]{1,2} ?/ ?[l\u03bc\u00b5]l?(?![a-z0-9])"
   ],
   [
    "w",
    "[0-9]+(?:st|nd|rd|th|x|\\+)(?![a-z0-9])"
   ],
   [
    "w",
    "per [0-9]+(?:\\.[0-9]+)?(?![0-9.])"
   ],
   [
    "e",
    "(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+) ?(?:%|per ?cent(?![a-z0-9]))"
   ],
   [
    "n",
    "[1-9][0-9]{0,2}(?:,[0-9]{3})+\\.[0-9]+"
   ],
   [
    "t",
    "[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9]|[.,][0-9])"
   ],
   [
    "?",
    "[0-9]+,[0-9][0-9,.]*"
   ],
   [
    "g",
    "(?<![0-9)%] )(?<![0-9)%])[-\u2013] ?(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+)"
   ],
   [
    "g",
    "(?<=[0-9)%] )-(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+)"
   ],
   [
    "b",
    "[<>\u2264\u2265] ?(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+)"
   ],
   [
    "a",
    "(?:\u2248|~|about |approximately |ca\\. ) ?(?:[0-9]+\\.[0-9]+|\\.[0-9]+|[0-9]+)"
   ],
   [
    "w",
    "[0-9]+[a-z]{2,}[a-z0-9-]*"
   ],
   [
    "d",
    "0?\\.[0-9]+"
   ],
   [
    "u",
    "1\\.0+(?![0-9])"
   ],
   [
    "n",
    "[0-9]+\\.[0-9]+"
   ],
   [
    "i",
    "[0-9]+"
   ],
   [
    "E",
    "(?:nr|ne|nd|n\\.r\\.?|n\\.e\\.?|not (?:reached|estimable|estimated)|inf(?:inity)?|\u221e)(?![a-z0-9])"
   ],
   [
    "(",
    "\\("
   ],
   [
    ")",
    "\\)"
   ],
   [
    "v",
    "(?:versus|vs?\\.?|and|against|compared (?:with|to)|und|gegen)(?![a-z0-9])"
   ],
   [
    "o",
    "out of(?![a-z])|of(?![a-z])|von(?![a-z])|/"
   ],
   [
    "r",
    "(?:to|bis|through|until)(?![a-z])|[-\u2013~]+"
   ],
   [
    "",
    "(?:patients|participants|subjects|events)(?= ?[\\(;,:]| v| [0-9]|$)"
   ],
   [
    "w",
    "[a-z_\u00aa\u00b5\u00c0-\u024f\u0370-\u1fff\u2c00-\uffee&%+\u00b0\u2265\u2264<>][a-z0-9_\u00aa\u00b5\u00c0-\u024f\u0370-\u1fff\u2c00-\uffee'&%\u00b0]*(?:[-/+.\u2013][a-z0-9\u0370-\u03ff]+)*\\+?"
   ]
  ]
 },
 "rows": [
  {
   "kind": "ratio",
   "pattern": "([wvbieor()RkLUXnduatgEc]*?)c[(]*([nduiabE])r([nduiabE])[)]*m[w(]*([nduia])(?!r|[(]*c)[()]*(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))?(?:[(]?[)])*",
   "fields": [
    "label",
    "lower",
    "upper",
    "ratio",
    "p",
    "p",
    "p",
    "p"
   ]
  },
  {
   "kind": "ratio",
   "pattern": "([wvbieor()RkLU]*?)[pq]([ndiubNa])[(]*m[mw()c]*?([nduia])[()c]*([nduiabE])r?[()c]*([nduiabE])[)]*(?![()]*[pqN])",
   "fields": [
    "label",
    "p",
    "ratio",
    "lower",
    "upper"
   ]
  },
  {
   "kind": "ratio",
   "pattern": "([wvbieor()RkLUXnduatgEc]*?)m([nduia])(?:[pq]([ndiubNa]))?L([nduiabE])U([nduiabE])(?:[pq]([ndiubNa]))?",
   "fields": [
    "label",
    "ratio",
    "p",
    "lower",
    "upper",
    "p"
   ]
  },
  {
   "kind": "ratio",
   "pattern": "([wvbieor()RkLUXnduatgEc]*?)m[mw()cpvior]*?([nduia])[()c]*([nduiabE])r?[()c]*([nduiabE])[)]*[()]*(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))?(?:[(]?[)])*",
   "fields": [
    "label",
    "ratio",
    "lower",
    "upper",
    "p",
    "p",
    "p",
    "p"
   ]
  },
  {
   "kind": "ratio",
   "pattern": "([wvbieor()RkLUXnduatgEc]*?)m[mw()]*?([nduia])[()]*(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))(?:[(]?[)])*",
   "fields": [
    "label",
    "ratio",
    "p",
    "p",
    "p",
    "p"
   ]
  },
  {
   "kind": "ratio",
   "pattern": "([wvbieor()RkLU]*?)([ndu])[(][(c]*([nduiabE])r?([nduiabE])[)]*[()]*(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))(?:[(]?[)])*",
   "fields": [
    "label",
    "ratio",
    "lower",
    "upper",
    "p",
    "p",
    "p",
    "p"
   ]
  },
  {
   "kind": "ratio",
   "pattern": "([wvbieor()RkLU]*?)([ndu])c[(c]*([nduiabE])r?([nduiabE])[)]*(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))(?:[(]?[)])*",
   "fields": [
    "label",
    "ratio",
    "lower",
    "upper",
    "p",
    "p",
    "p",
    "p"
   ]
  },
  {
   "kind": "ratio",
   "needs": "measure",
   "pattern": "([wvbieor()RkLU]*?)([nduia])[()c]*([nduiabE])r?([nduiabE])[)]*(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))?(?:[(]?[)])*",
   "fields": [
    "label",
    "ratio",
    "lower",
    "upper",
    "p",
    "p",
    "p",
    "p"
   ]
  },
  {
   "kind": "ratio",
   "pattern": "((?:[wb(][wvbieor()RkLU]*?)?)([ndu])([ndub])r([ndub])(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))",
   "fields": [
    "label",
    "ratio",
    "lower",
    "upper",
    "p",
    "p",
    "p",
    "p"
   ]
  },
  {
   "kind": "ratio",
   "needs": "order",
   "pattern": "((?:[wb(][wvbieor()RkLU]*?)?)([ndu])([ndub])([ndub])(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))",
   "fields": [
    "label",
    "ratio",
    "lower",
    "upper",
    "p",
    "p",
    "p",
    "p"
   ]
  },
  {
   "kind": "counts",
   "pattern": "((?:w[irv]*|[b()])*?)([it])v([it])o([it])v([it])[)]*(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))?(?:[(]?[)])*",
   "fields": [
    "label",
    "n_1",
    "n_2",
    "size_1",
    "size_2",
    "p",
    "p",
    "p",
    "p"
   ]
  },
  {
   "kind": "counts",
   "pattern": "((?:w[irv]*|[b()])*?)([it])[(]([endui])[)]o([it])[vrw;]*([it])[(]([endui])[)]o([it])[)]*(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))?(?:[(]?[)])*",
   "fields": [
    "label",
    "n_1",
    "pct_1",
    "size_1",
    "n_2",
    "pct_2",
    "size_2",
    "p",
    "p",
    "p",
    "p"
   ]
  },
  {
   "kind": "counts",
   "pattern": "((?:w[irv]*|[b()])*?)(?:([en])[(]+)?([it])o([it])[()]*(?:([endu])[)]*)?[vrwb()]*(?:([en])[(]+)?([it])o([it])[()]*(?:(e|(?<=[(])[ndu])[)]*)?[)r]*[(]*(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))?(?:[(]?[)])*",
   "fields": [
    "label",
    "pct_1",
    "n_1",
    "size_1",
    "pct_1",
    "pct_2",
    "n_2",
    "size_2",
    "pct_2",
    "p",
    "p",
    "p",
    "p"
   ]
  },
  {
   "kind": "counts",
   "pattern": "((?:w[irv]*|[b()])*?)([it])[(]([endui])[)][vrwb]*([it])[(]([endui])[)][()]*(?:[pq][pq()]*([ndiubNa])|([dub])|(N)|q(g))?(?:[(]?[)])*",
   "fields": [
    "label",
    "n_1",
    "pct_1",
    "n_2",
    "pct_2",
    "p",
    "p",
    "p",
    "p"
   ]
  }
 ],
 "programs": [
  {
   "pattern": "(w*)([gndu])([nd])([ndu])i([ndu])([ndu])([ndu])([ndu])",
   "fields": [
    "label",
    "coef",
    "se",
    "wald",
    "p",
    "ratio",
    "lower",
    "upper"
   ],
   "agree": "exp"
  },
  {
   "pattern": "(w*)([gndu])([ndu])([nd])([gnd])([ndub])",
   "fields": [
    "label",
    "coef",
    "ratio",
    "se",
    "z",
    "p"
   ],
   "agree": "exp"
  },
  {
   "pattern": "(w*)([ndu])([nd])([gnd])([nd])([ndu])([ndu])",
   "fields": [
    "label",
    "ratio",
    "se",
    "z",
    "p",
    "lower",
    "upper"
   ],
   "agree": "z"
  }
 ],
 "unread": [
  {
   "pattern": "\\?",
   "reason": "a number is not printed as numbers are"
  },
  {
   "pattern": "t",
   "reason": "a comma may stand for thousands or for a decimal point"
  },
  {
   "pattern": "[wb()]*[it][wv;]*[it][wv;]*[it][wv;]*[it](?:[pq]?[dub])?",
   "whole": true,
   "reason": "four counts: of each group write with the event / all patients, as in 8/41 vs 2/27"
  },
  {
   "pattern": "[wb()]*[it][wv]*[it](?:[pq]?[dub])?",
   "whole": true,
   "reason": "two counts: write the sizes of the groups too, as in 8/41 vs 2/27"
  },
  {
   "pattern": "[wb()]*e[vw()]*e[()]*(?:[pq]*[dub])?[()]*",
   "whole": true,
   "reason": "two percentages: the counts are not printed"
  },
  {
   "pattern": "m[w()]*R",
   "reason": "a reference level",
   "kind": "not such a row"
  },
  {
   "pattern": "s",
   "reason": "no ratio with its interval is printed",
   "kind": "not such a row"
  },
  {
   "pattern": "[ndub][)].*r[ndub][)]",
   "reason": "two rows and one p: it is not said whose p it is"
  },
  {
   "pattern": "^[wvbieor()R]*[ndu][(c]+[ndiub]r?[ndiub][)]*$",
   "reason": "neither a measure (HR, OR, \u2026) nor a p is named: what the numbers are is not known"
  },
  {
   "pattern": "[pqN][w()]*$",
   "reason": "the name of p is there and its number is not"
  },
  {
   "pattern": "",
   "reason": "no row of a ratio or of counts was found in it"
  }
 ]
};
globalThis.SecondLookData = {
 "readings": {
  "levels": [
   0.9,
   0.95,
   0.975,
   0.98,
   0.99,
   0.995,
   0.999
  ],
  "wald prior": 0.9,
  "other level prior": 0.004,
  "mixture prior": 0.003,
  "slip": 0.02,
  "any number": 0.05,
  "unknown prior": 0.005,
  "unknown row": 0.002,
  "accuse below": 0.05,
  "query below": 0.5,
  "named above": 0.95,
  "slack": 1.5,
  "skew per root event": [
   0.3,
   0.8
  ],
  "by hand": [
   0.005,
   0.015
  ],
  "ties": 0.03,
  "off centre": 0.3,
  "cells": 12,
  "comparisons": [
   1.5,
   2,
   3,
   4,
   6,
   8,
   11,
   15,
   21,
   30,
   50
  ],
  "readings": [
   {
    "key": "wald",
    "interval": "wald",
    "p_of": "wald",
    "prior": 0.9,
    "says": "Wald interval and Wald p, rounded"
   },
   {
    "key": "cut",
    "interval": "wald",
    "p_of": "wald",
    "digits": "cut",
    "prior": 0.01,
    "says": "Wald interval and Wald p, further digits cut off"
   },
   {
    "key": "some-cut",
    "interval": "wald",
    "p_of": "wald",
    "digits": "some cut",
    "prior": 0.005,
    "says": "Wald interval and Wald p, further digits of some cut off"
   },
   {
    "key": "one-sided",
    "interval": "wald",
    "p_of": "wald",
    "sides": 1,
    "prior": 0.01,
    "says": "Wald interval and one-sided Wald p"
   },
   {
    "key": "wald-lr",
    "interval": "wald",
    "p_of": "lr",
    "prior": 0.03,
    "says": "Wald interval and p of the likelihood-ratio test"
   },
   {
    "key": "wald-score",
    "interval": "wald",
    "p_of": "score",
    "prior": 0.03,
    "says": "Wald interval and p of the score, log-rank or chi-square test"
   },
   {
    "key": "wald-exact",
    "interval": "wald",
    "p_of": "exact",
    "prior": 0.01,
    "says": "Wald interval and p of an exact or continuity-corrected test"
   },
   {
    "key": "profile",
    "interval": "profile",
    "p_of": "wald",
    "prior": 0.03,
    "says": "profile-likelihood (or score) interval and Wald p"
   },
   {
    "key": "profile-lr",
    "interval": "profile",
    "p_of": "lr",
    "prior": 0.03,
    "says": "profile-likelihood interval and p of the likelihood-ratio test"
   },
   {
    "key": "profile-score",
    "interval": "profile",
    "p_of": "score",
    "prior": 0.01,
    "says": "score interval and p of the score or chi-square test"
   },
   {
    "key": "simultaneous",
    "interval": "simultaneous",
    "p_of": "wald",
    "prior": 0.005,
    "says": "simultaneous interval and unadjusted p"
   },
   {
    "key": "simultaneous-adjusted",
    "interval": "simultaneous",
    "p_of": "adjusted",
    "prior": 0.005,
    "says": "simultaneous interval and adjusted p"
   },
   {
    "key": "free",
    "interval": "free",
    "p_of": "wald",
    "prior": 0.01,
    "says": "bootstrap or exact interval and Wald p"
   },
   {
    "key": "free-exact",
    "interval": "free",
    "p_of": "exact",
    "prior": 0.01,
    "says": "exact or bootstrap interval and p of an exact or other test"
   }
  ],
  "kinds of interval": {
   "wald": "wald",
   "profile": "profile",
   "score": "profile",
   "exact": "free",
   "mid-p": "free",
   "bootstrap": "free",
   "simultaneous": "simultaneous"
  },
  "kinds of p": {
   "wald": "wald",
   "lr": "lr",
   "score": "score",
   "logrank": "score",
   "chi2": "score",
   "fisher": "exact",
   "exact": "exact",
   "mid-p": "exact",
   "adjusted": "adjusted"
  },
  "no such measure": [
   "difference",
   "md",
   "smd",
   "wmd",
   "rd",
   "arr",
   "beta",
   "coefficient",
   "mean",
   "correlation"
  ],
  "no such interval": [
   "credible",
   "iqr",
   "range",
   "se",
   "sd",
   "prediction"
  ],
  "no such p": [
   "trend",
   "interaction",
   "overall",
   "heterogeneity",
   "noninferiority"
  ]
 },
 "accidents": [
  {
   "places": 1,
   "entries": 1,
   "rows": 1000,
   "unique": [
    350,
    19
   ]
  },
  {
   "places": 1,
   "entries": 2,
   "rows": 1000,
   "unique": [
    184,
    49
   ]
  },
  {
   "places": 1,
   "entries": 3,
   "rows": 1000,
   "unique": [
    160,
    60
   ]
  },
  {
   "places": 2,
   "entries": 1,
   "rows": 1000,
   "unique": [
    138,
    238
   ]
  },
  {
   "places": 2,
   "entries": 2,
   "rows": 1000,
   "unique": [
    12,
    163
   ]
  },
  {
   "places": 2,
   "entries": 3,
   "rows": 1000,
   "unique": [
    14,
    142
   ]
  },
  {
   "places": 3,
   "entries": 1,
   "rows": 1000,
   "unique": [
    33,
    140
   ]
  },
  {
   "places": 3,
   "entries": 2,
   "rows": 1000,
   "unique": [
    1,
    15
   ]
  },
  {
   "places": 3,
   "entries": 3,
   "rows": 1000,
   "unique": [
    0,
    16
   ]
  }
 ]
};
