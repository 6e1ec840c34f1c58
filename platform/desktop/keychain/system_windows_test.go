package keychain

import (
	"errors"
	"strings"
	"testing"
)

func TestCredentialManager(t *testing.T) {
	roundTrip(t, System())
	if err := Probe(t.Context(), System(), "elkjopcloud-test"); err != nil {
		t.Error(err)
	}
	if err := System().Store(t.Context(), "elkjopcloud-test", "big", strings.Repeat("x", 3000)); !errors.Is(err, ErrTooBig) {
		t.Errorf("Store = %v, want ErrTooBig", err)
	}
}
