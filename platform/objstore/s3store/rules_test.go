package s3store_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/s3store"
)

// TestHarmfulRule has a server that answers with rules, as S3 writes them.
func TestHarmfulRule(t *testing.T) {
	const none = `<Error><Code>NoSuchLifecycleConfiguration</Code><Message>none</Message></Error>`
	rule := func(inner string) string {
		return `<LifecycleConfiguration><Rule><ID>clean up</ID><Status>Enabled</Status>` + inner + `</Rule></LifecycleConfiguration>`
	}
	for name, c := range map[string]struct {
		status int
		answer string
		want   string
		kind   objstore.Kind
	}{
		"none":           {404, none, "", 0},
		"not known":      {501, `<Error><Code>NotImplemented</Code><Message>no</Message></Error>`, "", 0},
		"no right":       {403, `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`, "", objstore.Denied},
		"after 30 days":  {200, rule(`<Expiration><Days>30</Days></Expiration>`), "clean up", 0},
		"on a day":       {200, rule(`<Filter><Prefix></Prefix></Filter><Expiration><Date>2027-01-01T00:00:00Z</Date></Expiration>`), "clean up", 0},
		"to the glacier": {200, rule(`<Transition><Days>90</Days><StorageClass>GLACIER</StorageClass></Transition>`), "clean up", 0},
		"to cheaper":     {200, rule(`<Transition><Days>90</Days><StorageClass>STANDARD_IA</StorageClass></Transition>`), "", 0},
		"ours":           {200, rule(`<Filter><Prefix>family/photos/</Prefix></Filter><Expiration><Days>1</Days></Expiration>`), "clean up", 0},
		"above ours":     {200, rule(`<Prefix>fam</Prefix><Expiration><Days>1</Days></Expiration>`), "clean up", 0},
		"beside ours":    {200, rule(`<Filter><And><Prefix>logs/</Prefix></And></Filter><Expiration><Days>1</Days></Expiration>`), "", 0},
		"of a tag":       {200, rule(`<Filter><Tag><Key>old</Key><Value>yes</Value></Tag></Filter><Expiration><Days>1</Days></Expiration>`), "", 0},
		"of old uploads": {200, rule(`<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>`), "", 0},
		"of versions":    {200, rule(`<NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays></NoncurrentVersionExpiration>`), "", 0},
		"of markers":     {200, rule(`<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>`), "", 0},
		"switched off":   {200, `<LifecycleConfiguration><Rule><Status>Disabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>`, "", 0},
		"without a name": {200, `<LifecycleConfiguration><Rule><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>`, "without a name", 0},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, ok := r.URL.Query()["lifecycle"]; !ok || r.Method != http.MethodGet {
					t.Errorf("%s %s", r.Method, r.URL)
				}
				w.Header().Set("Content-Type", "application/xml")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.answer)
			}))
			defer srv.Close()
			got, err := open(t, srv.URL, func(o *s3store.Options) { o.Prefix = "family/" }).HarmfulRule(t.Context())
			if got != c.want || objstore.KindOf(err) != c.kind {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}
