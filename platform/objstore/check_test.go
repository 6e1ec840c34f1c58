package objstore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"

	"elkjopcloud/platform/objstore"
)

func TestEscapeValue(t *testing.T) {
	for value, want := range map[string]string{
		"":               "%",
		"1732312345.123": "1732312345.123",
		"a b/c":          "a%20b/c",
		"100%":           "100%25",
		"Påske":          "P%C3%A5ske",
		"日本":             "%_5pel5pys",
		"=?UTF-8?Q?a?=":  "%3D%3FUTF-8%3FQ%3Fa%3F%3D",
	} {
		if got := objstore.EscapeValue(value); got != want || objstore.UnescapeValue(got) != value {
			t.Errorf("%q became %q, then %q", value, got, objstore.UnescapeValue(got))
		}
	}
	for _, foreign := range []string{"100%", "%zz", "50 % off", "%_!", "plain text", "%_"} {
		if got := objstore.UnescapeValue(foreign); got != foreign && foreign != "%_" {
			t.Errorf("a plain %q became %q", foreign, got)
		}
	}
}

func TestEscapeValueRoundTrip(t *testing.T) {
	if err := quick.Check(func(value string) bool {
		escaped := objstore.EscapeValue(value)
		return !utf8.ValidString(value) || objstore.UnescapeValue(escaped) == value && strings.Trim(escaped, " ") == escaped && escaped != ""
	}, &quick.Config{MaxCount: 2000}); err != nil {
		t.Error(err)
	}
}

func TestRewind(t *testing.T) {
	body := strings.NewReader("0123456789")
	for _, c := range []struct {
		size int64
		want string
		err  error
	}{{10, "0123456789", nil}, {4, "0123", nil}, {0, "", nil}, {11, "0123456789", io.ErrUnexpectedEOF}} {
		r, err := objstore.Rewind(body, c.size)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if string(data) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%d bytes: %q, %v", c.size, data, err)
		}
	}
	if _, err := objstore.Rewind(body, -1); err == nil {
		t.Error("a negative size passed")
	}
	if r, err := objstore.Rewind(nil, 0); err != nil || r == nil {
		t.Errorf("a nil body: %v", err)
	}
}

func TestErrors(t *testing.T) {
	cause := errors.New("cause")
	err := fmt.Errorf("upload: %w", objstore.Errorf(objstore.Full, objstore.OpPut, "a/b", "%w", cause))
	if objstore.KindOf(err) != objstore.Full || !errors.Is(err, cause) || err.Error() != "upload: put a/b: cause" {
		t.Errorf("%v, kind %v", err, objstore.KindOf(err))
	}
	if text := objstore.Errorf(objstore.NoBucket, objstore.OpList, "", "gone").Error(); text != "list: gone" {
		t.Errorf("%q", text)
	}
	if objstore.KindOf(nil) != objstore.Other || objstore.Temporary(err) || !objstore.Temporary(context.DeadlineExceeded) {
		t.Error("kinds of other errors")
	}
	for k := objstore.Other; k <= objstore.Damaged; k++ {
		if strings.HasPrefix(k.String(), "kind-") {
			t.Errorf("kind %d has no name", k)
		}
	}
}
