package layout_test

import (
	"testing"
	"time"
)

func TestTreaties(t *testing.T) {
	ls := builtin(t)
	const head = "Participant,Signature,\"Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)\"\n"
	file := head + "Honduras,,1 Apr 2008 a\nNicaragua,,12 Oct 2004 a\nGuyana,,14 Sep 2004 a\nBelize,,26 Sep 2003 a\n" +
		"Finland,12 Dec 2000,7 Sep 2006 A\nSweden,12 Dec 2000,1 Jul 2004 AA\nMontenegro,,23 Oct 2006 d\n" +
		"Brazil,12 Dec 2000,29 Jan 2004\nPeru,,23 Jan 2002\nBarbados,26 Sep 2001,\nCuba,,\nPanama,2 Dec 2000,3 Feb 2004 X\nChile,8 August 2002,29 Nov 2004\u00a0a\n"
	g := readAll(t, ls, "in.csv", []byte(file))
	same(t, "layout", "untc-tip-protocol", g.Layout.ID)
	same(t, "actions", list("HND ACCESSION 2008-04-01", "NIC ACCESSION 2004-10-12", "GUY ACCESSION 2004-09-14", "BLZ ACCESSION 2003-09-26",
		"FIN SIGNATURE 2000-12-12", "FIN ACCEPTANCE 2006-09-07", "SWE SIGNATURE 2000-12-12", "SWE APPROVAL 2004-07-01", "MNE SUCCESSION 2006-10-23",
		"BRA SIGNATURE 2000-12-12", "BRA RATIFICATION 2004-01-29", "PER CONSENT_U 2002-01-23", "BRB SIGNATURE 2001-09-26",
		"PAN SIGNATURE 2000-12-02", "CHL ACCESSION 2004-11-29"), g.pick("REF_AREA", "ACTION", "ACTION_DATE"))
	same(t, "findings", list(`TIP-V016 C10 "23 Jan 2002"`, `TIP-V003 B12`, `TIP-V015 C13 "X" → A, AA, a, d`, `TIP-V010 B14 "8 August 2002" → D MMM YYYY`), brief(g.Findings))
	same(t, "newest action", "2008-04-01", g.LastAction.Format(time.DateOnly))
	same(t, "accounts", list("10 observation", "1 refused TIP-V003", "1 refused TIP-V010", "1 refused TIP-V015"), g.accounts())
}

const treaty = `id: treaty
version: 1.0.0
title: {en: Treaty}
agency: SAMPLE
record: treaties
rows: treaty
instrument: UNTOC
match: {header: [State, Consent, Signed]}
columns:
  - {header: State, concept: REF_AREA}
  - {header: Consent, treaty: {action: RATIFICATION, unsigned: CONSENT_U}}
  - {header: Signed, treaty: {action: SIGNATURE}}
`

// The signature is known before the consent, whatever the order of the columns.
func TestTreatyColumnOrder(t *testing.T) {
	g := read(t, parse(t, treaty), "State,Consent,Signed\nHND,2003-12-02,2000-12-14\nPER,2002-01-23,\n")
	same(t, "actions", list("HND SIGNATURE C2", "HND RATIFICATION B2", "PER CONSENT_U B3"), g.pick("REF_AREA", "ACTION", "cell"))
	same(t, "findings", list(`TIP-V016 B3 "2002-01-23"`), brief(g.Findings))
}

func TestTreatyWithoutItsColumns(t *testing.T) {
	l := parse(t, replace(treaty, "[State, Consent, Signed]", "[State]"))
	g := read(t, l, "State,Note\nHND,x\n")
	same(t, "findings", list(`TIP-L002 A1 "treaty" → Consent`, `TIP-L002 A1 "treaty" → Signed`, `TIP-L004 B1 "Note"`, `TIP-V003 A2`), brief(g.Findings))
	same(t, "accounts", list("1 refused TIP-V003"), g.accounts())
}

// TestHeadingOfAName: a heading that is not read is not quoted where it holds a name.
func TestHeadingOfAName(t *testing.T) {
	for heading, want := range map[string]string{
		"Exploitation (J. Baptiste)": "…", "Yesenia": "…", "Entrevista de Zelaya": "…",
		"Exploitation (autre)": "Exploitation (autre)", "San José": "San José", "Trata laboral": "Trata laboral", "Dominica": "Dominica", "Julio": "Julio", "xyz": "xyz",
	} {
		g := read(t, parse(t, treaty), "State,Consent,Signed,"+heading+"\nHND,2003-12-02,2000-12-14,x\n")
		same(t, heading, list(`TIP-L004 D1 "`+want+`"`), brief(g.Findings))
	}
}

func TestTreatyWithoutState(t *testing.T) {
	l := parse(t, replace(treaty, "concept: REF_AREA", "ignore: not here"))
	g := read(t, l, "State,Consent,Signed\nHND,2003-12-02,2000-12-14\n")
	same(t, "records", 0, len(g.records))
	same(t, "findings", list("TIP-V019 A2 → REF_AREA"), brief(g.Findings))
}
