package space

import (
	"encoding/json"
	"errors"
	"fmt"

	"elkjopcloud/sync/merge"
)

// Limits of a batch: packed, unpacked, and what a writer may reach. A writer that comes near them splits.
const (
	maxBatchObject = 64 << 20
	maxBatch       = 64 << 20
	maxWritten     = 48 << 20
	maxTime        = 1 << 48 // milliseconds since 1970; a batch beyond it would spoil the clock of all others
)

// ErrTooBig says that a batch holds more than readers take; split it.
var ErrTooBig = errors.New("too many operations for one batch")

type batchFile struct {
	Format int `json:"format"`
	merge.Batch
}

// EncodeBatch returns the bytes of a batch as they are stored.
func EncodeBatch(b *merge.Batch) ([]byte, error) {
	data, err := json.Marshal(batchFile{Format, *b})
	if err != nil {
		return nil, fmt.Errorf("encode batch %s: %w", b.BatchID, err)
	}
	if len(data) > maxWritten {
		return nil, ErrTooBig
	}
	return pack(data)
}

// DecodeBatch reads the bytes of the batch id: ErrDamaged when they are not it, ErrNewer when a newer program wrote them. The result has
// passed Check; its Stored is not set.
func DecodeBatch(id merge.BatchID, body []byte) (*merge.Batch, error) {
	what := "batch " + id.Device.String() + "/" + id.String()
	if len(body) > maxBatchObject {
		return nil, damaged(what, errTooLong)
	}
	data, err := unpack(body, maxBatch)
	if err != nil {
		return nil, damaged(what, err)
	}
	return parseBatch(id, what, data)
}

// parseBatch reads an unpacked batch.
func parseBatch(id merge.BatchID, what string, data []byte) (*merge.Batch, error) {
	if dense(data) {
		return nil, damaged(what, errTooLong)
	}
	var f batchFile
	if err := json.Unmarshal(data, &f); err != nil || f.Format != Format {
		return nil, unreadable(what, data, err)
	}
	return &f.Batch, checkBatch(id, &f.Batch, what)
}

// unreadable tells a newer format from damage.
func unreadable(what string, data []byte, err error) error {
	format := formatOf(data)
	if format > Format {
		return fmt.Errorf("%s: %w", what, ErrNewer)
	}
	if err == nil {
		err = fmt.Errorf("format %d", format)
	}
	return damaged(what, err)
}

// formatOf reads the format of a document whatever else is in it: what a newer program wrote may have any shape. 0 when it has none.
func formatOf(data []byte) int {
	var f struct {
		Format int `json:"format"`
	}
	if json.Unmarshal(data, &f) != nil {
		return 0
	}
	return f.Format
}

func checkBatch(id merge.BatchID, b *merge.Batch, what string) error {
	if b.BatchID != id {
		return damaged(what, fmt.Errorf("it says that it is %s/%s", b.Device, b.BatchID))
	}
	if b.Time >= maxTime {
		return damaged(what, errors.New("its time is beyond all reason"))
	}
	if err := b.Check(); err != nil {
		return damaged(what, err)
	}
	return nil
}
