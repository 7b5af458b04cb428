// Package disclosure is the room between the store and all that leaves the
// house: it decides which figures are withheld, and withholds them where tables,
// exports and questions read, so that one figure is treated alike in every
// table, format and language.
//
// The rule is data (policy.yaml, and disclosure.yaml of a workspace). The cells
// of one State, indicator and year are protected together: all sources, layouts,
// breakdowns, periods and status of victims, whether a table shows them or not. So
// what is withheld does not depend on what is asked. Sums over States never take in a withheld
// figure (reports/table), and give nothing away.
//
// Primary: counts of persons under the threshold; zeros that would tell an
// attribute of every member of a small group; small counts that a total has beyond its
// printed parts, which are cells that nobody printed (sums.go; those along several
// dimensions are found by the attacker); the rates of withheld
// counts; parts of a year. What one indicator counts of the persons of another is taken
// for the same where the totals are (among.go).
// Secondary: package suppress. What was withheld by the reporter stays a range,
// and is protected from being narrowed to less than the policy's width. Primary
// and secondary look alike: OBS_STATUS Q, CONF_STATUS C, and the sign c in print.
//
// Or figures are not withheld but rounded (Round, package rounding): those of all
// vintages, to multiples of 3 or 5, by a secret of the workspace (LoadKey). A figure
// is then drawn by what it is, State, indicator, period and codes of breakdown, and
// not by who says it or counts in what unit: two series that tell the same number
// of the same thing would else be two draws, and a newer vintage a third. SDMX has
// no code for it: of CL_OBS_STATUS the nearest, E, would say that nobody counted,
// and of CL_CONF_STATUS all but F that the figure is not free. So the status stays,
// CONF_STATUS is F, and COMMENT_OBS and a column of the csv say "rounded". Bounds
// are rounded outwards; those that a reporter told of what it withheld stay. Rates
// that a source gives of a count are withheld, since whoever knows the population
// has the count; tables make their own of rounded figures. Remarks of senders are
// left out, and so are the texts of cells.
// Case rows have rules of their own (package microdata; key microdata of the
// policy).
//
// The attacker that checks the result (package audit) shares no code with this but the
// solver. It goes at each group before it is let out (attack.go), and more is withheld
// where it finds anything: mostly where tables lack parts, of which package suppress sees
// less than an outsider. oracle_test.go holds both against the plainest reckoning there is.
// property_test.go has it go at a thousand random tables,
// earlier_test.go at tables that were published and then revised; loss_test.go holds
// what is lost against the best of all choices.
//
// What any command showed is kept with the decisions (shown.go), and is reckoned with
// when newer files come in; packs that are named (Options.Earlier) are what was published
// for certain.
//
// Limits: figures of different agencies or counting units are not added up, nor those of
// different bodies that identified victims, nor budget years and their months. A figure that an earlier pack printed, and that was
// revised into a small one, is withheld; an audit of both packs takes the older figure for
// it, and is told by the store that it is wrong (audit.Mistaken). What revisions tell of older figures is found by that audit
// alone, and not before.
package disclosure
