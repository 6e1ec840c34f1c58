package space

// How long what was thrown away and what was replaced is kept where the space says nothing else.
const (
	DefaultKeepDays     = 30
	DefaultKeepVersions = 5
)
