// Package disclosure is the room between the store and all that leaves the
// house: it decides which figures are withheld, and withholds them where tables,
// exports and questions read, so that one figure is treated alike in every
// table, format and language.
//
// The rule is data (policy.yaml, and disclosure.yaml of a workspace). The cells
// of one State, indicator and year are protected together: all sources,
// breakdowns and periods, whether a table shows them or not. So what is withheld
// does not depend on what is asked. Sums over States never take in a withheld
// figure (reports/table), and give nothing away.
//
// Primary: counts of persons under the threshold; zeros that would tell an
// attribute of every member of a small group; the rates of withheld counts.
// Secondary: package suppress. What was withheld by the reporter stays a range,
// and is protected from being narrowed to less than the policy's width. Primary
// and secondary look alike: OBS_STATUS Q, CONF_STATUS C, and the sign c in print.
//
// Case rows have rules of their own (package microdata; key microdata of the
// policy).
//
// The attacker that checks the result (package audit) shares no code with this. It
// goes at each group before it is let out (attack.go), and more is withheld where it
// finds anything: so far only where a reporter censored parts of a total of zero that
// it does not print. property_test.go has it go at a thousand random tables,
// earlier_test.go at tables that were published and then revised; loss_test.go holds
// what is lost against the best of all choices.
//
// Limits: a figure that an earlier pack printed, and that was revised into a small one,
// is withheld; an audit of both packs then says that it can be told, since it takes the
// older figure for it. What revisions tell of older figures is found by that audit
// alone, and not before.
package disclosure
