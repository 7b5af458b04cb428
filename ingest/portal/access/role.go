package access

import (
	"slices"

	"golang.org/x/text/language"

	"github.com/oas/tipstat/transform/record"
)

// Role is what an account is for.
type Role string

// The roles.
const (
	Ministry      Role = "ministry"      // of one State: its own submissions
	Statistician  Role = "statistician"  // all submissions, and what becomes of them
	Organizer     Role = "organizer"     // tables, nothing that is not published
	Administrator Role = "administrator" // accounts and the log, no submissions
)

// Roles gives all roles.
func Roles() []Role { return []Role{Ministry, Statistician, Organizer, Administrator} }

// Action is something that a role may or may not do.
type Action string

// The actions. Those up to MapValues are about one State.
const (
	GetTemplate    Action = "get-template"    // this year's template of a State
	Upload         Action = "upload"          // send a file, answer its warnings
	SeeSubmission  Action = "see-submission"  // receipts, findings, history and revisions of a State
	Decide         Action = "decide"          // accept, refuse, withdraw
	MapValues      Action = "map-values"      // layouts, and values that have no code yet
	SeeCollection  Action = "see-collection"  // who has sent what; reminders
	SeeTables      Action = "see-tables"      // what passed disclosure control
	IssueToken     Action = "issue-token"     // an API token of one's own
	ManageOwn      Action = "manage-own"      // one's own password, codes, sessions
	ManageAccounts Action = "manage-accounts" // invite, disable, reset
	ReadAudit      Action = "read-audit"      // the audit log
)

// reach is how far a role may do an action.
type reach int

const (
	none  reach = iota
	own         // for the account's own State
	every       // for every State, or where it is about none
)

// policy is the whole of it. What is not here may not be done.
var policy = map[Action]map[Role]reach{
	GetTemplate:    {Ministry: own, Statistician: every},
	Upload:         {Ministry: own, Statistician: every},
	SeeSubmission:  {Ministry: own, Statistician: every},
	Decide:         {Statistician: every},
	MapValues:      {Statistician: every},
	SeeCollection:  {Statistician: every},
	SeeTables:      {Ministry: every, Statistician: every, Organizer: every, Administrator: every},
	IssueToken:     {Ministry: every, Statistician: every},
	ManageOwn:      {Ministry: every, Statistician: every, Organizer: every, Administrator: every},
	ManageAccounts: {Administrator: every},
	ReadAudit:      {Administrator: every},
}

// May tells whether a role may do an action at all; for which State is asked of the
// account, see [Account.May].
func (r Role) May(action Action) bool { return policy[action][r] != none }

// May tells whether an account may do an action for a State; refArea is empty where the
// action is about none. A ministry may nothing for another State, nor for all of them.
func (a Account) May(action Action, refArea string) bool {
	switch policy[action][a.Role] {
	case every:
		return !a.Disabled
	case own:
		return !a.Disabled && refArea != "" && refArea == a.RefArea
	}
	return false
}

// byToken is what a machine may do with an API token: its scope.
var byToken = []Action{Upload, SeeSubmission}

// Actor is whoever asks. The zero Actor may do nothing.
type Actor struct {
	account  Account
	session  string // its ID, where the actor came by a session
	token    string // its ID, where the actor came by an API token
	operator bool
}

// Operator is who runs the program on its machine, and holds its files: it may manage
// accounts and read the log, and so invites the first administrator.
func Operator() Actor { return Actor{operator: true} }

// Account is the account that asks; the operator has none.
func (a Actor) Account() Account { return a.account }

// May tells whether the actor may do an action for a State, see [Account.May].
func (a Actor) May(action Action, refArea string) bool {
	switch {
	case a.operator:
		return action == ManageAccounts || action == ReadAudit
	case a.account.ID == "":
		return false
	case a.token != "" && !slices.Contains(byToken, action):
		return false
	}
	return a.account.May(action, refArea)
}

// String names the actor as the audit log does.
func (a Actor) String() string {
	switch {
	case a.operator:
		return "operator"
	case a.token != "":
		return "token:" + a.token
	case a.account.ID != "":
		return "account:" + a.account.ID
	}
	return anonymous
}

const anonymous = "anonymous"

// fits tells whether role, State and language go together.
func fits(role Role, refArea, lang string) bool {
	if !slices.Contains(Roles(), role) || !slices.Contains(record.Languages, lang) {
		return false
	}
	if role != Ministry {
		return refArea == ""
	}
	region, err := language.ParseRegion(refArea)
	return err == nil && region.IsCountry() && region.ISO3() == refArea
}
