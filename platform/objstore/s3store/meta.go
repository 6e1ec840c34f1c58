package s3store

import (
	"maps"
	"net/http"
	"strings"

	"elkjopcloud/platform/objstore"
)

const metaHeader = "x-amz-meta-"

// escapeMeta returns the headers that carry meta.
func escapeMeta(meta map[string]string) map[string]string {
	escaped := make(map[string]string, len(meta))
	for name, value := range meta {
		escaped[metaHeader+name] = objstore.EscapeValue(value)
	}
	return escaped
}

// metaOf reads the metadata of an answer; nil when there is none.
func metaOf(h http.Header) map[string]string {
	var meta map[string]string
	for name, values := range h {
		name, ok := strings.CutPrefix(strings.ToLower(name), metaHeader)
		if !ok || len(values) == 0 {
			continue
		}
		if meta == nil {
			meta = map[string]string{}
		}
		meta[name] = objstore.UnescapeValue(values[0])
	}
	return meta
}

// cloneMeta gives the caller a map of its own; nil when it is empty.
func cloneMeta(meta map[string]string) map[string]string {
	if len(meta) == 0 {
		return nil
	}
	return maps.Clone(meta)
}
