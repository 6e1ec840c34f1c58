package app

// Problem is an error in words for people: what happened, where, and what to do.
type Problem struct {
	Code    string `json:"code"` // one of the Code constants here or of sync/engine
	Path    string `json:"path"`
	Message string `json:"message"`
	Action  string `json:"action"`
	Err     error  `json:"-"`
}

// Codes of problems beside those of sync/engine.
const (
	CodeNotSetUp        = "not-set-up"
	CodeWrongUse        = "wrong-use"
	CodeAnotherInstance = "another-instance"
	CodeGuard           = "guard"
	CodeCanceled        = "canceled"
	CodeTooEarly        = "too-early"     // the histories do not reach back to the time asked for
	CodeSetAside        = "database-lost" // the database was damaged and is made anew
)

// Error gives the words.
func (p *Problem) Error() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Unwrap returns the technical cause.
func (p *Problem) Unwrap() error { return p.Err }

func notSetUp() *Problem {
	return &Problem{Code: CodeNotSetUp, Message: "This computer is not connected to any storage yet.", Action: "Connect it first: elkjop connect folder DIR, or elkjop connect s3."}
}
