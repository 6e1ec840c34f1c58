package objstore

// The names of the operations, as they appear in errors, logs, counters and fault policies.
const (
	OpPut         = "put"
	OpGet         = "get"
	OpHead        = "head"
	OpList        = "list"
	OpDelete      = "delete"
	OpCopy        = "copy"
	OpNewUpload   = "new-upload"
	OpPutPart     = "put-part"
	OpListParts   = "list-parts"
	OpComplete    = "complete"
	OpAbort       = "abort"
	OpListUploads = "list-uploads"
)

// Limits that every store keeps.
const (
	MaxKey      = 900     // bytes of a key
	MaxSegment  = 200     // bytes of one segment of a key
	MaxMeta     = 2 << 10 // bytes of all metadata as headers: names with "x-amz-meta-" and values as EscapeValue writes them
	MaxPart     = 10000   // highest part number
	MinPart     = 5 << 20 // bytes of every part but the last
	DefaultPage = 1000    // objects in a List answer when no limit is given
)
